import { describe, expect, it } from 'vitest';
import { provenanceOf, textStages } from '../../src/analyses/index.ts';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { npyBytes, npyRows, readNpy } from '../../src/formats/index.ts';
import {
  analyseDataSet,
  analyseStages,
  collectOperators,
  type DataSetResult,
  householder,
  type StageSource,
  sourcesFromArrays,
  stateFromLaw,
} from '../../src/qlens/index.ts';
import { renderDataSet, renderDataSetFigures, renderDataSetPage } from '../../src/report/index.ts';
import { numeral } from '../../src/report/text/numerals.ts';
import {
  lensOf,
  lensStages,
  logitLens,
  openModel,
  probabilities,
  promptOf,
  type TunedLens,
  traceForward,
  zeroLens,
} from '../../src/transformer/index.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { embeddedModel } from '../support/embedded-model.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';
import { attributesOf, elementsOf, parseHtml } from '../support/parse-markup.ts';
import { HOSTILE } from '../support/synthetic-analysis.ts';

const NAMES = ['embed', 'attn', 'mlp'];

/** A prediction with random logits; `still` repeats the first stage. */
function prediction(V: number, seed: number, still = false): StageSource {
  return { names: NAMES, logitsOf: (stage) => testNumbers(V, 7919 * seed + (still ? 0 : 104_729 * stage)) };
}

const predictions = (count: number, V: number): StageSource[] =>
  Array.from({ length: count }, (_, i) => prediction(V, i + 1));

eachBackend('operators of a data set', (backend) => {
  it('are those of single predictions', async () => {
    const V = 7;
    const { steps, texts } = await collectOperators(backend, predictions(3, V), { top: 2 });
    expect([texts, steps.map(({ from, to }) => [from, to])]).toEqual([
      3,
      [
        ['embed', 'attn'],
        ['attn', 'mlp'],
      ],
    ]);
    const state = (text: number, stage: number) =>
      stateFromLaw(probabilities(backend, prediction(V, text + 1).logitsOf(stage) as Float64Array));
    steps.forEach(({ vectors, top }, step) => {
      vectors.rows.forEach((row, text) => {
        const { basis, distance } = householder(backend, state(text, step), state(text, step + 1));
        expect(maxError(row, basis)).toBeLessThan(1e-7);
        expectClose(vectors.lengths[text]!, distance, 1e-14);
        const changes = Array.from(basis, (x) => Math.abs(x * distance)).sort((x, y) => y - x);
        expect(
          top[text]!.map(({ id, change }) => change / (distance * basis[id]!)).every((x) => Math.abs(x - 1) < 1e-12),
        ).toBe(true);
        expectClose(Math.abs(top[text]![0]!.change), changes[0]!, 1e-12);
      });
    });
  });

  it('of some steps only ask for the stages they need', async () => {
    const asked: number[] = [];
    const source = {
      names: NAMES,
      logitsOf(stage: number) {
        asked.push(stage);
        return testNumbers(5, stage + 1);
      },
    };
    const { steps } = await collectOperators(backend, [source], { steps: ['mlp'] });
    expect([asked, steps.map(({ to }) => to)]).toEqual([[1, 2], ['mlp']]);
  });

  it('leave coinciding states out and count them', async () => {
    const sources = [prediction(5, 1, true), prediction(5, 2), prediction(5, 3), prediction(5, 4, true)];
    const { steps } = await collectOperators(backend, sources);
    expect(steps.map(({ vectors }) => [vectors.count, vectors.coinciding, vectors.members])).toEqual([
      [2, 2, [1, 2]],
      [2, 2, [1, 2]],
    ]);
  });

  it('name what is wrong', async () => {
    await expect(collectOperators(backend, [])).rejects.toThrow(ShapeError);
    await expect(collectOperators(backend, [prediction(5, 1), prediction(6, 1)])).rejects.toThrow(
      'all predictions must have V = 5, but number 1 has 6',
    );
    const other = { ...prediction(5, 1), names: ['a', 'b', 'c'] };
    await expect(collectOperators(backend, [prediction(5, 1), other])).rejects.toThrow(ShapeError);
    await expect(collectOperators(backend, predictions(1, 5), { steps: ['embed'] })).rejects.toThrow(DomainError);
    await expect(collectOperators(backend, predictions(9, 5), { maxBytes: 100 })).rejects.toThrow(CapacityError);
    const broken = { names: NAMES, logitsOf: () => Float64Array.of(0, Number.NaN) };
    await expect(collectOperators(backend, [broken])).rejects.toThrow(NonFiniteError);
    expect(backend.memory.bytesInUse).toBe(await inUseAfterAnother());
  });

  async function inUseAfterAnother(): Promise<number> {
    await collectOperators(backend, predictions(1, 5));
    return backend.memory.bytesInUse;
  }
});

