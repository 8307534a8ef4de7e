import { BYTE_OF } from './byte-alphabet.ts';
import { Fields } from './fields.ts';
import { readMetaspace } from './metaspace.ts';
import { readPattern } from './pattern.ts';
import type { Fuel } from './regex/fuel.ts';

/** Turns the texts of tokens into texts that, put together, are what they say. */
export type Decoder = (tokens: readonly string[]) => readonly string[];

type Reader = (fields: Fields, fuel: Fuel) => Decoder;

const READERS: Readonly<Record<string, Reader>> = {
  BPEDecoder: (fields) => {
    const suffix = fields.text('suffix');
    return (tokens) => tokens.map((token, i) => token.replaceAll(suffix, i === tokens.length - 1 ? '' : ' '));
  },
  ByteFallback: () => byteFallback,
  ByteLevel: byteLevel,
  Fuse: () => (tokens) => [tokens.join('')],
  Metaspace: metaspace,
  Replace: replace,
  Sequence: sequence,
  Strip: strip,
  WordPiece: wordPiece,
};

/** The decoder of tokenizer.json. @throws FormatError if it is not one of those that are known. */
export function readDecoder(value: unknown, path: string, fuel: Fuel): Decoder {
  const fields = new Fields(value, path);
  const type = fields.word('type', Object.keys(READERS));
  const decoder = READERS[type]!(fields, fuel);
  fields.done();
  return decoder;
}

function sequence(fields: Fields, fuel: Fuel): Decoder {
  const path = fields.at('decoders');
  const steps = fields.list('decoders').map((step, i) => readDecoder(step, `${path}[${i}]`, fuel));
  return (tokens) => steps.reduce((done, step) => step(done), tokens);
}

function byteLevel(fields: Fields): Decoder {
  fields.flag('add_prefix_space');
  fields.flag('trim_offsets');
  fields.flag('use_regex', true);
  const encoder = new TextEncoder();
  return (tokens) => {
    const bytes = tokens.flatMap((token) => {
      const spelt = Array.from(token, (character) => BYTE_OF.get(character));
      return spelt.every((byte) => byte !== undefined) ? spelt : [...encoder.encode(token)];
    });
    return [decodeUtf8(bytes)];
  };
}

function decodeUtf8(bytes: readonly number[]): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** Runs of tokens <0x…> become the text of their bytes, or one U+FFFD each if they are none. */
function byteFallback(tokens: readonly string[]): readonly string[] {
  const texts: string[] = [];
  let run: number[] = [];
  const flush = (): void => {
    const text = run.length === 0 ? null : wholeUtf8(run);
    texts.push(...(run.length === 0 ? [] : text === null ? run.map(() => '\uFFFD') : [text]));
    run = [];
  };
  for (const token of tokens) {
    const byte = /^<0x([0-9A-Fa-f]{2}|\+[0-9A-Fa-f])>$/.exec(token);
    if (byte !== null) {
      run.push(Number.parseInt(byte[1] ?? '', 16));
    } else {
      flush();
      texts.push(token);
    }
  }
  flush();
  return texts;
}

function wholeUtf8(bytes: readonly number[]): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

function metaspace(fields: Fields): Decoder {
  const { replacement, scheme } = readMetaspace(fields);
  return (tokens) => tokens.map((token, i) => token.replaceAll(replacement, i === 0 && scheme !== 'never' ? '' : ' '));
}

function replace(fields: Fields, fuel: Fuel): Decoder {
  const pattern = readPattern(fields.any('pattern'), fields.at('pattern'), fuel, { mayBeEmpty: false });
  const content = fields.text('content');
  return (tokens) =>
    tokens.map((token) => {
      let [text, at] = ['', 0];
      for (const [from, to] of pattern.matches(token)) {
        text += token.slice(at, from) + content;
        at = to;
      }
      return text + token.slice(at);
    });
}

function strip(fields: Fields): Decoder {
  const content = fields.character('content');
  const [start, stop] = [fields.count('start', 0), fields.count('stop', 0)];
  return (tokens) =>
    tokens.map((token) => {
      const characters = Array.from(token);
      let [from, to] = [0, characters.length];
      while (from < Math.min(start, characters.length) && characters[from] === content) from++;
      while (characters.length - to < stop && to > from && characters[to - 1] === content) to--;
      return characters.slice(from, to).join('');
    });
}

/** What a tidy text does not have, and what it has instead. */
const CLEANUPS: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

function wordPiece(fields: Fields): Decoder {
  const prefix = fields.text('prefix');
  const tidies = fields.flag('cleanup');
  return (tokens) =>
    tokens.map((token, i) => {
      const continues = token.startsWith(prefix);
      const text = i === 0 ? token : continues ? token.slice(prefix.length) : ` ${token}`;
      return tidies ? CLEANUPS.reduce((done, [from, to]) => done.replaceAll(from, to), text) : text;
    });
}
