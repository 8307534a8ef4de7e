import { type Fields, refuse } from './fields.ts';
import { graphemes } from './graphemes.ts';
import type { Piece } from './piece.ts';

/** Longest grapheme that is looked up whole, in bytes. */
const LONGEST = 5;
/** Characters and graphemes whose texts are kept. */
const KEPT_TEXTS = 10_000;
/** Bits of a unit of the trie: the label and its mark of a leaf; whether a leaf hangs below; the offset, and its scale. */
const [LABEL, HAS_LEAF, OFFSET_SHIFT, OFFSET_SCALE] = [0x800000ff, 1 << 8, 10, 1 << 9];

/**
 * The normaliser that SentencePiece compiles into its models: a double-array trie (Darts-clone) from bytes of UTF-8 to texts.
 * Graphemes of up to five bytes are looked up whole, longer ones character by character; the shortest entry that a text
 * begins with replaces all of it.
 *
 * @throws FormatError if the map is none.
 */
export function readPrecompiled(fields: Fields): (piece: Piece) => Piece {
  const path = fields.at('precompiled_charsmap');
  const { trie, texts } = readMap(fields.text('precompiled_charsmap'), path);
  const encoder = new TextEncoder();
  const kept = new Map<string, string | null>();

  function lookUp(text: string): string | null {
    let found = kept.get(text);
    if (found === undefined) {
      found = find(text);
      if (kept.size < KEPT_TEXTS) kept.set(text, found);
    }
    return found;
  }

  function find(text: string): string | null {
    const at = firstValue(trie, encoder.encode(text));
    if (at === null) return null;
    const end = texts.indexOf(0, at);
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(texts.subarray(at, end < 0 ? texts.length : end));
  }

  return (piece) => {
    const spelling = new Spelling();
    for (const grapheme of graphemes(piece.text)) {
      const whole = grapheme.length <= LONGEST && encoder.encode(grapheme).length <= LONGEST ? lookUp(grapheme) : null;
      if (whole !== null) spelling.put(grapheme, whole);
      else for (const character of grapheme) spelling.put(character, lookUp(character) ?? character);
    }
    return { ...piece, text: spelling.text, head: spelling.head(piece) };
  };
}

/**
 * A text and where its characters come from, as the Rust library counts: by how many characters more or fewer each stands for. What goes
 * before any character is kept goes uncounted, so that the first one kept takes the place of the first of all.
 */
class Spelling {
  text = '';
  readonly #lengths: number[] = [];
  /** Of each character: above 0 if it was added behind the one before, else minus the number of characters that go behind it. */
  readonly #changes: number[] = [];

  put(before: string, after: string): void {
    this.text += after;
    const change = -Array.from(before).length;
    const start = this.#changes.length;
    for (const character of after) {
      this.#lengths.push(character.length);
      this.#changes.push(this.#changes.length - start + change < 0 ? 0 : 1);
    }
    const gone = change + (this.#changes.length - start);
    if (gone < 0 && this.#changes.length > 0) this.#changes[this.#changes.length - 1]! += gone;
  }

  /** Code units at the front that come from the head of the piece. */
  head({ text, head }: Piece): number {
    const most = Array.from(text.slice(0, head)).length;
    let [at, after] = [0, 0];
    for (const [i, change] of this.#changes.entries()) {
      if ((change > 0 ? at - 1 : at) >= most) break;
      after += this.#lengths[i]!;
      if (change <= 0) at += 1 - change;
    }
    return most === 0 ? 0 : after;
  }
}

function readMap(base64: string, path: string): { readonly trie: Uint32Array; readonly texts: Uint8Array } {
  const bytes = fromBase64(base64) ?? refuse(path, 'be base64', 'it is not');
  const view = new DataView(bytes.buffer);
  const size = bytes.length < 4 ? 0 : view.getUint32(0, true);
  if (size % 4 !== 0 || size === 0 || size > bytes.length - 4)
    refuse(path, 'begin with the size of its trie', 'its size is none that fits');
  const trie = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
  return { trie, texts: bytes.subarray(4 + size) };
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** The value of the shortest key that some bytes begin with. */
function firstValue(trie: Uint32Array, bytes: Uint8Array): number | null {
  let node = offsetOf(trie[0]!);
  for (const byte of bytes) {
    if (byte === 0) return null;
    node ^= byte;
    const unit = trie[node];
    if (unit === undefined || (unit & LABEL) >>> 0 !== byte) return null;
    node ^= offsetOf(unit);
    if ((unit & HAS_LEAF) !== 0) return (trie[node] ?? 0) & 0x7fffffff;
  }
  return null;
}

function offsetOf(unit: number): number {
  return (unit >>> OFFSET_SHIFT) << ((unit & OFFSET_SCALE) >>> 6);
}
