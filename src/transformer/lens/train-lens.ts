import { KL_MEASURES, LENS_SCORES } from '../../backend/contract/lens.ts';
import type { Precision } from '../../backend/memory.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, NonFiniteError } from '../../core/errors.ts';
import { RandomStream } from '../../core/philox.ts';
import { shuffle } from '../../core/shuffle.ts';
import { LENS_TRAINING_DEFAULTS, PASS_DEFAULTS } from '../defaults.ts';
import type { Model } from '../model.ts';
import { LensPass, rowsAtOnce } from './lens-pass.ts';
import { eachStageRows, predictingRows } from './stage-rows.ts';
import { checkTexts } from './texts.ts';
import { type ResidentTranslator, residentTranslator } from './translate.ts';
import { type LensKind, type Translator, type TunedLens, translatedStages, zeroLens } from './tuned-lens.ts';

/** Options of `trainLens`. */
export interface TrainLensOptions {
  /** Default `affine`. */
  readonly kind?: LensKind;
  /** Steps of Adam at most; default 300. */
  readonly steps?: number;
  /** Texts of one step; default 8. */
  readonly batch?: number;
  /** Rate of the first step; it falls linearly to 0. Default 0.003. */
  readonly rate?: number;
  /** An unsigned 64-bit integer that orders the texts. Default 1. */
  readonly seed?: bigint;
  /** Steps between two looks at the texts held back; default 25. */
  readonly every?: number;
  /** Looks in a row at which no stage gains a thousandth, after which training stops; default 5. */
  readonly patience?: number;
  /** Of the passes; default f32. */
  readonly precision?: Precision;
  /** Called after every step with the mean loss of its tokens over the stages, in nats. */
  readonly onProgress?: (done: number, total: number, loss: number) => void;
  /** Called after every text: `train` counts the texts of all steps, `check` those of one look at the texts held back. */
  readonly onText?: (phase: 'train' | 'check', done: number, total: number) => void;
}

/** Mean KL(final ‖ lens) over the texts held back, per stage, in nats. */
export interface LensCheck {
  /** Steps done before it. */
  readonly step: number;
  /** Mean KL of each trained stage. */
  readonly kl: readonly number[];
}

/** A trained lens, and how training went. */
export interface LensTraining {
  /** The best translator of every stage. */
  readonly lens: TunedLens;
  /** Stages that were trained, in the order of every `kl`. */
  readonly stages: readonly string[];
  /** Texts trained on and texts held back. */
  readonly texts: { readonly trained: number; readonly held: number };
  /** Steps done; fewer than asked for if it stopped early. */
  readonly steps: number;
  /** Before the first step, where the lens is the logit lens, and at every look. */
  readonly checks: readonly LensCheck[];
  /** For each stage the check whose translator was kept: the one with the lowest KL, the first of equals. */
  readonly best: readonly number[];
}

const ADAM = { beta1: 0.9, beta2: 0.999, eps: 1e-8 } as const;
/** One text of this many is held back, and at least one. */
const HELD_SHARE = 10;
/** A smaller share of the loss does not keep training going. */
const LEAST_GAIN = 1e-3;

/** A stage's translator under training. */
interface Trainee {
  readonly parameters: ResidentTranslator;
  readonly gradient: ResidentTranslator;
  readonly moments: readonly [ResidentTranslator, ResidentTranslator];
  kept: Translator;
}

/** How many of some texts {@link trainLens} trains on and how many it holds back: a tenth, and at least one. */
export function splitOfTexts(count: number): { readonly trained: number; readonly held: number } {
  const held = Math.max(1, Math.floor(count / HELD_SHARE));
  return { trained: count - held, held };
}

/**
 * Trains a translator for every stage but the last, mid-layer stages included, to make KL(final ‖ lens) small at every token that
 * predicts in some texts: Adam from A = 0 and b = 0 with exact gradients, minibatches of whole texts in a seeded order. A tenth of the texts is
 * held back; each stage keeps the translator that did best on them, so none does worse there than the logit lens.
 *
 * @param texts token ids, at least two texts
 * @throws DomainError for texts or options out of range; CapacityError; NonFiniteError if training diverges.
 * @accuracy deterministic: the same texts, options and backend give the same bits, and the baseline core those of TypeScript.
 * @cost per token and stage 3·D·V + 2·D² products; memory for the unembedding once more and four times the translators.
 * @source N. Belrose et al., arXiv 2303.08112, §2–3; Adam: D. P. Kingma, J. Ba, arXiv 1412.6980.
 */
