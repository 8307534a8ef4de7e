import type { RandomStream } from '../../core/philox.ts';
import { Adam } from './adam.ts';
import type { EncoderLoss } from './loss.ts';
import type { EmbeddingTables } from './pretrained.ts';
import { Projection } from './projection.ts';

/** How an encoder's parameters follow their gradient. */
export interface Descent {
  /** Called before the loss of some texts is taken. */
  prepare(texts: readonly (readonly number[])[]): void;
  /** One step down from the gradient of the mean loss of the same texts. */
  step(texts: readonly (readonly number[])[], gradient: Float64Array): void;
  /** Called once at the end. */
  finish(): void;
}

/** Every parameter by itself. */
export function freeDescent(parameters: Float64Array, rate: number): Descent {
  const adam = new Adam(parameters, rate);
  return { prepare: () => {}, step: (_, gradient) => adam.step(gradient), finish: () => {} };
}

/** The embedding tables as an affine map of pretrained ones, every other parameter by itself. Only rows that the texts read are kept up to date. */
export function projectedDescent(
  { shape, layout }: EncoderLoss,
  parameters: Float64Array,
  embeddings: EmbeddingTables,
  rate: number,
  random: RandomStream,
): Descent {
  const { V, D, P } = shape;
  const projection = new Projection(shape, embeddings, random);
  const tables = (all: Float64Array): [words: Float64Array, positions: Float64Array] => [
    all.subarray(layout.words, layout.words + V * D),
    all.subarray(layout.positions, layout.positions + P * D),
  ];
  const rest = layout.positions + P * D;
  const adam = new Adam(parameters.subarray(rest), rate);
  const adamOfMap = new Adam(projection.parameters, rate);
  const read = (texts: readonly (readonly number[])[]): [ids: Set<number>, length: number] => [
    new Set(texts.flat()),
    Math.max(...texts.map((ids) => ids.length)),
  ];
  return {
    prepare: (texts) => projection.write(...read(texts), ...tables(parameters)),
    step: (texts, gradient) => {
      projection.pull(...read(texts), ...tables(gradient));
      adam.step(gradient.subarray(rest));
      adamOfMap.step(projection.gradient);
    },
    finish: () => projection.write(Array(V).keys(), P, ...tables(parameters)),
  };
}
