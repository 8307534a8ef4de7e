import type { State } from './automaton.ts';
import { END_OF_TEXT, type Latent } from './corpus.ts';

/**
 * The tokens of the model: the 256 bytes in GPT-2's order, then the words of the corpus in code-unit order, then
 * `END_OF_TEXT`.
 */
export interface Vocabulary {
  /** How the tokenizer spells each id: one printable character per byte, 'Ġ' for the space. */
  readonly spellings: readonly string[];
  /** Id of a corpus token, such as ' bank'. */
  readonly idOf: ReadonlyMap<string, number>;
  readonly endOfText: number;
}

const SPACE = '\u0120';

/** GPT-2's 256 byte characters: the printable Latin-1 bytes as themselves, then U+0100 … for the other 68. */
function byteCharacters(): string[] {
  const codes = Array.from({ length: 256 }, (_, byte) => byte);
  const printable = codes.filter((b) => (b > 0x20 && b < 0x7f) || (b > 0xa0 && b !== 0xad));
  const others = codes.slice(0, 256 - printable.length).map((index) => 0x100 + index);
  return [...printable, ...others].map((code) => String.fromCharCode(code));
}

/** Every token that the automata of `latents` can emit, in code-unit order. */
export function corpusTokens(latents: readonly Latent[]): string[] {
  const seen = new Set<State>();
  const tokens = new Set<string>();
  const visit = (state: State): void => {
    if (seen.has(state)) return;
    seen.add(state);
    for (const { token, to } of state) {
      tokens.add(token);
      visit(to);
    }
  };
  for (const { start } of latents) visit(start);
  return [...tokens].sort();
}

/** The vocabulary of the corpus that `latents` describe; a word of one letter is its byte. */
export function buildVocabulary(latents: readonly Latent[]): Vocabulary {
  const words = corpusTokens(latents).filter((token) => token !== END_OF_TEXT);
  const spell = (word: string): string => word.replace(' ', SPACE);
  const spellings = [...new Set([...byteCharacters(), ...words.map(spell), END_OF_TEXT])];
  const ids = new Map(spellings.map((spelling, id) => [spelling, id]));
  const idOf = new Map([...words, END_OF_TEXT].map((word) => [word, ids.get(spell(word)) ?? -1]));
  return { spellings, idOf, endOfText: spellings.length - 1 };
}
