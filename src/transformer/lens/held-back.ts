import { LENS_SCORES } from '../../backend/contract/lens.ts';
import type { Allocator, Precision } from '../../backend/memory.ts';
import type { RandomStream } from '../../core/philox.ts';
import { shuffle } from '../../core/shuffle.ts';
import type { Model } from '../model.ts';
import type { LensPass } from './lens-pass.ts';
import type { LensRun } from './lens-run.ts';
import { predictingRows, StageRows, type TextRows } from './stage-rows.ts';
import type { ResidentTranslator } from './translate.ts';

/** One text of this many is held back, and at least one. */
const HELD_SHARE = 10;

/** How many of some texts a lens is trained on and how many are held back: a tenth, and at least one. */
export function splitOfTexts(count: number): { readonly trained: number; readonly held: number } {
  const held = Math.max(1, Math.floor(count / HELD_SHARE));
  return { trained: count - held, held };
}

/** All tokens that predict in some texts, or `most` of them drawn without replacement, in the order of the texts; texts without one are left out. */
export function drawRows(
  model: Model,
  texts: readonly (readonly number[])[],
  most: number,
  random: RandomStream,
): TextRows[] {
  const all = texts.map((ids) => ({ ids, tokens: predictingRows(model, ids) }));
  const total = all.reduce((sum, { tokens }) => sum + tokens.length, 0);
  if (total <= most) return all;
  const places = Array.from({ length: total }, (_, place) => place);
  const chosen = new Set(shuffle(places, random).slice(0, most));
  let first = 0;
  return all
    .map(({ ids, tokens }) => {
      const drawn = tokens.filter((_, i) => chosen.has(first + i));
      first += tokens.length;
      return { ids, tokens: drawn };
    })
    .filter(({ tokens }) => tokens.length > 0);
}

/** How many rows those are. */
export function countRows(texts: readonly TextRows[]): number {
  return texts.reduce((sum, { tokens }) => sum + tokens.length, 0);
}

/** Tokens of texts held back with their streams, which every look at a lens uses again. */
export class HeldBack {
  readonly #pass: LensPass;
  readonly #rows: StageRows;
  readonly #texts: readonly TextRows[];

  constructor(model: Model, pass: LensPass, precision: Precision, texts: readonly TextRows[], memory: Allocator) {
    this.#pass = pass;
    this.#texts = texts;
    this.#rows = new StageRows(model, precision, countRows(texts), memory);
  }

  /** Tokens. */
  get rows(): number {
    return countRows(this.#texts);
  }

  /** Runs the model over the texts. */
  *read(): LensRun<void> {
    let done = 0;
    for (const group of this.#rows.groups(this.#texts)) {
      this.#rows.add(group);
      done += group.length;
      yield { phase: 'read', done, total: this.#texts.length };
    }
  }

  /** Mean KL(final ‖ lens) of every stage but the last through its translator, in nats. */
  *kl(translators: readonly (ResidentTranslator | null)[]): LensRun<number[]> {
    const pass = this.#pass;
    const count = this.rows;
    const kl = translators.map(() => new Float64Array(count));
    for (let first = 0; first < count; first += pass.targets) {
      const rows = Math.min(pass.targets, count - first);
      pass.target(this.#rows.stream(this.#rows.last, first, rows), rows);
      const most = pass.stagesAtOnce(rows);
      for (let stage = 0; stage < translators.length; stage += most) {
        const some = translators.slice(stage, stage + most);
        pass.forward(
          some.map((translator, i) => ({ h: this.#rows.stream(stage + i, first, rows), translator })),
          rows,
        );
        const scores = pass.score(some.length, rows);
        for (let at = 0; at < some.length * rows; at++)
          kl[stage + Math.floor(at / rows)]![first + (at % rows)] = scores[at * LENS_SCORES.length + LENS_SCORES.kl]!;
        const share = Math.min(1, (stage + most) / translators.length);
        yield { phase: 'check', done: first + rows * share, total: count };
      }
    }
    return kl.map((values) => this.#mean(values));
  }

  /** By text, then over the texts. */
  #mean(values: Float64Array): number {
    let sum = 0;
    let first = 0;
    for (const { tokens } of this.#texts) {
      let part = 0;
      for (let r = 0; r < tokens.length; r++) part += values[first + r]!;
      sum += part;
      first += tokens.length;
    }
    return sum / values.length;
  }
}
