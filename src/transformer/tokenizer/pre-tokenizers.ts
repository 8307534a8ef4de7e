import { spellBytes } from './byte-alphabet.ts';
import { isNumeric, isPunctuation, isWhiteSpace } from './characters.ts';
import { Fields } from './fields.ts';
import { readMetaspace } from './metaspace.ts';
import { readPattern, regexAt } from './pattern.ts';
import { mapCharacters, type Piece, prepend } from './piece.ts';
import type { Fuel } from './regex/fuel.ts';
import { BEHAVIORS, matchesOf, splitAt } from './split.ts';

/** Splits a piece, and may respell the parts. */
export type PreTokenizer = (piece: Piece) => Piece[];

/** How GPT-2 splits texts. @source the published encoder.py of GPT-2 */
const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
const WORDS = String.raw`[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200C\u200D]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200C\u200D\s]+`;

type Reader = (fields: Fields, fuel: Fuel) => PreTokenizer;

const READERS: Readonly<Record<string, Reader>> = {
  BertPreTokenizer: () => (piece) =>
    splitAt(piece, matchesOf(piece.text, isWhiteSpace), 'Removed').flatMap((word) =>
      splitAt(word, matchesOf(word.text, isPunctuation), 'Isolated'),
    ),
  ByteLevel: byteLevel,
  CharDelimiterSplit: charDelimiterSplit,
  Digits: digits,
  FixedLength: fixedLength,
  Metaspace: metaspace,
  Punctuation: punctuation,
  Sequence: sequence,
  Split: split,
  Whitespace: whitespace,
  WhitespaceSplit: () => (piece) => splitAt(piece, matchesOf(piece.text, isWhiteSpace), 'Removed'),
};

/** The pre_tokenizer of tokenizer.json. @throws FormatError if it is not one of those that are known. */
export function readPreTokenizer(value: unknown, path: string, fuel: Fuel): PreTokenizer {
  const fields = new Fields(value, path);
  const type = fields.word('type', Object.keys(READERS));
  const preTokenizer = READERS[type]!(fields, fuel);
  fields.done();
  return preTokenizer;
}

function sequence(fields: Fields, fuel: Fuel): PreTokenizer {
  const path = fields.at('pretokenizers');
  const steps = fields.list('pretokenizers').map((step, i) => readPreTokenizer(step, `${path}[${i}]`, fuel));
  return (piece) => steps.reduce((pieces, step) => pieces.flatMap(step), [piece]);
}

function byteLevel(fields: Fields, fuel: Fuel): PreTokenizer {
  const spaceFirst = fields.flag('add_prefix_space');
  fields.flag('trim_offsets');
  const pattern = fields.flag('use_regex', true) ? regexAt(GPT2, fields.at('use_regex'), fuel) : null;
  return (piece) => {
    const spaced = spaceFirst && !piece.text.startsWith(' ') ? prepend(piece, ' ') : piece;
    const parts = pattern === null ? [spaced] : splitAt(spaced, pattern.matches(spaced.text), 'Isolated');
    return parts.map((part) => mapCharacters(part, spellBytes));
  };
}

function charDelimiterSplit(fields: Fields): PreTokenizer {
  const delimiter = fields.character('delimiter');
  return (piece) =>
    splitAt(
      piece,
      matchesOf(piece.text, (character) => character === delimiter),
      'Removed',
    );
}

function digits(fields: Fields): PreTokenizer {
  const behavior = fields.flag('individual_digits') ? 'Isolated' : 'Contiguous';
  return (piece) => splitAt(piece, matchesOf(piece.text, isNumeric), behavior);
}

function fixedLength(fields: Fields): PreTokenizer {
  const length = fields.count('length', 1, 5);
  return (piece) => {
    const ends = matchesOf(piece.text, () => true).filter((_, i) => i % length === 0);
    return splitAt(
      piece,
      ends.map(([from], i) => [from, ends[i + 1]?.[0] ?? piece.text.length]),
      'Isolated',
    );
  };
}

function metaspace(fields: Fields): PreTokenizer {
  const { replacement, scheme, splits } = readMetaspace(fields);
  return (piece) => {
    const marked = mapCharacters(piece, (character) => (character === ' ' ? replacement : character));
    const due = scheme === 'always' || (scheme === 'first' && piece.first);
    const whole = due && !marked.text.startsWith(replacement) ? prepend(marked, replacement) : marked;
    if (!splits) return [whole];
    return splitAt(
      whole,
      matchesOf(whole.text, (character) => character === replacement),
      'MergedWithNext',
    );
  };
}

function punctuation(fields: Fields): PreTokenizer {
  const behavior = fields.word('behavior', BEHAVIORS, 'Isolated');
  return (piece) => splitAt(piece, matchesOf(piece.text, isPunctuation), behavior);
}

function split(fields: Fields, fuel: Fuel): PreTokenizer {
  const pattern = readPattern(fields.any('pattern'), fields.at('pattern'), fuel, { mayBeEmpty: true });
  const behavior = fields.word('behavior', BEHAVIORS);
  const invert = fields.flag('invert');
  return (piece) => splitAt(piece, pattern.matches(piece.text), behavior, invert);
}

/** Words in the sense of Unicode (\w of UTS 18), and runs of what is neither of a word nor white space. */
function whitespace(fields: Fields, fuel: Fuel): PreTokenizer {
  const words = regexAt(WORDS, fields.path, fuel);
  return (piece) => splitAt(piece, words.matches(piece.text), 'Removed', true);
}
