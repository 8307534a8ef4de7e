/** A prime below 2^26, so that products of two residues are exact. */
const PRIME = 67_108_859;
const EMPTY = -1;

/**
 * Finds which beginnings and ends of a text are pieces, without making strings of them: by polynomials over the code units modulo a prime, and a comparison
 * where the value is that of a piece. The point at which they are evaluated is drawn anew for every index, so that no file can make values meet.
 *
 * @source Karp and Rabin, “Efficient randomized pattern-matching algorithms”, doi:10.1147/rd.312.0249
 */
export class PieceIndex {
  readonly #pieces: readonly string[];
  readonly #point = 1 + Math.floor(Math.random() * (PRIME - 2));
  /** Value and place of each piece, at a slot that follows from the value or the next free one. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** Powers of the point. */
  readonly #powers: number[] = [1];
  /** Values of the beginnings of the text that is looked at. */
  #values = new Float64Array(64);
  #text = '';

  /** @param pieces different from one another */
  constructor(pieces: readonly string[]) {
    this.#pieces = pieces;
    const slots = 2 ** Math.ceil(Math.log2(2 * pieces.length + 2));
    this.#mask = slots - 1;
    this.#slots = new Int32Array(2 * slots).fill(EMPTY);
    pieces.forEach((piece, place) => {
      this.look(piece);
      const value = this.#values[piece.length]!;
      let slot = this.#slotOf(value);
      while (this.#slots[2 * slot] !== EMPTY) slot = (slot + 1) & this.#mask;
      this.#slots[2 * slot] = value;
      this.#slots[2 * slot + 1] = place;
    });
  }

  /** Takes the text whose beginnings and ends are asked for next. */
  look(text: string): void {
    this.#text = text;
    if (this.#values.length <= text.length) this.#values = new Float64Array(2 * text.length);
    let value = 0;
    for (let i = 0; i < text.length; i++) {
      value = residue(value * this.#point + text.charCodeAt(i) + 1);
      this.#values[i + 1] = value;
    }
  }

  /** The piece that is the text up to `at`; null if that is none. */
  begin(at: number): string | null {
    return this.#find(this.#values[at]!, at, 0);
  }

  /** The piece that is the text from `at` on; null if that is none. */
  end(at: number): string | null {
    const length = this.#text.length - at;
    while (this.#powers.length <= length) this.#powers.push(residue(this.#powers.at(-1)! * this.#point));
    const front = residue(this.#values[at]! * this.#powers[length]!);
    return this.#find(residue(this.#values[this.#text.length]! - front + PRIME), length, at);
  }

  #find(value: number, length: number, at: number): string | null {
    const slots = this.#slots;
    for (let slot = this.#slotOf(value); slots[2 * slot] !== EMPTY; slot = (slot + 1) & this.#mask) {
      if (slots[2 * slot] !== value) continue;
      const piece = this.#pieces[slots[2 * slot + 1]!]!;
      if (piece.length === length && this.#text.startsWith(piece, at)) return piece;
    }
    return null;
  }

  #slotOf(value: number): number {
    return (Math.imul(value, 0x9e3779b1) >>> 3) & this.#mask;
  }
}

/** The remainder of a non-negative integer below 2^52. The quotient is below 2^26, too small to be rounded up to the next integer. */
function residue(value: number): number {
  return value - Math.floor(value / PRIME) * PRIME;
}
