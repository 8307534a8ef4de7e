import { FormatError } from '../core/errors.ts';
import { describeJson, isJsonObject } from './json.ts';

/** A text with one opinion; label 0 is negative, 1 positive. */
export interface SentihoodSentence {
  /** The sentence. */
  readonly text: string;
  /** 0 negative, 1 positive. */
  readonly label: 0 | 1;
}

const LABELS: ReadonlyMap<unknown, 0 | 1> = new Map([
  ['Negative', 0],
  ['Positive', 1],
]);

/**
 * The texts with exactly one opinion in a file of the SentiHood corpus: a JSON array of objects with `text` and `opinions`, each
 * opinion with `sentiment` Positive or Negative.
 *
 * @param value what JSON.parse gave
 * @throws FormatError naming the entry.
 * @source M. Saeidi et al., “SentiHood”, COLING 2016; the choice of texts: QLens, section 5.1.
 */
export function sentihoodSentences(value: unknown, source: string): SentihoodSentence[] {
  const fault = (field: string, must: string, found: unknown): FormatError =>
    new FormatError(
      `sentihoodSentences: ${field} in ${source} must ${must}, but it is ${describeJson(found)}. Give the JSON files of SentiHood.`,
      { source, field },
    );
  if (!Array.isArray(value)) throw fault('the top level', 'be an array of texts', value);
  const sentences: SentihoodSentence[] = [];
  for (const [i, entry] of (value as unknown[]).entries()) {
    if (!isJsonObject(entry)) throw fault(`entry ${i}`, 'be an object', entry);
    const { text, opinions } = entry;
    if (typeof text !== 'string') throw fault(`text of entry ${i}`, 'be a string', text);
    if (!Array.isArray(opinions)) throw fault(`opinions of entry ${i}`, 'be an array', opinions);
    if (opinions.length !== 1) continue;
    const opinion: unknown = opinions[0];
    if (!isJsonObject(opinion)) throw fault(`the opinion of entry ${i}`, 'be an object', opinion);
    const label = LABELS.get(opinion.sentiment);
    if (label === undefined) throw fault(`sentiment of entry ${i}`, 'be Positive or Negative', opinion.sentiment);
    if (text.trim() !== '') sentences.push({ text, label });
  }
  return sentences;
}