async function statistics(count: number, V: number, backend = wasmBackend): Promise<DataSetResult> {
  const operators = await collectOperators(backend, predictions(count, V));
  return analyseDataSet(backend, operators, { permutations: 19, umap: false });
}

describe('statistics of a data set', () => {
  it('are the same from both backends, and finite', async () => {
    const [a, b] = [await statistics(12, 9, tsBackend), await statistics(12, 9)];
    expect({ ...a, backend: 'either' }).toEqual({ ...b, backend: 'either' });
    expect(JSON.parse(JSON.stringify(b))).toEqual(b);
    expect(b.steps.map(({ statistics }) => statistics!.baselines.map(({ baseline }) => baseline))).toEqual([
      ['random-states'],
      ['random-states'],
    ]);
    expect(b.dependence.map(({ steps, n }) => [steps, n])).toEqual([[['attn', 'mlp'], 12]]);
    const { counts } = b.steps[0]!.statistics!.histogram;
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(66);
  });

  it('V = 2: three baselines, vectors, and sim_U = 2·sim_H − 1', async () => {
    const { steps } = await statistics(15, 2);
    for (const { statistics: found, vectors } of steps) {
      expectClose(found!.similarityU, 2 * found!.similarityH - 1, 1e-15);
      expect(found!.baselines.map(({ baseline }) => baseline)).toEqual(['feasible-arc', 'random-states', 'circle']);
      expect(vectors!.every(([x, y]) => x * y <= 0)).toBe(true);
      for (const { similarityTest, energyTest } of found!.baselines) {
        expect(Math.min(similarityTest.p, energyTest.p)).toBeGreaterThanOrEqual(1 / 20);
      }
    }
  });

  it('one text, or states that never move, leave them undefined rather than NaN', async () => {
    const one = await statistics(1, 5);
    expect(one.steps.map(({ operators, statistics }) => [operators, statistics])).toEqual([
      [1, null],
      [1, null],
    ]);
    const still = await collectOperators(wasmBackend, [prediction(5, 1, true), prediction(5, 2, true)]);
    const none = analyseDataSet(wasmBackend, still);
    expect(
      none.steps.map(({ operators, coinciding, meanLength, statistics }) => [
        operators,
        coinciding,
        meanLength,
        statistics,
      ]),
    ).toEqual([
      [0, 2, null, null],
      [0, 2, null, null],
    ]);
    expect(JSON.stringify(none)).not.toContain('NaN');
    const text = renderDataSet(none, {});
    expect(text).toContain('undefined');
    expect(text).not.toContain('NaN');
    expect(renderDataSetFigures(none).size).toBe(0);
  });

  it('are drawn: histograms, v and Δψ with its locus for V = 2, components and UMAP for more', async () => {
    const flat = renderDataSetFigures(await statistics(15, 2));
    expect([...flat.keys()]).toEqual(
      [1, 2].flatMap((i) => ['similarity', 'v', 'change'].map((what) => `qlens-0${i}-${what}.svg`)),
    );
    const operators = await collectOperators(wasmBackend, predictions(12, 9));
    const wide = renderDataSetFigures(analyseDataSet(wasmBackend, operators, { permutations: 19 }));
    expect([...wide.keys()].slice(0, 4)).toEqual(
      ['similarity', 'pca-v', 'pca-change', 'umap'].map((what) => `qlens-01-${what}.svg`),
    );
    for (const svg of [...flat.values(), ...wide.values()]) {
      expect(svg).toMatch(/^<\?xml[\s\S]*<\/svg>\n$/);
      expect(svg).not.toMatch(/NaN|undefined|var\(/);
    }
  });
});

describe('points of a data set', () => {
  it('carry the number and the prompt of their prediction, also where others are left out', async () => {
    // The second of the predictions moves nothing.
    const sources = [1, 2, 3, 4, 5, 6].map((seed) => prediction(9, seed, seed === 2));
    const operators = await collectOperators(wasmBackend, sources);
    const result = analyseDataSet(wasmBackend, operators, { permutations: 19, umap: false });
    expect(result.steps[0]!.members).toEqual([0, 2, 3, 4, 5]);
    const names = ['first', 'second', '</title><script>alert(1)</script>', `${'long '.repeat(50)}end`, 'a\u202eb'];
    for (const name of ['qlens-01-pca-v.svg', 'qlens-01-pca-change.svg']) {
      const svg = renderDataSetFigures(result, names).get(name)!;
      const [, ...titles] = [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title!);
      expect(titles.toSorted()).toEqual([
        '1: first',
        '3: &lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;',
        `4: ${'long '.repeat(15)}long…`,
        '5: a⟨U+202E⟩b',
        '6',
      ]);
      const numbers = [...svg.matchAll(/<text[^>]*transform="translate[^>]*>(\d)<\/text>/g)].map(([, text]) => text);
      for (const number of ['1', '3', '4', '5', '6']) expect(numbers).toContain(number);
      expect(renderDataSetFigures(result).get(name)).toContain('<title>3</title>');
    }
    const provenance = provenanceOf({ kind: 'wasm', threads: { count: 1, why: 'asked for' } }, 'f64', []);
    const root = await parseHtml(renderDataSetPage(result, { provenance, parameters: {}, labels: {}, names }));
    const rows = [...root.querySelectorAll('#predictions tbody tr')].map((row) => row.textContent);
    expect(rows).toEqual([
      '1first',
      '2second',
      `3${names[2]}`,
      `4${names[3]!.slice(0, 159)}…`,
      '5a⟨U+202E⟩b',
      '… 1 more',
    ]);
  });
});

describe('the page of a data set', () => {
  it('holds its tables and figures, and no text of a label acts', async () => {
    const operators = await collectOperators(wasmBackend, predictions(8, 9), { keepStates: true });
    const result = analyseDataSet(wasmBackend, operators, { permutations: 19, umap: false });
    const labels = Object.fromEntries(
      Array.from({ length: 9 }, (_, id) => [String(id), HOSTILE[id % HOSTILE.length]!]),
    );
    const provenance = provenanceOf({ kind: 'wasm', threads: { count: 1, why: 'asked for' } }, 'f64', [
      'qlens',
      '--texts',
      '<script>.txt',
    ]);
    const source = renderDataSetPage(result, { provenance, parameters: { texts: '<img src=x>' }, labels });
    expect(source).not.toMatch(/NaN|undefined<|<script|<img/);
    const root = await parseHtml(source);
    const elements = elementsOf(root);
    for (const [name] of elements.flatMap(attributesOf)) expect(name).not.toMatch(/^on|href|src|action/);
    const heads = [...root.querySelectorAll('h3')].map((head) => head.textContent);
    expect(heads).toContain('Similarity of operators');
    expect(heads).toContain('Rotations, and one unitary for all');
    expect(heads).toContain('Dependence of neighbouring steps');
    expect([...root.querySelectorAll('figure')]).toHaveLength(6);
    const words = renderDataSet(result, labels).split(/\s+/).join(' ');
    expect(words).toContain('one U leaves');
    const { baselines, otherOperators } = result.steps[0]!.statistics!;
    const { rotation, procrustes } = otherOperators!;
    const [first] = baselines;
    expect(words).toContain(
      [
        first!.baseline,
        numeral(first!.similarityH),
        numeral(first!.effectSize, 3),
        numeral(first!.similarityTest.p, 3),
      ].join(' '),
    );
    expect(words).toContain(
      [rotation.meanAngle, rotation.similarityH, rotation.baseline.similarityH].map((x) => numeral(x)).join(' '),
    );
    expect(words).toContain([numeral(procrustes.residual), numeral(procrustes.explained, 3)].join(' '));
  });

  it('says – where nothing is defined', async () => {
    const still = await collectOperators(wasmBackend, [prediction(5, 1, true), prediction(5, 2, true)], {
      keepStates: true,
    });
    const provenance = provenanceOf({ kind: 'wasm', threads: { count: 1, why: 'asked for' } }, 'f64', []);
    const source = renderDataSetPage(analyseDataSet(wasmBackend, still), { provenance, parameters: {}, labels: {} });
    expect(source).not.toMatch(/NaN|undefined</);
    expect(source).toContain('4 times the states before and after a step coincide');
  });
});

describe('texts through a lens', async () => {
  const model = await openModel(await embeddedModel());
  it('give the operators of their own analysis', async () => {
    const texts = ['the fisherman sat on the bank', 'the banker', 'the girl stood'];
    const prompts = texts.map((text, i) => ({ text, place: `line ${i + 1}` }));
    const { steps } = await collectOperators(model.backend, textStages(model, prompts));
    expect(steps).toHaveLength(8);
    const names = lensStages(model.config);
    const trace = traceForward(model, promptOf(model, { text: texts[1]! }).ids, { keep: names });
    const single = analyseStages(model.backend, { names, logitsOf: (stage) => logitLens(model, trace, names[stage]!) });
    single.transitions.forEach(({ distance, top }, step) => {
      expect(steps[step]!.vectors.lengths[1]).toBe(distance);
      expect(steps[step]!.top[1]!.map(({ id }) => id)).toEqual(top.slice(0, 3).map(({ id }) => id));
    });
    const { data } = trace.activations.get('embed')!;
    const hidden = data.slice(data.length - model.config.D) as Float32Array;
    expect(lensOf(model, hidden)).toEqual(logitLens(model, trace, 'embed'));
  });
  it('look through a tuned lens if one is given, and refuse that of another model', async () => {
    const prompts = ['the fisherman sat', 'the banker'].map((text, i) => ({ text, place: `line ${i + 1}` }));
    const lengths = async (lens: TunedLens | null) => {
      const { steps } = await collectOperators(model.backend, textStages(model, prompts, { lens }));
      return steps.map(({ vectors }) => vectors.lengths);
    };
    const plain = await lengths(null);
    const zero = zeroLens(model, 'affine');
    expect(await lengths(zero)).toEqual(plain);
    zero.translators.get('embed')!.bias.fill(0.5);
    const moved = await lengths(zero);
    expect(moved[0]).not.toEqual(plain[0]);
    expect(moved.slice(1)).toEqual(plain.slice(1));
    await expect(lengths({ ...zero, fingerprint: { 'model.safetensors': 'other' } })).rejects.toThrow('SHA-256');
  });

  it('say which text does not fit', async () => {
    const prompts = [
      { text: 'the bank', place: 'line 1' },
      { ids: new Array(99).fill(5), place: 'line 2' },
    ];
    await expect(collectOperators(model.backend, textStages(model, prompts))).rejects.toThrow(
      /at most 64.* This is line 2\.$/,
    );
  });
});

describe('predictions from arrays', () => {
  const logits = Float32Array.from(testNumbers(24, 1));
  it('one array is all stages', () => {
    const one = sourcesFromArrays([{ name: 'x', shape: [3, 8], data: logits }], { rows: 'logits' });
    expect([one.length, one[0]!.names, one[0]!.logitsOf(1)]).toEqual([
      1,
      ['stage.0', 'stage.1', 'stage.2'],
      logits.subarray(8, 16),
    ]);
    const two = sourcesFromArrays([{ name: 'x', shape: [2, 3, 4], data: logits }], { rows: 'logits' });
    expect([two.length, two[1]!.logitsOf(2)]).toEqual([2, logits.subarray(20, 24)]);
  });
  it('several arrays are one stage each, in the order of their names if given', () => {
    const arrays = ['b', 'a'].map((name, i) => ({ name, shape: [3, 4], data: logits.subarray(12 * i, 12 * i + 12) }));
    const sources = sourcesFromArrays(arrays, { rows: 'logits', names: ['a', 'b'] });
    expect([sources.length, sources[2]!.names, sources[2]!.logitsOf(0)]).toEqual([
      3,
      ['a', 'b'],
      logits.subarray(20, 24),
    ]);
  });
  it('probabilities may be 0: KL is infinite where the stage excludes what the end has', () => {
    const data = Float64Array.of(0, 1, 0, 0.25, 0.75, 0, 0.5, 0.25, 0.25);
    const [source] = sourcesFromArrays([{ name: 'p', shape: [3, 3], data }], { rows: 'probabilities' });
    const { stages, transitions } = analyseStages(wasmBackend, source!);
    expect(stages.map(({ klFinal }) => klFinal)).toEqual([Infinity, Infinity, 0]);
    expect([stages[0]!.entropy, stages[0]!.maxProbability]).toEqual([0, 1]);
    expectClose(stages[2]!.entropy, 1.5 * Math.LN2, 1e-15);
    expectClose(transitions[0]!.overlap, Math.sqrt(0.75), 1e-15);
    for (const { residuals } of transitions) expectClose(residuals.mapping, 0, 1e-15);
  });
  it('laws and their logarithms say the same', () => {
    const law = Float64Array.of(0.1, 0.2, 0.7, 0.3, 0.3, 0.4);
    const [p] = sourcesFromArrays([{ name: 'p', shape: [2, 3], data: law }], { rows: 'probabilities' });
    const [l] = sourcesFromArrays([{ name: 'l', shape: [2, 3], data: law.map(Math.log) }], { rows: 'logits' });
    const [a, b] = [analyseStages(wasmBackend, p!), analyseStages(wasmBackend, l!)];
    expectClose(a.stages[0]!.klFinal, b.stages[0]!.klFinal, 1e-14);
    expectClose(a.stages[0]!.entropy, b.stages[0]!.entropy, 1e-14);
    expectClose(a.transitions[0]!.distance, b.transitions[0]!.distance, 1e-14);
  });
  it('names bad rows, shapes and names', () => {
    const read = (data: number[], tolerance = 1e-6) => {
      const [source] = sourcesFromArrays([{ name: 'p', shape: [2, 2], data: Float64Array.from(data) }], {
        rows: 'probabilities',
        tolerance,
      });
      return analyseStages(wasmBackend, source!);
    };
    expect(() => read([0.5, 0.6, 0.5, 0.5])).toThrow('law of stage “stage.0” must sum to 1');
    expect(() => read([1.1, -0.1, 0.5, 0.5])).toThrow(DomainError);
    expect(() => read([Number.NaN, 1, 0.5, 0.5])).toThrow(NonFiniteError);
    expect(read([0.5, 0.501, 0.5, 0.5], 0.01).V).toBe(2);
    const array = { name: 'x', shape: [4], data: logits.subarray(0, 4) };
    const sources = (...arrays: Parameters<typeof sourcesFromArrays>[0]) =>
      sourcesFromArrays(arrays, { rows: 'logits' });
    expect(() => sources()).toThrow(ShapeError);
    expect(() => sources(array)).toThrow("array 'x' must have the shape [S, V] or [N, S, V]");
    expect(() => sources(array, { ...array, name: 'y', shape: [2, 2] })).toThrow("'y' holds 2×2");
    expect(() => sources({ ...array, shape: [2, 3] })).toThrow(ShapeError);
    expect(() => sources({ ...array, shape: [1, 2], complex: true })).toThrow(DomainError);
    expect(() => sourcesFromArrays([array], { rows: 'logits', names: ['z'] })).toThrow(
      "names must be names of arrays, but 'z' is none of the 1 arrays 'x'.",
    );
  });
});

describe('rows as a .npy file', () => {
  it('are the bytes of the whole array', () => {
    const rows = [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)];
    const joined = Float32Array.of(1, 2, 3, 4, 5, 6);
    const pieces = [...npyRows(rows)].flatMap((piece) => [...piece]);
    expect(pieces).toEqual([...npyBytes({ name: 'v', shape: [2, 3], data: joined })]);
    expect(readNpy(Uint8Array.from(pieces)).shape).toEqual([2, 3]);
    expect(() => [...npyRows([])]).toThrow(ShapeError);
    expect(() => [...npyRows([rows[0]!, Float32Array.of(1)])]).toThrow(ShapeError);
  });
});
