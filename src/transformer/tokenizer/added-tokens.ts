import { quoteName } from '../../formats/json.ts';
import { isWhiteSpace } from './characters.ts';
import { Fields, refuse } from './fields.ts';
import type { Normalizer } from './normalizers.ts';
import { cut, type Piece, wholeText } from './piece.ts';
import { PrefixIndex } from './prefix-index.ts';
import { propertySet } from './regex/properties.ts';
import { checkTokenId, type Vocabulary } from './vocabulary.ts';

/** A token that is found in the text before anything else happens to it. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** What stands for it when ids become text: its content as the text itself would be normalised. */
  readonly spelling: string;
  readonly singleWord: boolean;
  readonly takesLeft: boolean;
  readonly takesRight: boolean;
  /** Whether it is sought in the normalised text. */
  readonly normalized: boolean;
}

/** A part of a text: a piece still to be read, or the id of an added token. */
export type Part = Piece | number;

/** added_tokens of tokenizer.json. @throws FormatError naming the entry that is wrong. */
export function readAddedTokens(
  value: readonly unknown[],
  vocabulary: Vocabulary,
  normalize: Normalizer,
): readonly AddedToken[] {
  const byId = new Map<number, AddedToken>();
  const ids = new Map<string, number>();
  let next = vocabulary.count;
  value.forEach((entry, i) => {
    const fields = new Fields(entry, `added_tokens[${i}]`);
    const [content, declared] = [fields.text('content'), checkTokenId(fields.any('id'), fields.at('id'))];
    const [singleWord, normalized] = [fields.flag('single_word'), fields.flag('normalized')];
    const [takesLeft, takesRight] = [fields.flag('lstrip'), fields.flag('rstrip')];
    fields.flag('special');
    fields.done();
    if (content === '') return;
    const id = ids.get(content) ?? vocabulary.id(content) ?? next++;
    if (id !== declared)
      refuse(fields.at('id'), `be ${id}, the id that ${quoteName(content)} gets by its place`, `it is ${declared}`);
    const spelling = normalized ? normalize(wholeText(content)).text : content;
    if (spelling === '')
      refuse(fields.at('content'), 'be left over by the normalizer', `nothing is left of ${quoteName(content)}`);
    ids.set(content, id);
    byId.set(id, { id, content, spelling, singleWord, takesLeft, takesRight, normalized });
  });
  return [...byId.values()];
}

/** Finds added tokens in texts: the leftmost, and of several there the longest. */
export class AddedTokenFinder {
  readonly #tokens: ReadonlyMap<string, AddedToken>;
  readonly #index: PrefixIndex;

  /** @throws FormatError if two tokens are spelt alike. */
  constructor(tokens: readonly AddedToken[]) {
    const bySpelling = new Map<string, AddedToken>();
    for (const token of tokens) {
      const other = bySpelling.get(token.spelling);
      if (other !== undefined)
        refuse(
          'added_tokens',
          'differ when normalised',
          `${quoteName(other.content)} and ${quoteName(token.content)} do not`,
        );
      bySpelling.set(token.spelling, token);
    }
    this.#tokens = bySpelling;
    this.#index = new PrefixIndex(bySpelling.keys());
  }

  split(piece: Piece): Part[] {
    const { text } = piece;
    const parts: Part[] = [];
    let done = 0;
    const leave = (to: number): void => {
      if (done < to) parts.push(cut(piece, done, to));
    };
    for (let at = 0; at < text.length; ) {
      const found = this.#index.longestAt(text, at);
      if (found === null) {
        at++;
        continue;
      }
      const token = this.#tokens.get(found)!;
      const [start, end] = [at, at + found.length];
      at = end;
      if (token.singleWord && (endsInWord(text, start) || beginsWithWord(text, end))) continue;
      const from = token.takesLeft ? Math.max(spacesBefore(text, start, done), done) : start;
      const to = token.takesRight ? spacesAfter(text, Math.max(end, done)) : end;
      leave(from);
      // The token before may have taken all of this one, if it is white space.
      if (from < to) parts.push(token.id);
      done = to;
    }
    leave(text.length);
    return parts;
  }
}

/** Where the white space before a place begins, not before `least`. */
function spacesBefore(text: string, end: number, least: number): number {
  let at = end;
  while (at > least && isWhiteSpace(text[at - 1]!)) at--;
  return at;
}

function spacesAfter(text: string, start: number): number {
  let at = start;
  while (at < text.length && isWhiteSpace(text[at]!)) at++;
  return at;
}

function endsInWord(text: string, end: number): boolean {
  const last = Array.from(text.slice(Math.max(end - 2, 0), end)).at(-1);
  return last !== undefined && isWordCharacter(last);
}

function beginsWithWord(text: string, start: number): boolean {
  return start < text.length && isWordCharacter(String.fromCodePoint(text.codePointAt(start)!));
}

function isWordCharacter(character: string): boolean {
  return character === '\u200C' || character === '\u200D' || propertySet('word')!.has(character.codePointAt(0)!);
}
