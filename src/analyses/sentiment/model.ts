import type { Backend } from '../../backend/backend.ts';
import { filesFolder } from '../../transformer/checkpoint/files-folder.ts';
import { encoderFiles } from '../../transformer/encoder/files.ts';
import type { PretrainedEmbeddings } from '../../transformer/encoder/pretrained.ts';
import { TOY_SHAPE } from '../../transformer/encoder/shape.ts';
import { wordTokenizer } from '../../transformer/encoder/tokenizer.ts';
import { trainEncoder } from '../../transformer/encoder/train.ts';
import { UNKNOWN_ID, vocabularyOf } from '../../transformer/encoder/words.ts';
import type { Model } from '../../transformer/model.ts';
import { openModel } from '../../transformer/open-model.ts';
import { traceForward } from '../../transformer/trace.ts';
import { SENTIMENTS, type Sentence, type SentenceSplit } from './corpus.ts';

/** Tokens that are read of a text, the class token included. */
const POSITIONS = 64;
/** Times that the training texts hold a word which is to have a token of its own. */
const LEAST_COUNT = 2;
/** Adam's rate, and the share of words read as the unknown token in training. Without the latter 12 epochs learn the texts by heart. */
const TRAINING = { batch: 16, rate: 0.003, dropout: 0.3 } as const;

/** How the toy model is trained; part of every result. */
export function toyTraining(embeddings: PretrainedEmbeddings | null) {
  const { batch, rate, dropout } = TRAINING;
  const ofWords = embeddings === null ? { wordDropout: dropout, leastWordCount: LEAST_COUNT } : {};
  return { batch, rate, ...ofWords, positions: positionsFor(embeddings) };
}

function positionsFor(embeddings: PretrainedEmbeddings | null): number {
  return embeddings === null ? POSITIONS : Math.min(POSITIONS, embeddings.positions.length / embeddings.width);
}

/** The experiment's model, trained, saved and opened again. */
export interface ToyModel {
  readonly model: Model;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly vocabulary: number;
  readonly loss: number | null;
  /** Token ids as the model reads a text. */
  encode(text: string): number[];
}

export interface ToyOptions {
  readonly seed: bigint;
  readonly epochs: number;
  /** Where the embeddings start; null trains a vocabulary of words from nothing. */
  readonly embeddings: PretrainedEmbeddings | null;
  readonly onEpoch: (done: number, total: number) => void;
}

export async function trainToyModel(
  backend: Backend,
  { train }: SentenceSplit,
  { seed, epochs, embeddings, onEpoch }: ToyOptions,
): Promise<ToyModel> {
  const tokenizer = embeddings?.tokenizer ?? wordTokenizer(vocabularyOf(textsOf(train), LEAST_COUNT));
  const P = positionsFor(embeddings);
  const encode = (text: string) => tokenizer.encode(text, P);
  const { batch, rate, dropout } = TRAINING;
  const trained = trainEncoder(
    { ...TOY_SHAPE, V: tokenizer.size, P },
    train.map(({ text, label }) => ({ ids: encode(text), label })),
    {
      seed,
      epochs,
      batch,
      rate,
      ...(embeddings === null ? { wordDropout: { share: dropout, as: UNKNOWN_ID } } : { embeddings }),
      onEpoch,
    },
  );
  const files = encoderFiles(trained, tokenizer, SENTIMENTS);
  const named = [...files].map(([name, bytes]) => new File([bytes as Uint8Array<ArrayBuffer>], name));
  const model = await openModel(filesFolder(`sentiment-${seed}`, named), { backend });
  return { model, files, vocabulary: tokenizer.size, loss: trained.losses.at(-1) ?? null, encode };
}

function textsOf(sentences: readonly Sentence[]): string[] {
  return sentences.map(({ text }) => text);
}

/** Share of the texts put in the right class; a tie counts for the first. */
export function accuracyOn({ model, encode }: ToyModel, sentences: readonly Sentence[]): number {
  const right = sentences.filter(({ text, label }) => {
    const { logits } = traceForward(model, encode(text), { precision: 'f64' });
    return (logits[1]! > logits[0]! ? 1 : 0) === label;
  });
  return right.length / sentences.length;
}
