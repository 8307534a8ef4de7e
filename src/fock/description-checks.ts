import { compensatedSum } from '../core/sums.ts';
import { abridged, type DescriptionFaults } from './description-faults.ts';
import { TRACE_TOLERANCE } from './diagonal-state.ts';

type Json = Readonly<Record<string, unknown>>;

/** Numbers in the score tables and the unit vectors of a model together: 1 GiB. */
const MOST_TABLE_NUMBERS = 2 ** 27;

/** What the fields of a description say together. */
interface Sizes {
  readonly names: ReadonlySet<string>;
  readonly N: number;
  /** Width of the embedding, that of most tokens; undefined where a fault leaves it open. */
  readonly d: number | undefined;
}

/**
 * Finds the faults of a description that lie between its fields: names that no token has, matrices of the wrong shape, weights, cut-off,
 * and sizes beyond memory. Fields that are not of their own type are passed over.
 */
export function checkFieldsTogether(faults: DescriptionFaults, value: unknown): void {
  if (!isObject(value)) return;
  const { text, mixture, vacuum, blocks } = value;
  if ((text === undefined) === (mixture === undefined))
    faults.add('text', 'be given, or a mixture instead of it, not both', `it is ${abridged(text)}`);
  const sizes = checkTokens(faults, value);
  checkNames(faults, 'text', text, sizes);
  checkMixture(faults, mixture, sizes);
  if (typeof vacuum === 'string') checkNames(faults, 'vacuum', [vacuum], sizes, () => 'vacuum');
  checkSteps(faults, value);
  if (sizes === null || !Array.isArray(blocks)) return;
  if (!checkTables(faults, blocks, sizes)) return;
  for (const [i, block] of blocks.entries()) if (isObject(block)) checkBlock(faults, `blocks[${i}]`, block, sizes);
}

function checkTokens(faults: DescriptionFaults, { tokens }: Json): Sizes | null {
  if (!Array.isArray(tokens) || tokens.length === 0 || !tokens.every(isObject)) return null;
  const places = new Map<unknown, number>();
  const rows = new Map<string, number>();
  const withRow = tokens.filter(({ embedding }) => embedding !== undefined).length;
  const width = commonWidth((tokens as Json[]).map(({ embedding }) => embedding));
  for (const [i, { name, embedding }] of (tokens as Json[]).entries()) {
    const same = places.get(name);
    if (same === undefined) places.set(name, i);
    else if (typeof name === 'string')
      faults.add(`tokens[${i}].name`, 'differ from every other', `tokens[${same}].name is ${abridged(name)} too`);
    const field = `tokens[${i}].embedding`;
    if (embedding === undefined && withRow > 0)
      faults.add(field, 'be there, as other tokens have one', 'it is missing');
    if (!Array.isArray(embedding)) continue;
    if (embedding.length !== width) {
      faults.add(field, `have as many numbers as others, ${width}`, `it has ${embedding.length}`);
      continue;
    }
    const key = embedding.map(Number).join();
    const twin = rows.get(key);
    if (twin === undefined) rows.set(key, i);
    else
      faults.add(
        field,
        'differ from every other',
        `'${String(tokens[twin]?.name)}' and '${String(name)}' have the same row`,
      );
  }
  const names = new Set([...places.keys()].filter((name) => typeof name === 'string'));
  return { names, N: tokens.length, d: withRow === 0 ? tokens.length : width };
}

