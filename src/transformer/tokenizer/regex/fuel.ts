import { CapacityError } from '../../../core/errors.ts';
import { SOURCE } from '../fields.ts';

const BASE = 1 << 24;
const PER_CHARACTER = 256;

/** Bounds the steps that the regular expressions of a tokenizer may take for one text. */
export class Fuel {
  #left = BASE;

  /** For a text of some characters: far more than any expression that suits texts needs. */
  refill(characters: number): void {
    this.#left = BASE + PER_CHARACTER * characters;
  }

  /** @throws CapacityError when all is spent. */
  burn(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) {
      throw new CapacityError(
        `encode: the regular expressions of ${SOURCE} must split the text in at most ${BASE} steps and ${PER_CHARACTER} for each character, but they need more. Their repetitions are nested; give token ids with --ids.`,
      );
    }
  }
}
