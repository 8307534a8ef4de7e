/** What two JSON values differ in. */
export interface Differences {
  /** Fields that may differ, and do. */
  readonly allowed: readonly string[];
  /** Fields that differ, but for those. */
  readonly count: number;
  /** The first of them by path, with both values. */
  readonly first: readonly string[];
}

interface Pair {
  readonly path: string;
  /** undefined where there is no such field; JSON has no other way to it. */
  readonly before: unknown;
  readonly now: unknown;
}

const SHOWN = 20;

/**
 * Compares two JSON values to the last bit: numbers by their bits (0 is not −0), an absent field is not null, a list is not an object,
 * and lists of different lengths differ in the entries that one of them lacks. The order of an object's keys does not count.
 *
 * @param mayDiffer paths of fields, `[]` for any entry of a list
 */
export function compareResults(before: unknown, now: unknown, mayDiffer: readonly string[] = []): Differences {
  const allowed = new Set<string>();
  const patterns = mayDiffer.map((path) => [path, patternOf(path)] as const);
  const first: string[] = [];
  let count = 0;
  // A stack of its own, so that nesting is bounded by memory only.
  const open: Pair[] = [{ path: '', before, now }];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    if (Object.is(pair.before, pair.now)) continue;
    const { path } = pair;
    const inner = fieldsOf(pair);
    if (inner !== null) {
      for (const field of inner.reverse()) open.push(field);
      continue;
    }
    const field = patterns.find(([, pattern]) => pattern.test(path))?.[0];
    if (field !== undefined) {
      allowed.add(field);
      continue;
    }
    count++;
    if (first.length < SHOWN)
      first.push(`${path || 'the result'}: ${shown(pair.before)} before, ${shown(pair.now)} now`);
  }
  return { allowed: [...allowed], count, first };
}

/** The field itself and all that is in it. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll('[]', '\\.\\d+')}(\\.|$)`);
}

/** The fields of two objects or two lists; null where the values are of different kinds, or scalars. */
function fieldsOf({ path, before, now }: Pair): Pair[] | null {
  if (!isContainer(before) || !isContainer(now) || Array.isArray(before) !== Array.isArray(now)) return null;
  const value = (object: object, key: string): unknown =>
    Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].map((key) => ({
    path: path === '' ? key : `${path}.${key}`,
    before: value(before, key),
    now: value(now, key),
  }));
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A value on one line, short. */
function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (isContainer(value)) return Object.keys(value).length === 0 ? '{}' : `an object of ${Object.keys(value).length}`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  const text = JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 197)}…`;
}