export function trainLens(
  model: Model,
  texts: readonly (readonly number[])[],
  options: TrainLensOptions = {},
): LensTraining {
  const defaults = LENS_TRAINING_DEFAULTS;
  const { kind = defaults.kind, seed = defaults.seed, precision = PASS_DEFAULTS.precision } = options;
  const { steps = defaults.steps, batch = defaults.batch, rate = defaults.rate } = options;
  const { every = defaults.every, patience = defaults.patience } = options;
  const { onProgress, onText } = options;
  checkTexts('trainLens', model, texts, 2);
  checkInteger('trainLens', 'steps', steps, 0);
  checkInteger('trainLens', 'batch', batch, 1);
  checkInteger('trainLens', 'every', every, 1);
  checkInteger('trainLens', 'patience', patience, 1);
  if (!(rate > 0 && rate < Infinity))
    throw new DomainError(`trainLens: rate must be positive and finite, but it is ${rate}.`);
  const random = new RandomStream(seed);
  const shuffled = shuffle(texts, random);
  const { trained: trainedCount, held: heldCount } = splitOfTexts(texts.length);
  const perStep = Math.min(batch, trainedCount);
  const held = shuffled.slice(0, heldCount);
  let queue: (readonly number[])[] = [];
  const next = (): readonly number[] => {
    if (queue.length === 0) queue = shuffle(shuffled.slice(heldCount), random);
    return queue.pop()!;
  };
  const stages = translatedStages(model);
  const start = zeroLens(model, kind);
  return model.backend.memory.scope(() => {
    const pass = new LensPass(model, precision, rowsAtOnce(model), { gradients: true });
    const trainees = stages.map((stage) => trainee(model, start.translators.get(stage)!, precision));
    const look = (step: number): LensCheck => ({ step, kl: heldLoss(model, pass, trainees, held, precision, onText) });
    const checks = [look(0)];
    const best = stages.map(() => 0);
    let done = 0;
    let idle = 0;
    const powers = [1, 1];
    while (done < steps && idle < patience) {
      const chosen = Array.from({ length: perStep }, next);
      const onPass = (k: number) => onText?.('train', done * perStep + k, steps * perStep);
      const loss = gradients(model, pass, trainees, chosen, precision, onPass);
      powers[0]! *= ADAM.beta1;
      powers[1]! *= ADAM.beta2;
      const corrections = { correction1: 1 - powers[0]!, correction2: 1 - powers[1]! };
      for (const { parameters, gradient, moments } of trainees) {
        for (const part of ['weight', 'bias'] as const) {
          const x = parameters[part];
          if (x === null) continue;
          model.backend.kernels.adamStep({
            x,
            m: moments[0][part]!,
            v: moments[1][part]!,
            g: gradient[part]!,
            n: x.length,
            ...ADAM,
            ...corrections,
            rate: rate * (1 - done / steps),
          });
        }
      }
      done++;
      onProgress?.(done, steps, loss);
      if (done % every !== 0 && done !== steps) continue;
      const check = look(done);
      checks.push(check);
      idle++;
      for (const [s, value] of check.kl.entries()) {
        const lowest = checks[best[s]!]!.kl[s]!;
        if (!(value < lowest)) continue;
        best[s] = checks.length - 1;
        trainees[s]!.kept = downloaded(trainees[s]!.parameters);
        if (value < (1 - LEAST_GAIN) * lowest) idle = 0;
      }
    }
    const translators = new Map(stages.map((stage, s) => [stage, trainees[s]!.kept]));
    return {
      lens: { ...start, translators },
      stages,
      texts: { trained: trainedCount, held: heldCount },
      steps: done,
      checks,
      best,
    };
  });
}

function trainee({ backend }: Model, from: Translator, precision: Precision): Trainee {
  const resident = () => residentTranslator(backend, from, precision);
  return { parameters: resident(), gradient: resident(), moments: [resident(), resident()], kept: from };
}

function downloaded({ weight, bias }: ResidentTranslator): Translator {
  return {
    weight: weight === null ? null : Float32Array.from(weight.view()),
    bias: Float32Array.from(bias.view()),
  };
}

/** The gradient of the mean loss over the tokens of some texts, in every trainee; returns that mean over the stages. */
function gradients(
  model: Model,
  pass: LensPass,
  trainees: readonly Trainee[],
  texts: readonly (readonly number[])[],
  precision: Precision,
  onPass: (done: number) => void,
): number {
  for (const { gradient } of trainees) {
    gradient.weight?.view().fill(0);
    gradient.bias.view().fill(0);
  }
  const tokens = texts.reduce((sum, ids) => sum + predictingRows(model, ids).length, 0);
  let loss = 0;
  eachStageRows(model, texts, precision, {
    most: pass.rows,
    use: ({ rows, streams }) => {
      pass.target(streams.at(-1)!, rows);
      for (const [s, { parameters, gradient }] of trainees.entries()) {
        pass.forward(streams[s]!, parameters, rows);
        loss += sumOfKl(pass.measure(rows, 1 / tokens), KL_MEASURES);
        pass.backward(streams[s]!, gradient, rows);
      }
    },
    done: (k) => onPass(k + 1),
  });
  return checkedLoss(loss / (tokens * trainees.length));
}

/** Mean loss of each trainee over the tokens of some texts. */
function heldLoss(
  model: Model,
  pass: LensPass,
  trainees: readonly Trainee[],
  texts: readonly (readonly number[])[],
  precision: Precision,
  onText: TrainLensOptions['onText'],
): number[] {
  const sums = trainees.map(() => 0);
  let tokens = 0;
  eachStageRows(model, texts, precision, {
    most: pass.rows,
    use: ({ rows, streams }) => {
      pass.target(streams.at(-1)!, rows);
      for (const [s, { parameters }] of trainees.entries()) {
        pass.forward(streams[s]!, parameters, rows);
        sums[s]! += sumOfKl(pass.score(rows), LENS_SCORES);
      }
      tokens += rows;
    },
    done: (k) => onText?.('check', k + 1, texts.length),
  });
  return sums.map((sum) => checkedLoss(sum / tokens));
}

function sumOfKl(numbers: Float64Array, places: typeof KL_MEASURES | typeof LENS_SCORES): number {
  let sum = 0;
  for (let at = places.kl; at < numbers.length; at += places.length) sum += numbers[at]!;
  return sum;
}

function checkedLoss(loss: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new NonFiniteError(`trainLens: the loss must stay finite, but it became ${loss}. Lower the rate.`);
}
