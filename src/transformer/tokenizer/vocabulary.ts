import { describeJson, isJsonObject, quoteName } from '../../formats/json.ts';
import { checkText, isWellFormed, refuse } from './fields.ts';

/** Ids are below this: the largest vocabularies known have 262,144 tokens. */
export const MOST_IDS = 1 << 24;

/** Texts of a model's tokens and their ids, one to one. */
export class Vocabulary {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #texts = new Map<number, string>();
  /** Number of tokens as the reference counts them for the ids of added ones. */
  readonly count: number;

  constructor(ids: ReadonlyMap<string, number>, path: string, count = ids.size) {
    this.#ids = ids;
    this.count = count;
    for (const [text, id] of ids) {
      const other = this.#texts.get(id);
      if (other !== undefined)
        refuse(path, 'have one token for each id', `${quoteName(other)} and ${quoteName(text)} both have ${id}`);
      this.#texts.set(id, text);
    }
  }

  get texts(): IterableIterator<string> {
    return this.#ids.keys();
  }

  get ids(): IterableIterator<number> {
    return this.#texts.keys();
  }

  id(text: string): number | undefined {
    return this.#ids.get(text);
  }

  text(id: number): string | undefined {
    return this.#texts.get(id);
  }

  /** The tokens <0x00> … of the bytes of a text; null unless all of them are there. */
  bytes(text: string): number[] | null {
    const ids = Array.from(new TextEncoder().encode(text), (byte) =>
      this.id(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
    );
    return ids.every((id) => id !== undefined) ? ids : null;
  }
}

/** {"text": id, …}. @throws FormatError naming the entry that is wrong. */
export function readVocabulary(value: unknown, path: string): Vocabulary {
  if (!isJsonObject(value)) refuse(path, 'be an object', `it is ${describeJson(value)}`);
  const ids = new Map<string, number>();
  // There are hundreds of thousands: keys are faster than entries, and the name of a field is only made for those that need it.
  for (const text of Object.keys(value)) {
    const id = value[text];
    if (isWellFormed(text) && isTokenId(id)) ids.set(text, id);
    else ids.set(checkText(text, `${path}.${quoteName(text)}`), checkTokenId(id, `${path}.${quoteName(text)}`));
  }
  return new Vocabulary(ids, path);
}

export function checkTokenId(value: unknown, field: string): number {
  if (!isTokenId(value)) refuse(field, `be an integer in [0, ${MOST_IDS})`, `it is ${describeJson(value)}`);
  return value;
}

function isTokenId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < MOST_IDS;
}
