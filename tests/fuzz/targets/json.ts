import { parseJson } from '../../../src/core/json.ts';
import { parseJsonObject } from '../../../src/formats/json.ts';
import { sentihoodSentences } from '../../../src/formats/sentihood.ts';
import { mutatedJsonBytes, mutateJson } from '../mutate-json.ts';
import { target, WrongAnswer } from '../target.ts';

const SAMPLE = { a: [1, -0.5e-3, { b: 'x\n"\\', c: null }], 'd e': { f: true, g: [[], {}] }, h: '\u202e𝔘' };
const SENTENCES = [
  { text: 'a quiet street', opinions: [{ sentiment: 'Positive' }] },
  { text: 'loud', opinions: [{ sentiment: 'Negative' }] },
  { text: 'both', opinions: [] },
];

export const JSON_TARGETS = [
  target<Uint8Array>({
    name: 'json',
    weight: 8,
    make: (random) => mutatedJsonBytes(random, SAMPLE),
    read(bytes) {
      const found = parsed(() => Object.fromEntries(parseJsonObject(bytes, { where: 'f', source: 'a.json' })));
      const wanted = parsed(() => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
      if (found === undefined) return parseJsonObject(bytes, { where: 'f', source: 'a.json' });
      if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new WrongAnswer('other values than JSON.parse gives');
      parseJsonObject(bytes, { where: 'f', source: 'a.json', uniqueKeys: true });
      return parseJson(new TextDecoder().decode(bytes));
    },
  }),
  target<unknown>({
    name: 'sentihood',
    weight: 4,
    make: (random) => mutateJson(random, SENTENCES),
    read: (value) => sentihoodSentences(value, 'a.json'),
  }),
];

function parsed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