/** The length that most rows have. */
function commonWidth(rows: readonly unknown[]): number | undefined {
  const counts = new Map<number, number>();
  for (const row of rows) if (Array.isArray(row)) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** @returns whether the tables fit into memory. */
function checkTables(faults: DescriptionFaults, blocks: readonly unknown[], { N, d }: Sizes): boolean {
  const heads = blocks.reduce<number>(
    (sum, block) => sum + (isObject(block) && Array.isArray(block.heads) ? block.heads.length : 1),
    0,
  );
  const numbers = N * N * heads + N * (d ?? 0);
  if (numbers <= MOST_TABLE_NUMBERS) return true;
  faults.add(
    'tokens',
    `stay within ${MOST_TABLE_NUMBERS} numbers in the score tables of all heads`,
    `${N} tokens and ${heads} heads need ${numbers}`,
  );
  return false;
}

function checkMixture(faults: DescriptionFaults, mixture: unknown, sizes: Sizes | null): void {
  if (!Array.isArray(mixture)) return;
  const weights: number[] = [];
  for (const [i, entry] of mixture.entries()) {
    if (!isObject(entry)) continue;
    checkNames(faults, `mixture[${i}].text`, entry.text, sizes);
    if (typeof entry.weight === 'number' && entry.weight > 0) weights.push(entry.weight);
  }
  const sum = compensatedSum(weights);
  if (weights.length === mixture.length && weights.length > 0 && !(Math.abs(sum - 1) <= TRACE_TOLERANCE))
    faults.add('mixture', `have weights that sum to 1 to ${TRACE_TOLERANCE}`, `they sum to ${sum}`);
}

/** Steps must have numbers, and the texts with their tokens must fit the cut-off. */
function checkSteps(faults: DescriptionFaults, { text, mixture, blocks, steps, cutoff }: Json): void {
  const texts = Array.isArray(mixture) ? mixture.map((entry) => (isObject(entry) ? entry.text : null)) : [text];
  const longest = texts.reduce<number>((most, one) => Math.max(most, Array.isArray(one) ? one.length : 0), 0);
  const L = steps ?? (Array.isArray(blocks) ? blocks.length : undefined);
  if (!isCount(L)) return;
  if (!isCount(longest + L)) {
    faults.add('steps', 'leave the length of the longest string below 2^53', `it is ${L}`);
    return;
  }
  if (isCount(cutoff) && cutoff < longest + L)
    faults.add(
      'cutoff',
      'be large enough',
      `the cut-off M must be at least n + L = ${longest} + ${L}, but it is ${cutoff}. Set the cut-off to ${longest + L} or take fewer steps`,
    );
}

function checkNames(
  faults: DescriptionFaults,
  field: string,
  names: unknown,
  sizes: Sizes | null,
  at: (i: number) => string = (i) => `${field}[${i}]`,
): void {
  if (!Array.isArray(names) || sizes === null) return;
  const known = [...sizes.names].slice(0, 8).join(', ');
  for (const [i, name] of names.entries()) {
    if (typeof name !== 'string' || sizes.names.has(name)) continue;
    faults.add(at(i), `be one of ${known}${sizes.names.size > 8 ? ', …' : ''}`, `it is ${abridged(name)}`);
  }
}

function checkBlock(faults: DescriptionFaults, field: string, block: Json, sizes: Sizes): void {
  const { N, d } = sizes;
  const shape = (name: string, rows: number | undefined, columns: number | undefined) =>
    checkShape(faults, `${field}.${name}`, valueAt(block, name), rows, columns);
  const { heads } = block;
  const names = Array.isArray(heads) ? heads.map((_, h) => `heads[${h}].`) : [''];
  const widths: (number | undefined)[] = [];
  for (const head of names) {
    shape(`${head}scores`, N, N);
    const keyWidth = shape(`${head}WQ`, undefined, d);
    shape(`${head}WK`, keyWidth, d);
    widths.push(shape(`${head}WV`, head === '' ? d : undefined, d));
  }
  if (heads !== undefined) {
    const tuples = N ** names.length;
    if (!Number.isSafeInteger(tuples))
      faults.add(`${field}.heads`, 'make at most 2^53 tuples of tokens', `they make ${N}^${names.length}`);
    shape(
      'WO',
      d,
      widths.every((width) => width !== undefined) ? widths.reduce<number>((a, b) => a + b!, 0) : undefined,
    );
  }
  checkFeedForward(faults, `${field}.ffn`, block.ffn, d);
  if (!Array.isArray(block.map)) return;
  const entries = N ** names.length;
  if (block.map.length !== entries)
    faults.add(`${field}.map`, `have ${entries} elements`, `it has ${block.map.length}`);
  checkNames(faults, `${field}.map`, block.map, sizes);
}

function checkFeedForward(faults: DescriptionFaults, field: string, ffn: unknown, d: number | undefined): void {
  if (!isObject(ffn)) return;
  checkShape(faults, `${field}.W`, ffn.W, d, d);
  const width = checkShape(faults, `${field}.W1`, ffn.W1, undefined, d);
  checkShape(faults, `${field}.W2`, ffn.W2, d, width);
  for (const [name, wanted] of [
    ['b1', width],
    ['b2', d],
  ] as const) {
    const bias = ffn[name];
    if (Array.isArray(bias) && wanted !== undefined && bias.length !== wanted)
      faults.add(`${field}.${name}`, `have ${wanted} numbers`, `it has ${bias.length}`);
  }
}

/** @returns the number of rows; undefined where it is no matrix, or that is a fault. */
function checkShape(
  faults: DescriptionFaults,
  field: string,
  matrix: unknown,
  rows: number | undefined,
  columns: number | undefined,
): number | undefined {
  if (!Array.isArray(matrix) || matrix.length === 0 || !matrix.every(Array.isArray)) return undefined;
  if (rows !== undefined && matrix.length !== rows) faults.add(field, `have ${rows} rows`, `it has ${matrix.length}`);
  const width = columns ?? matrix[0]?.length;
  for (const [i, row] of matrix.entries()) {
    if (row.length > 0 && row.length !== width)
      faults.add(`${field}[${i}]`, `have ${width} numbers`, `it has ${row.length}`);
  }
  return rows === undefined || rows === matrix.length ? matrix.length : undefined;
}

/** block.WQ for 'WQ', block.heads[1].WQ for 'heads[1].WQ'. */
function valueAt(block: Json, name: string): unknown {
  const [, h, inner] = /^heads\[(\d+)\]\.(\w+)$/.exec(name) ?? [];
  if (h === undefined) return block[name];
  const head = (block.heads as readonly unknown[])[Number(h)];
  return isObject(head) ? head[inner!] : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
