import { checkInteger } from '../../core/checks.ts';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../../core/errors.ts';
import { RandomStream } from '../../core/philox.ts';
import { shuffle } from '../../core/shuffle.ts';
import { log } from '../../math/log.ts';
import { cos } from '../../math/trig.ts';
import { ENCODER_TRAINING_DEFAULTS } from '../defaults.ts';
import { checkTokenIds } from '../token-ids.ts';
import { freeDescent, projectedDescent } from './descent.ts';
import { EncoderLoss } from './loss.ts';
import type { EmbeddingTables } from './pretrained.ts';
import type { EncoderShape, ParameterLayout } from './shape.ts';

/** A text as token ids, and the number of its class. */
export interface LabelledText {
  /** Token ids, the class token first. */
  readonly ids: readonly number[];
  /** Number of its class, from 0. */
  readonly label: number;
}

/** Options of `trainEncoder`. */
export interface TrainEncoderOptions {
  /** Times every text is seen. Default 12. */
  readonly epochs?: number;
  /** Texts of one step. Default 16. */
  readonly batch?: number;
  /** Rate of Adam. Default 0.003. */
  readonly rate?: number;
  /** Share of the words of every text, the first token left out, that are read as the token `as`, drawn anew each time. Default none. */
  readonly wordDropout?: { readonly share: number; readonly as: number };
  /** Tables of a pretrained model: the encoder's become a trained affine map of them, and words beyond them have rows of their own. */
  readonly embeddings?: EmbeddingTables;
  /** An unsigned 64-bit integer: first weights and order of the texts. Default 1. */
  readonly seed?: bigint;
  /** Called after every epoch with the mean loss of its texts as they came, in nats. */
  readonly onEpoch?: (done: number, total: number, loss: number) => void;
}

/** A trained encoder, and how training went. */
export interface TrainedEncoder {
  /** Its sizes. */
  readonly shape: EncoderShape;
  /** All parameters, as `layoutOf(shape)` places them. */
  readonly parameters: Float64Array;
  /** Mean loss of each epoch, in nats. */
  readonly losses: readonly number[];
}

/** Spread of the first embeddings. */
const EMBEDDING_SPREAD = 0.1;

/**
 * Trains a post-norm encoder to tell classes apart: exact gradients of the cross entropy, minibatches in a seeded order, Adam.
 * Matrices begin uniform on ±1/√k for k inputs, embeddings normal, biases at 0, norms at 1.
 *
 * @throws DomainError for texts or options out of range; CapacityError for a text longer than P; NonFiniteError if training diverges.
 * @accuracy f64 and deterministic: the same seed gives the same bits on every machine
 * @cost about 6 flops for each weight and token of an epoch, in plain TypeScript: seconds for a thousand sentences at D = 12
 * @source the model: A. Vaswani et al., arXiv 1706.03762.
 */
