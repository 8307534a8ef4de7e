import type { Backend } from '../../backend/backend.ts';
import { filesFolder } from '../../transformer/checkpoint/files-folder.ts';
import { encoderFiles } from '../../transformer/encoder/files.ts';
import { TOY_SHAPE } from '../../transformer/encoder/shape.ts';
import { trainEncoder } from '../../transformer/encoder/train.ts';
import { encodeWords, UNKNOWN_TOKEN, vocabularyOf } from '../../transformer/encoder/words.ts';
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
export const TOY_TRAINING = {
  batch: TRAINING.batch,
  rate: TRAINING.rate,
  wordDropout: TRAINING.dropout,
  leastWordCount: LEAST_COUNT,
  positions: POSITIONS,
} as const;

/** The experiment's model, trained, saved and opened again. */
export interface ToyModel {
  readonly model: Model;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly vocabulary: number;
  readonly loss: number | null;
  /** Token ids as the model reads a text. */
  encode(text: string): number[];
}

export async function trainToyModel(
  backend: Backend,
  { train }: SentenceSplit,
  {
    seed,
    epochs,
    onEpoch,
  }: { readonly seed: bigint; readonly epochs: number; readonly onEpoch: (done: number, total: number) => void },
): Promise<ToyModel> {
  const vocabulary = vocabularyOf(
    train.map(({ text }) => text),
    LEAST_COUNT,
  );
  const ids = new Map(vocabulary.map((word, id) => [word, id]));
  const encode = (text: string) => encodeWords(ids, text, POSITIONS);
  const trained = trainEncoder(
    { ...TOY_SHAPE, V: vocabulary.length, P: POSITIONS },
    train.map(({ text, label }) => ({ ids: encode(text), label })),
    {
      seed,
      epochs,
      batch: TRAINING.batch,
      rate: TRAINING.rate,
      wordDropout: { share: TRAINING.dropout, as: ids.get(UNKNOWN_TOKEN)! },
      onEpoch,
    },
  );
  const files = encoderFiles(trained, vocabulary, SENTIMENTS);
  const named = [...files].map(([name, bytes]) => new File([bytes as Uint8Array<ArrayBuffer>], name));
  const model = await openModel(filesFolder(`sentiment-${seed}`, named), { backend });
  return { model, files, vocabulary: vocabulary.length, loss: trained.losses.at(-1) ?? null, encode };
}

/** Share of the texts put in the right class; a tie counts for the first. */
export function accuracyOn({ model, encode }: ToyModel, sentences: readonly Sentence[]): number {
  const right = sentences.filter(({ text, label }) => {
    const { logits } = traceForward(model, encode(text), { precision: 'f64' });
    return (logits[1]! > logits[0]! ? 1 : 0) === label;
  });
  return right.length / sentences.length;
}
