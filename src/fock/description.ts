import { z } from 'zod';
import { FormatError } from '../core/errors.ts';
import { parseJson } from '../core/json.ts';
import { checkFieldsTogether } from './description-checks.ts';
import { abridged, clipped, DescriptionFaults } from './description-faults.ts';

const number = z.number();
const rows = z.array(z.array(number).min(1)).min(1);
const text = z.array(z.string());

const ffn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('identity') }),
  z.strictObject({ kind: z.literal('linear'), W: rows.describe('d×d') }),
  z.strictObject({
    kind: z.literal('mlp'),
    activation: z.enum(['relu', 'gelu']).describe('gelu(z) = z·Φ(z)'),
    W1: rows.describe('F×d'),
    b1: z.array(number).optional().describe('F numbers, default 0'),
    W2: rows.describe('d×F'),
    b2: z.array(number).optional().describe('d numbers, default 0'),
  }),
]);

const WQ = rows.describe('query matrix, d′×d');
const WK = rows.describe('key matrix, d′×d');
const map = z.array(z.string());

const blockOfWeights = z.strictObject({
  WQ,
  WK,
  WV: rows.describe('value matrix, d×d'),
  ffn: ffn.optional().describe('default: identity'),
});

const blockOfTables = z.strictObject({
  scores: rows.describe('score table G, N×N with the query as the row; scale does not apply'),
  map: map.describe('token map φ: for each of the N tokens the name of the token it generates'),
});

const headsOfWeights = z.strictObject({
  heads: z.array(z.strictObject({ WQ, WK, WV: rows.describe('value matrix, v×d') })).min(1),
  WO: rows.describe('output matrix, d×Σv, on the values of the heads one after another'),
  ffn: ffn.optional().describe('default: identity'),
});

const headsOfTables = z.strictObject({
  heads: z.array(z.strictObject({ scores: rows.describe('score table G of the head, N×N') })).min(1),
  map: map.describe('token map φ: N^H names for the tuples (k_1, …, k_H) of attended tokens, k_1 the slowest'),
});

const block = z
  .union([blockOfWeights, blockOfTables, headsOfWeights, headsOfTables])
  .describe('weights or tables, of one head or of several');

const token = z.strictObject({
  name: z.string().min(1).describe('different for every token'),
  embedding: z
    .array(number)
    .min(1)
    .optional()
    .describe('d numbers, a different row for every token; default, for all or none: the unit vectors'),
});

const weightedText = z.strictObject({ text, weight: z.number().positive() });

const schema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).describe('title of the model'),
  tokens: z.array(token).min(1).describe('the token set T'),
  blocks: z.array(block).min(1).describe('attention and FFN of each layer; every step generates one token'),
  steps: z.int().min(0).optional().describe('L; default: the number of blocks; more steps repeat the blocks in order'),
  text: text.optional().describe('the input text by token names; empty: the vacuum'),
  mixture: z.array(weightedText).min(1).optional().describe('instead of text: texts with weights of sum 1'),
  cutoff: z.int().min(0).optional().describe('M, at least the longest text plus L; default: just that'),
  scale: z
    .union([z.enum(['inverse-sqrt-d', 'inverse-sqrt-key', 'none']), number], {
      error: "must be 'inverse-sqrt-d', 'inverse-sqrt-key', 'none' or a number",
    })
    .optional()
    .describe("factor on the scores; default 'inverse-sqrt-d' (eq. 5); the paper's worked example uses 'none'"),
  vacuum: z.string().optional().describe('x_0, the token that the vacuum goes to; default: the first'),
  closure: z
    .enum(['exact', 'nearest'])
    .optional()
    .describe('where FFN(W_V x) is no token: exact (default) refuses, nearest snaps and reports the distance'),
  tolerance: z.number().min(0).optional().describe('distance that exact takes for equality; default 1e-6'),
});

/** A model of Chen's kind written as JSON: tokens, blocks, text. */
export type ChenDescription = z.infer<typeof schema>;

/** The JSON Schema of a description, for editors and other programs. */
export function descriptionJsonSchema(): object {
  return { ...z.toJSONSchema(schema), oneOf: [{ required: ['text'] }, { required: ['mixture'] }] };
}

/**
 * Checks that a value is a description: every field by itself, and the fields together (names of tokens, shapes of matrices, weights,
 * cut-off, sizes). What only the numbers show, such as a token map that is not closed, is found where the model is built
 * ({@link modelOfDescription}).
 *
 * @param source name of the file, for messages.
 * @throws FormatError listing all faults, with the path in the JSON and what is required there.
 */
export function checkDescription(value: unknown, source = 'description'): ChenDescription {
  const faults = new DescriptionFaults('checkDescription', source);
  const result = schema.safeParse(value);
  for (const issue of result.error?.issues.flatMap(innermost) ?? []) {
    const found = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], value);
    const [required, instead] = faultOf(issue, found);
    faults.add(pathInJson(issue.path), required, `it ${instead}`);
  }
  checkFieldsTogether(faults, value);
  faults.throwIfAny();
  return result.data!;
}

/** The issues of the alternative of a union that fits best, the one with the fewest faults, in place of the union's own. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0 || issue.message.startsWith('must ')) return [issue];
  const best = issue.errors.reduce((least, one) => (one.length < least.length ? one : least));
  return best.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** What an issue asks for, as it continues “must”, and what there is instead, as it continues “but it”. */
function faultOf(issue: z.core.$ZodIssue, found: unknown): [required: string, instead: string] {
  const is = `is ${abridged(found)}`;
  if (issue.message.startsWith('must ')) return [issue.message.slice('must '.length), is];
  switch (issue.code) {
    case 'unrecognized_keys':
      return [`have no field ${issue.keys.map((key) => `'${clipped(key)}'`).join(', ')}`, 'has'];
    case 'too_small':
      if (issue.origin === 'array' || issue.origin === 'string') return ['not be empty', is];
      return [`be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`, is];
    case 'too_big':
      return [`be at most ${issue.maximum}`, is];
    default: {
      const expected = /expected (.+?)(, received .*)?$/i.exec(issue.message);
      if (expected === null) return [`fit the schema (${issue.message})`, is];
      return [`be ${expected[1] === 'int' ? 'a whole number' : withArticle(expected[1]!)}`, is];
    }
  }
}

function withArticle(noun: string): string {
  if (!/^[a-z]/.test(noun)) return noun;
  return /^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

/**
 * Reads a description from JSON text.
 *
 * @throws FormatError for text that is not JSON, and as {@link checkDescription}.
 */
export function parseDescription(json: string, source = 'description'): ChenDescription {
  let value: unknown;
  try {
    value = parseJson(json);
  } catch (cause) {
    throw new FormatError(
      `parseDescription: ${source} must be JSON, but ${(cause as Error).message}.`,
      { source },
      { cause },
    );
  }
  return checkDescription(value, source);
}

/** blocks[0].WQ[1] for ['blocks', 0, 'WQ', 1]. */
function pathInJson(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? 'the whole' : text.replace(/^\./, '');
}
