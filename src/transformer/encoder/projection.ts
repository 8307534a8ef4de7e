import type { RandomStream } from '../../core/philox.ts';
import type { EmbeddingTables } from './pretrained.ts';
import type { EncoderShape } from './shape.ts';

/**
 * Embedding tables of width D as an affine map R of pretrained ones of width E: word id is R e_id + b, position t is R p_t. Words
 * that the pretrained table has not (the class token) have rows of their own. R, b and those rows are what is trained, and the
 * tables are what a checkpoint holds, so that a trained model needs no map.
 */
export class Projection {
  /** R as D×E, then b, then the rows of the other words. */
  readonly parameters: Float64Array;
  readonly gradient: Float64Array;
  readonly #shape: EncoderShape;
  readonly #from: EmbeddingTables;
  readonly #known: number;
  readonly #bias: number;
  readonly #own: number;

  /** R begins uniform on ±1/√E, b and the other rows at 0. */
  constructor(shape: EncoderShape, from: EmbeddingTables, random: RandomStream) {
    const { V, D } = shape;
    const E = from.width;
    this.#shape = shape;
    this.#from = from;
    this.#known = from.words.length / E;
    this.#bias = D * E;
    this.#own = this.#bias + D;
    this.parameters = new Float64Array(this.#own + (V - this.#known) * D);
    for (let i = 0; i < this.#bias; i++) this.parameters[i] = (2 * random.next() - 1) / Math.sqrt(E);
    this.gradient = new Float64Array(this.parameters.length);
  }

  /** Writes the rows of these words and of the first positions into the tables, V×D and P×D. */
  write(ids: Iterable<number>, positions: number, words: Float64Array, places: Float64Array): void {
    const { D } = this.#shape;
    for (const id of ids) {
      const row = words.subarray(id * D, (id + 1) * D);
      if (id < this.#known) this.#image(this.#from.words, id, true, row);
      else row.set(this.parameters.subarray(this.#ownRow(id), this.#ownRow(id) + D));
    }
    for (let t = 0; t < positions; t++)
      this.#image(this.#from.positions, t, false, places.subarray(t * D, (t + 1) * D));
  }

  /** Replaces the gradient by that in R, b and the other rows, from the one in the rows that `write` wrote. */
  pull(ids: Iterable<number>, positions: number, words: Float64Array, places: Float64Array): void {
    const { D } = this.#shape;
    this.gradient.fill(0);
    for (const id of ids) {
      const row = words.subarray(id * D, (id + 1) * D);
      const at = id < this.#known ? this.#bias : this.#ownRow(id);
      for (let c = 0; c < D; c++) this.gradient[at + c]! += row[c]!;
      if (id < this.#known) this.#outer(this.#from.words, id, row);
    }
    for (let t = 0; t < positions; t++) this.#outer(this.#from.positions, t, places.subarray(t * D, (t + 1) * D));
  }

  #ownRow(id: number): number {
    return this.#own + (id - this.#known) * this.#shape.D;
  }

  #image(table: Float32Array, row: number, biased: boolean, into: Float64Array): void {
    const E = this.#from.width;
    for (let c = 0; c < into.length; c++) {
      let sum = biased ? this.parameters[this.#bias + c]! : 0;
      for (let e = 0; e < E; e++) sum += this.parameters[c * E + e]! * table[row * E + e]!;
      into[c] = sum;
    }
  }

  #outer(table: Float32Array, row: number, d: Float64Array): void {
    const E = this.#from.width;
    for (let c = 0; c < d.length; c++) {
      if (d[c] === 0) continue;
      for (let e = 0; e < E; e++) this.gradient[c * E + e]! += d[c]! * table[row * E + e]!;
    }
  }
}
