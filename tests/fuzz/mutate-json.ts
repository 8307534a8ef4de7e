import { ACTING } from '../support/acting.ts';
import { mutateBytes } from './mutate-bytes.ts';
import type { CaseRandom } from './random.ts';

const KEYS = ['__proto__', 'constructor', 'toString', 'length', '', '0', ACTING, '\ud800', 'type'];

/** Values that a field does not expect. */
function surprise(random: CaseRandom): unknown {
  const kinds: readonly (() => unknown)[] = [
    () => null,
    () => random.chance(0.5),
    () => random.pick([0, -0, 1, -1, 2, 0.5, -3.25, 7, 64, 1000, 65536]),
    () => random.pick([2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e21, 1e300, -1e308, 5e-324]),
    () => random.pick(['', ' ', 'a', '0', '-1', 'NaN', 'null', '__proto__', ACTING, '\ud800', '𝔘', '../../etc/passwd']),
    () => random.pick(['a', '(a+)+$', ACTING]).repeat(random.pick([10, 300, 3000])),
    () => [],
    () => ({}),
    () => Array.from({ length: random.pick([1, 2, 100, 2000]) }, () => random.pick([0, 'a', null])),
    () => ({ [random.pick(KEYS)]: random.pick([0, 'a', null]) }),
    () => nested(random.pick([20, 300, 2000])),
  ];
  return random.pick(kinds)();
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let k = 0; k < depth; k++) value = k % 2 === 0 ? [value] : { a: value };
  return value;
}

/** A copy of a JSON value with one to three places changed: values, keys, entries left out, doubled, swapped or moved elsewhere. */
export function mutateJson(random: CaseRandom, value: unknown): unknown {
  let changed = structuredClone(value);
  for (let left = 1 + random.below(3); left > 0; left--) changed = once(random, changed);
  return changed;
}

function once(random: CaseRandom, root: unknown): unknown {
  const holders: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const gather = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 8) return;
    for (const key of Object.keys(value).slice(0, 60)) {
      holders.push({ holder: value as Record<string, unknown>, key });
      gather((value as Record<string, unknown>)[key], depth + 1);
    }
  };
  gather(root, 0);
  if (holders.length === 0 || random.chance(0.02)) return surprise(random);
  const { holder, key } = random.pick(holders);
  const other = random.pick(holders);
  switch (random.below(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 1:
      if (Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
      else holder[random.pick(KEYS)] = holder[key];
      break;
    case 2:
      holder[key] = structuredClone(other.holder[other.key]);
      break;
    case 3:
      if (typeof holder[key] === 'number') {
        holder[key] = random.pick([-1, 2, 0.5, 1e9, -1e-9]) * (holder[key] as number) + random.pick([0, 1, -1]);
        break;
      }
      holder[key] = surprise(random);
      break;
    default:
      holder[key] = surprise(random);
  }
  return root;
}

const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  'null',
  '-',
  '1e999',
  '\ufeff',
  '\u0000',
  '"a":',
];

/** The bytes of a JSON text: of a changed value, one time in five with changes to its characters as well. */
export function mutatedJsonBytes(random: CaseRandom, value: unknown): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(mutateJson(random, value)) ?? '');
  return random.chance(0.2) ? mutateBytes(random, bytes, { words: JSON_WORDS }) : bytes;
}
