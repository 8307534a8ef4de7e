import { spellBytes } from './byte-alphabet.ts';
import {
  isControl,
  isMark,
  isNonspacingMark,
  isWhiteSpace,
  lowerCase,
  type NormalForm,
  normalForm,
} from './characters.ts';
import { Fields } from './fields.ts';
import { readPattern } from './pattern.ts';
import { characterLength, cut, mapCharacters, type Piece, prepend } from './piece.ts';
import { readPrecompiled } from './precompiled.ts';
import type { Fuel } from './regex/fuel.ts';
import type { Span } from './split.ts';

/** Respells a piece. */
export type Normalizer = (piece: Piece) => Piece;

type Reader = (fields: Fields, fuel: Fuel) => Normalizer;

const READERS: Readonly<Record<string, Reader>> = {
  BertNormalizer: bertNormalizer,
  ByteLevel: () => (piece) => mapCharacters(piece, spellBytes),
  Lowercase: () => (piece) => mapCharacters(piece, lowerCase),
  NFC: () => (piece) => inForm(piece, 'NFC'),
  NFD: () => (piece) => inForm(piece, 'NFD'),
  NFKC: () => (piece) => inForm(piece, 'NFKC'),
  NFKD: () => (piece) => inForm(piece, 'NFKD'),
  Nmt: () => (piece) => mapCharacters(piece, nmtCharacter),
  Precompiled: readPrecompiled,
  Prepend: (fields) => {
    const front = fields.text('prepend');
    return (piece) => prepend(piece, front);
  },
  Replace: replace,
  Sequence: sequence,
  Strip: strip,
  StripAccents: () => (piece) => without(piece, isMark),
};

/** The normalizer of tokenizer.json. @throws FormatError if it is not one of those that are known. */
export function readNormalizer(value: unknown, path: string, fuel: Fuel): Normalizer {
  const fields = new Fields(value, path);
  const type = fields.word('type', Object.keys(READERS));
  const normalizer = READERS[type]!(fields, fuel);
  fields.done();
  return normalizer;
}

function sequence(fields: Fields, fuel: Fuel): Normalizer {
  const path = fields.at('normalizers');
  const steps = fields.list('normalizers').map((step, i) => readNormalizer(step, `${path}[${i}]`, fuel));
  return (piece) => steps.reduce((done, step) => step(done), piece);
}

function bertNormalizer(fields: Fields): Normalizer {
  const [cleans, spaces] = [fields.flag('clean_text'), fields.flag('handle_chinese_chars')];
  const lowers = fields.flag('lowercase');
  const strips = fields.flag('strip_accents', lowers);
  return (piece) => {
    let done = piece;
    if (cleans) done = mapCharacters(done, cleanCharacter);
    if (spaces) done = mapCharacters(done, (character) => (isIdeograph(character) ? ` ${character} ` : character));
    if (strips) done = without(inForm(done, 'NFD'), isNonspacingMark);
    return lowers ? mapCharacters(done, lowerCase) : done;
  };
}

/** White space becomes a space; controls (to which U+0085 belongs) go. */
function cleanCharacter(character: string): string {
  if ('\t\n\r'.includes(character)) return ' ';
  if (character === '\uFFFD' || isControl(character)) return '';
  return isWhiteSpace(character) ? ' ' : character;
}

const IDEOGRAPHS: readonly Span[] = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
];

/** The blocks that BertNormalizer takes for Chinese (extension E only from U+2B920 on). */
function isIdeograph(character: string): boolean {
  const code = character.codePointAt(0)!;
  return IDEOGRAPHS.some(([first, last]) => code >= first && code <= last);
}

function inForm(piece: Piece, form: NormalForm): Piece {
  const text = normalForm(piece.text, form);
  if (piece.head === 0) return { ...piece, text };
  const head = normalForm(piece.text.slice(0, piece.head), form).length;
  return { ...piece, text, head: Math.min(Math.max(head, characterLength(text, 0)), text.length) };
}

const NMT_REMOVED = codes('1-8 b e-1f 7f 8f 9f');
const NMT_SPACES = codes('9 a c d 1680 200b-200f 2028 2029 2581 feff fffd');

/** Controls go, other kinds of white space become spaces (the rule of neural translation in SentencePiece). */
function nmtCharacter(character: string): string {
  if (NMT_REMOVED.test(character)) return '';
  return NMT_SPACES.test(character) ? ' ' : character;
}

/** One of some ranges of hexadecimal code points. */
function codes(ranges: string): RegExp {
  return new RegExp(`[${ranges.replace(/[0-9a-f]+/g, String.raw`\u{$&}`).replaceAll(' ', '')}]`, 'u');
}

function replace(fields: Fields, fuel: Fuel): Normalizer {
  const pattern = readPattern(fields.any('pattern'), fields.at('pattern'), fuel, { mayBeEmpty: false });
  const content = fields.text('content');
  return (piece) => {
    let [text, head, at] = ['', 0, 0];
    for (const [from, to] of [...pattern.matches(piece.text), [piece.text.length, piece.text.length] as const]) {
      text += piece.text.slice(at, from);
      if (at < piece.head) head = text.length - Math.max(from - piece.head, 0);
      if (to > from) text += content;
      if (to > from && to <= piece.head) head = text.length;
      at = to;
    }
    return { ...piece, text, head };
  };
}

function strip(fields: Fields): Normalizer {
  const [left, right] = [fields.flag('strip_left'), fields.flag('strip_right')];
  return (piece) => {
    let [from, to] = [0, piece.text.length];
    while (left && from < to && isWhiteSpace(piece.text[from]!)) from++;
    while (right && to > from && isWhiteSpace(piece.text[to - 1]!)) to--;
    return { ...cut(piece, from, to), first: piece.first };
  };
}

function without(piece: Piece, isDropped: (character: string) => boolean): Piece {
  return mapCharacters(piece, (character) => (isDropped(character) ? '' : character));
}
