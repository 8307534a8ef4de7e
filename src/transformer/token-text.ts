import { BYTE_OF } from './tokenizer/byte-alphabet.ts';

/** How a vocabulary spells its pieces. */
export type Spelling =
  /** One character per byte, in GPT-2's alphabet. */
  | 'bytes'
  /** Characters, with ▁ for a space and <0x9F> for a byte (SentencePiece). */
  | 'words'
  /** As it is (added and special tokens). */
  | 'plain';

/**
 * A piece of a vocabulary as one line of text: control characters become \n, \t, \r or ⟨0x1B⟩, and bytes that do not make up
 * a character of UTF-8 become ⟨0xE2⟩.
 */
export function printablePiece(piece: string, spelling: Spelling): string {
  if (spelling === 'plain') return escapeControls(piece);
  if (spelling === 'bytes') {
    const bytes = Array.from(piece, (character) => BYTE_OF.get(character));
    return bytes.every((byte) => byte !== undefined) ? printableBytes(bytes) : escapeControls(piece);
  }
  const byte = /^<0x([0-9A-F]{2})>$/.exec(piece);
  if (byte !== null) return printableBytes([Number.parseInt(byte[1] ?? '', 16)]);
  return escapeControls(piece.replaceAll('▁', ' '));
}

function printableBytes(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes[at] ?? 0);
    const character = length === 0 ? null : decodeExactly(bytes.slice(at, at + length), length);
    text += character === null ? hexByte(bytes[at] ?? 0) : escapeControls(character);
    at += character === null ? 1 : length;
  }
  return text;
}

/** Bytes of the UTF-8 character that this byte begins; 0 if none begins so. */
function characterLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

function decodeExactly(bytes: readonly number[], length: number): string | null {
  if (bytes.length !== length) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (control) => ESCAPES.get(control) ?? escapeCode(control.charCodeAt(0)));
}

function escapeCode(code: number): string {
  return code < 0x80 ? hexByte(code) : `\\u${code.toString(16).padStart(4, '0')}`;
}

function hexByte(byte: number): string {
  return `⟨0x${byte.toString(16).toUpperCase().padStart(2, '0')}⟩`;
}
