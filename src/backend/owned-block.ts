import { BackendError } from '../core/errors.ts';
import type { ArrayOf, Block, ElementKind } from './memory.ts';

/** A block that knows whether it was released: no use of it, or of a part of it, goes on in silence afterwards. */
export abstract class OwnedBlock<K extends ElementKind = ElementKind> implements Block<K> {
  readonly kind: K;
  readonly length: number;
  readonly #whole: OwnedBlock;
  /** What released the block; null while it lives. */
  #end: string | null = null;

  /** @param of the block of which this is a part; null for one that is whole. */
  constructor(kind: K, length: number, of: OwnedBlock | null) {
    this.kind = kind;
    this.length = length;
    this.#whole = of === null ? this : of.#whole;
  }

  abstract view(): ArrayOf[K];
  abstract part(start: number, length: number): Block<K>;

  get isPart(): boolean {
    return this.#whole !== this;
  }

  /** @throws BackendError once the block was released. */
  checkLives(where: string): void {
    const whole = this.#whole;
    if (whole.#end === null) return;
    throw new BackendError(
      `${where}: the block ${whole.kind}[${whole.length}] must be allocated, but it was released before, ${whole.#end}. Keep it, or allocate it from a holding that lives longer.`,
    );
  }

  /** @param how what releases it: “by release”. */
  end(how: string): void {
    this.#end = how;
  }

  /** @throws BackendError unless the part lies in the block, and the block lives. */
  protected checkPart(start: number, length: number): void {
    this.checkLives('part');
    if (start < 0 || length < 0 || start + length > this.length)
      throw new BackendError(`part: range must lie in [0, ${this.length}), but it is [${start}, ${start + length}).`);
  }
}
