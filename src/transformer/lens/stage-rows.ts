import type { Allocator, Precision, RealBlock } from '../../backend/memory.ts';
import { lensStages } from '../logit-lens.ts';
import type { Model } from '../model.ts';
import { maskedRows, predictsMasked } from '../position.ts';
import { textGroups, tokensTogether } from '../text-groups.ts';
import { activationOf, type Trace, traceTogether } from '../trace.ts';

/** Tokens of a text that predict: all; the first alone of a classifier; the masked ones of a model of masked words, where a text has some. */
export function predictingRows(model: Pick<Model, 'config' | 'maskId'>, ids: readonly number[]): readonly number[] {
  const all = Array.from(ids, (_, row) => row);
  if (model.config.causal) return all;
  if (!predictsMasked(model)) return all.slice(0, 1);
  const masked = maskedRows(model, ids);
  return masked.length > 0 ? masked : all;
}

/** Tokens of a text whose streams are looked at. */
export interface TextRows {
  readonly ids: readonly number[];
  /** Their numbers in the text. */
  readonly tokens: readonly number[];
}

/** The tokens of some texts that predict. */
export function predictingTexts(model: Model, texts: readonly (readonly number[])[]): TextRows[] {
  return texts.map((ids) => ({ ids, tokens: predictingRows(model, ids) }));
}

/** Residual streams of some tokens of some texts, in a backend's memory: at every stage of `lensStages`, in order, rows×D. */
export class StageRows {
  readonly #model: Model;
  readonly #names: readonly string[];
  readonly #precision: Precision;
  readonly #blocks: readonly RealBlock[];
  readonly #capacity: number;
  #rows = 0;

  /** Room for `capacity` rows, in the allocator's memory. */
  constructor(model: Model, precision: Precision, capacity: number, memory: Allocator = model.backend.memory) {
    this.#model = model;
    this.#names = lensStages(model.config);
    this.#precision = precision;
    this.#capacity = capacity;
    this.#blocks = this.#names.map(() => memory.allocate(precision, capacity * model.config.D) as RealBlock);
  }

  /** Rows that are there. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows there is room for yet. */
  get room(): number {
    return this.#capacity - this.#rows;
  }

  /** Forgets all rows. */
  clear(): void {
    this.#rows = 0;
  }

  /** Neighbours of some texts that are read together: each by itself, but where weights are read from files. */
  groups(texts: readonly TextRows[]): Iterable<TextRows[]> {
    return textGroups(texts, ({ ids }) => ids.length, tokensTogether(this.#model, this.#precision));
  }

  /** Runs the model over some texts together and appends some of their tokens, at most as many at a time as there is room for; `full` is called each time there is none left. */
  add(texts: readonly TextRows[], full: () => void = () => {}): void {
    const traces = traceTogether(this.#model, texts, { precision: this.#precision, keep: this.#names });
    for (const [i, trace] of traces.entries()) this.#append(trace, texts[i]!.tokens, full);
  }

  #append(trace: Trace, tokens: readonly number[], full: () => void): void {
    const { D } = this.#model.config;
    for (let first = 0; first < tokens.length; ) {
      const some = tokens.slice(first, first + this.room);
      for (const [s, name] of this.#names.entries()) {
        const [to, { data }] = [this.#blocks[s]!.view(), activationOf(trace, name)];
        for (const [r, token] of some.entries())
          to.set(data.subarray(token * D, (token + 1) * D), (this.#rows + r) * D);
      }
      this.#rows += some.length;
      first += some.length;
      if (this.room === 0) full();
    }
  }

  /** Stream of a stage, or `count` rows of it from `first` on. */
  stream(stage: number, first = 0, count = this.#rows): RealBlock {
    const { D } = this.#model.config;
    return this.#blocks[stage]!.part(first * D, count * D) as RealBlock;
  }

  /** Number of the last stage, the model's own output. */
  get last(): number {
    return this.#names.length - 1;
  }
}
