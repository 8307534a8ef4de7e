import { type Fields, refuse } from './fields.ts';
import type { Piece } from './piece.ts';

/** Longest grapheme that is looked up whole, in bytes. */
const LONGEST = 5;
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
  const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

  function lookUp(text: string): string | null {
    const at = firstValue(trie, encoder.encode(text));
    if (at === null) return null;
    const end = texts.indexOf(0, at);
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(texts.subarray(at, end < 0 ? texts.length : end));
  }

  return (piece) => {
    const lengths: number[] = [];
    let text = '';
    for (const { segment } of segmenter.segment(piece.text)) {
      const whole = encoder.encode(segment).length <= LONGEST ? lookUp(segment) : null;
      text += whole ?? Array.from(segment, (character) => lookUp(character) ?? character).join('');
      lengths.push(segment.length, text.length);
    }
    return { ...piece, text, head: headAfter(piece, lengths) };
  };
}

/** Code units of the new text that come from graphemes that begin with the piece's head. */
function headAfter({ head }: Piece, lengths: readonly number[]): number {
  let [at, after] = [0, 0];
  for (let i = 0; i < lengths.length && at < head; i += 2) {
    at += lengths[i]!;
    after = lengths[i + 1]!;
  }
  return after;
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
