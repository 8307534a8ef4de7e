/** Every `@example` of the doc comments runs, and gives the numbers that its comments promise. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as publicFace from '../../src/index.ts';
import { examplesOf, numbersOfComment, type Promised, runExample } from '../support/doc-examples.ts';
import { expectClose } from '../support/numbers.ts';

const { analyses, dyson, fock, formats, linalg, openBackend, qlens, report, transformer } = publicFace;
const { Matrix } = linalg;

const examples = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .flatMap((name) => examplesOf(join('src', name)));

const backend = await openBackend();
const everywhere = { backend, writeFile: () => {}, join, console: { log: () => {} } };

/** What the examples of a folder call by a name without making it. */
const SCOPES: Readonly<Record<string, () => object | Promise<object>>> = {
  backend: () => ({}),
  core: () => ({}),
  linalg: linalgScope,
  transformer: checkpointScope,
  fock: chenScope,
  qlens: () => ({ before: Float64Array.of(1, 0), after: Float64Array.of(0.6, 0.8) }),
  dyson: checkpointScope,
  analyses: analysesScope,
  report: analysesScope,
};

function linalgScope() {
  const { gaussianMatrix } = linalg.randomMatrices;
  const gaussian = (rows: number, columns: number, seed: bigint) => gaussianMatrix('real', rows, columns, { seed });
  const [a, weights] = [gaussian(12, 12, 1n), gaussian(60, 40, 2n)];
  const stored = formats.safetensorsBytes([
    { name: 'blocks.0.attn.q', shape: [12, 12], data: Float64Array.from(a.data) },
  ]);
  return {
    a,
    weights,
    t: 0.5,
    operator: linalg.matrixOperator(backend, weights),
    pattern: Matrix.fromRows([
      [1, 0, 0],
      [0.4, 0.6, 0],
      [0.2, 0.3, 0.5],
    ]),
    eigenvalues: linalg.svd(backend, weights).values,
    hessenberg: gaussian(5, 4, 3n),
    valueWeights: gaussian(12, 3, 4n),
    outputWeights: gaussian(3, 12, 5n),
    inputs: [[0], [1], [2]],
    g: ([x]: readonly number[]) => [Math.cos(x ?? 0)],
    file: new File([stored as BlobPart], 'a.safetensors'),
  };
}

function chenScope() {
  const { quantum, DiagonalState, TokenSpace } = fock;
  const text = readFileSync('examples/chen-two-blocks.json', 'utf8');
  const model = fock.modelOfDescription(JSON.parse(text));
  const identity = [
    [1, 0],
    [0, 1],
  ];
  return {
    text,
    model,
    laws: model.laws,
    law: model.laws[0],
    start: model.start,
    rho: DiagonalState.ofText(2, [0, 1]),
    psi: quantum.FactoredState.pure(2, [{ text: [0, 1], amplitude: 1 }]),
    tokens: new TokenSpace(['00', '10', '01', '11'], [[0, 0], ...identity, [1, 1]]),
    zero: Matrix.fromRows([[0]]),
    one: Matrix.fromRows(identity),
    two: Matrix.fromRows([
      [2, 0, 0, 0],
      [0, 2, 0, 0],
      [0, 0, 2, 0],
      [0, 0, 0, 2],
    ]),
    WQ: identity,
    WK: identity,
    WV: identity,
    WO: [
      [1, 0, 0, 1],
      [0, 1, 1, 0],
    ],
  };
}

async function checkpointScope() {
  const model = await transformer.openModel(await transformer.openNodeFolder('models/bank'));
  const prompt = transformer.promptOf(model, { text: 'the fisherman sat on the bank' });
  const { ids } = prompt;
  const keep = [...dyson.frozenActivations(model.config), ...dyson.tangentActivations(model.config)];
  const trace = transformer.traceForward(model, ids, { precision: 'f64', keep });
  const [a0, a1] = [1, 2].map((seed) => linalg.randomMatrices.gaussianMatrix('real', 4, 4, { seed: BigInt(seed) }));
  return { model, prompt, ids, trace, layer: 1, operators: new dyson.FrozenOperators(model, trace), a0, a1 };
}

async function analysesScope() {
  const scope = await checkpointScope();
  const { model, prompt } = scope;
  const analysis = analyses.analysePrompt(model, prompt);
  const operators = await qlens.collectOperators(
    backend,
    analyses.textStages(model, [
      { text: 'the bank', place: 'line 1' },
      { text: 'the lake', place: 'line 2' },
    ]),
  );
  const run = { provenance: analysis.provenance, parameters: {}, labels: {} };
  return {
    ...scope,
    system: chenScope().model,
    analysis,
    operators,
    run,
    bytes: formats.npyBytes({ name: 'a', shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) }),
    name: 'a.npy',
  };
}

/** What a folder exports wins over what another exports by the same name. */
const NAMESPACES: Readonly<Record<string, object>> = {
  dyson,
  fock: { ...fock, ...fock.quantum },
  linalg,
  qlens,
  report,
};

const scopes = new Map<string, object | Promise<object> | undefined>();

/** Made once for all examples of a folder. */
function scopeOf(folder: string) {
  if (!scopes.has(folder)) scopes.set(folder, SCOPES[folder]?.());
  return scopes.get(folder);
}

describe('examples of the doc comments', () => {
  it.each(examples.map((example) => [`${example.file}:${example.line}`, example] as const))(
    '%s',
    async (_, example) => {
      const folder = example.file.split('/')[1] ?? '';
      const [own, fixtures] = [await import(`../../${example.file}`), await scopeOf(folder)];
      const names = {
        ...publicFace,
        ...formats,
        ...transformer,
        ...linalg,
        ...linalg.acceleration,
        ...linalg.randomMatrices,
        ...qlens,
        ...dyson,
        ...analyses,
        ...report,
        ...fock,
        ...fock.quantum,
        ...NAMESPACES[folder],
      };
      for (const promise of await runExample(example, { ...names, ...own, ...everywhere, ...fixtures })) check(promise);
    },
  );
});

function check({ value, comment }: Promised): void {
  const numbers = numbersOfComment(comment);
  if (/^'.*'$/.test(comment)) expect(`'${value}'`).toBe(comment.replaceAll('\\\\', '\\'));
  if (/^true\b/.test(comment)) expect(value).toBe(true);
  if (numbers === null) return;
  const found = numbersIn(value);
  expect(found).toHaveLength(numbers.length);
  numbers.forEach((number, i) => {
    expectClose(found[i] ?? Number.NaN, number, 1e-12 + 1e-6 * Math.abs(number));
  });
}

function numbersIn(value: unknown): number[] {
  if (value instanceof Matrix) return Array.from(value.data);
  if (typeof value === 'number') return [value];
  return Array.from(value as Iterable<unknown>).flatMap(numbersIn);
}