export function trainEncoder(
  shape: EncoderShape,
  texts: readonly LabelledText[],
  options: TrainEncoderOptions = {},
): TrainedEncoder {
  const defaults = ENCODER_TRAINING_DEFAULTS;
  const { epochs = defaults.epochs, batch = defaults.batch, rate = defaults.rate, seed = defaults.seed } = options;
  const { wordDropout, embeddings, onEpoch } = options;
  checkInteger('trainEncoder', 'epochs', epochs, 0);
  checkInteger('trainEncoder', 'batch', batch, 1);
  if (!(rate > 0 && rate < Infinity))
    throw new DomainError(`trainEncoder: rate must be positive and finite, but it is ${rate}.`);
  checkLabelled(shape, texts);
  checkDropout(shape, wordDropout);
  if (embeddings !== undefined) checkTables(shape, embeddings);
  const loss = new EncoderLoss(shape);
  const random = new RandomStream(seed, 0n);
  const parameters = firstParameters(loss.layout, random);
  const gradient = new Float64Array(parameters.length);
  const descent =
    embeddings === undefined
      ? freeDescent(parameters, rate)
      : projectedDescent(loss, parameters, embeddings, rate, random);
  const order = new RandomStream(seed, 1n);
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const queue = shuffle(texts, order);
    let sum = 0;
    for (let first = 0; first < queue.length; first += batch) {
      const chosen = queue.slice(first, first + batch);
      const read = chosen.map(({ ids }) => (wordDropout === undefined ? ids : withDropout(ids, wordDropout, order)));
      descent.prepare(read);
      gradient.fill(0);
      for (const [i, ids] of read.entries()) {
        sum += loss.of(parameters, ids, chosen[i]!.label, 1 / chosen.length, gradient);
      }
      descent.step(read, gradient);
    }
    const mean = sum / texts.length;
    if (!Number.isFinite(mean))
      throw new NonFiniteError(`trainEncoder: the loss must stay finite, but it became ${mean}. Lower the rate.`);
    losses.push(mean);
    onEpoch?.(epoch + 1, epochs, mean);
  }
  descent.finish();
  return { shape, parameters, losses };
}

function checkLabelled({ V, P, C }: EncoderShape, texts: readonly LabelledText[]): void {
  if (texts.length === 0) throw new DomainError('trainEncoder: texts must hold at least one text, but it is empty.');
  for (const [i, { ids, label }] of texts.entries()) {
    checkTokenIds(`trainEncoder: texts[${i}]`, ids, V);
    checkInteger('trainEncoder', `label of texts[${i}]`, label, 0, C - 1);
    if (ids.length > P)
      throw new CapacityError(`trainEncoder: a text must have at most ${P} tokens, but texts[${i}] has ${ids.length}.`);
  }
}

function checkTables({ V, P }: EncoderShape, { width, words, positions }: EmbeddingTables): void {
  checkInteger('trainEncoder', 'embeddings.width', width, 1);
  for (const [name, table, least, most] of [
    ['words', words, 1, V],
    ['positions', positions, P, Infinity],
  ] as const) {
    const rows = table.length / width;
    if (Number.isInteger(rows) && rows >= least && rows <= most) continue;
    throw new ShapeError(
      `trainEncoder: embeddings.${name} must be whole rows of ${width}, ${least} to ${most} of them, but it has ${table.length} numbers.`,
    );
  }
}

type WordDropout = NonNullable<TrainEncoderOptions['wordDropout']>;

function checkDropout({ V }: EncoderShape, dropout: WordDropout | undefined): void {
  if (dropout === undefined) return;
  checkInteger('trainEncoder', 'wordDropout.as', dropout.as, 0, V - 1);
  if (dropout.share >= 0 && dropout.share < 1) return;
  throw new DomainError(`trainEncoder: wordDropout.share must lie in [0, 1), but it is ${dropout.share}.`);
}

function withDropout(ids: readonly number[], { share, as }: WordDropout, random: RandomStream): number[] {
  return ids.map((id, t) => (t > 0 && random.next() < share ? as : id));
}

function firstParameters({ tensors, length }: ParameterLayout, random: RandomStream): Float64Array {
  const parameters = new Float64Array(length);
  for (const { name, shape, offset, length: size } of tensors) {
    const part = parameters.subarray(offset, offset + size);
    if (name.startsWith('embeddings.')) for (let i = 0; i < size; i++) part[i] = EMBEDDING_SPREAD * normal(random);
    else if (shape.length === 2) {
      const bound = 1 / Math.sqrt(shape[1]!);
      for (let i = 0; i < size; i++) part[i] = bound * (2 * random.next() - 1);
    } else part.fill(name.endsWith('norm.weight') ? 1 : 0);
  }
  return parameters;
}

/** Box and Muller's first number. */
function normal(random: RandomStream): number {
  const radius = Math.sqrt(-2 * log(1 - random.next()));
  return radius * cos(2 * Math.PI * random.next());
}
