import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { type AnalyseOptions, analyseStages, type QLensResult, type StageLogits } from '../../src/qlens/index.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

const NAMES = ['embed', 'attn', 'final'];
const LOGITS = [
  [0.5, -1.25, 3, 0, 2.75],
  [1.5, -2, 0.25, 4, -0.5],
  [1.25, -1.5, 0.5, 3, 0.125],
].map((row) => Float32Array.from(row));

eachBackend('analyseStages', (backend) => {
  const analyse = (logits: readonly StageLogits[], options: AnalyseOptions = {}, names?: string[]): QLensResult =>
    analyseStages(
      backend,
      { names: names ?? logits.map((_, i) => `stage ${i}`), logitsOf: (stage) => logits[stage]! },
      options,
    );

  it('gives the numbers of mpmath at 40 digits', () => {
    const { stages, transitions, summary, ...rest } = analyse(LOGITS, {}, NAMES);
    expect(rest).toEqual({ backend: backend.kind, V: 5, operator: 'householder', alpha: 1, identityTolerance: 1e-12 });
    // Entropy, KL(final‖stage), JS, TV, largest probability, ⟨S⟩ with ids 1 … 5.
    const expected = [
      [
        0.9717331930888309, 2.471030075102113, 0.4133782414822921, 0.8194257607543889, 0.5194974985553654,
        3.742338238092014,
      ],
      [
        0.4327183057388303, 0.0902951166192073, 0.018779586621612828, 0.1378644130505695, 0.8935029434939373,
        3.7644536375659623,
      ],
      [0.8253882098455281, 0, 0, 0, 0.7556385304433678, 3.569883987603868],
    ];
    stages.forEach((row, i) => {
      expect(row.name).toBe(NAMES[i]);
      const found = [
        row.entropy,
        row.klFinal,
        row.jensenShannon,
        row.totalVariation,
        row.maxProbability,
        row.sampling.mean,
      ];
      found.forEach((value, k) => {
        expectClose(value, expected[i]![k]!, 2e-15, `${row.name}, column ${k}`);
      });
    });
    expect(stages.map((row) => row.finalTopRank)).toEqual([4, 1, 1]);
    expect(stages[0]!.top.map((unit) => unit.id)).toEqual([2, 4, 0, 3, 1]);
    // Overlap, distance, Bures angle, ⟨H⟩, ΔH.
    const steps = [
      [0.37984692376746537, 1.1136903305969166, 1.1811655149329046, 0.974134174196621, 1.4530641334535552],
      [0.9808051687938825, 0.19593280075636926, 0.19624757018474057, 0.0301511703520175, 0.30629006219829624],
    ];
    transitions.forEach((row, i) => {
      expect([row.from, row.to]).toEqual([NAMES[i], NAMES[i + 1]]);
      const found = [row.overlap, row.distance, row.buresAngle, row.energy.mean, row.energy.deviation];
      found.forEach((value, k) => {
        expectClose(value, steps[i]![k]!, 2e-15, `${row.to}, column ${k}`);
      });
      expect(row.eigenvalues).toEqual([Math.PI]);
    });
    expectClose(summary.pathLength, 1.3774130851176452, 2e-15);
    expectClose(summary.geodesic, 1.0082367378628003, 2e-15);
    expectClose(summary.efficiency!, 0.7319784810790342, 2e-15);
  });

  it('lists the largest changes with sign, and as many as asked for', () => {
    const { stages, transitions } = analyse([Float64Array.of(0, 0, 0), Float64Array.of(5, 0, 0)], { top: 2 });
    expect(stages[0]!.top.map((unit) => unit.id)).toEqual([0, 1]);
    const Z = Math.exp(5) + 2;
    const changes = [Math.sqrt(Math.exp(5) / Z), Math.sqrt(1 / Z)].map((x) => x - Math.sqrt(1 / 3));
    expect(transitions[0]!.top.map((unit) => unit.id)).toEqual([1, 2]);
    expectClose(transitions[0]!.top[0]!.change, changes[1]!, 1e-15);
    expectClose(
      analyse([Float64Array.of(0, 0), Float64Array.of(5, 0)]).transitions[0]!.top[1]!.change,
      Math.sqrt(Math.exp(5) / (Math.exp(5) + 1)) - Math.SQRT1_2,
      1e-15,
    );
  });

  it('ranks equal probabilities by id', () => {
    const { stages } = analyse([new Float64Array(4), Float64Array.of(0, 1, 3, 2)], { top: 3 });
    expect(stages[0]!.top.map((unit) => unit.id)).toEqual([0, 1, 2]);
    expect(stages[0]!.finalTopRank).toBe(3);
  });

  it('rotation, α, and the tolerance reach the rows', () => {
    const { transitions, operator, alpha } = analyse(LOGITS, {
      operator: 'rotation',
      alpha: 2,
      identityTolerance: 0.5,
    });
    expect([operator, alpha]).toEqual(['rotation', 2]);
    const [first, second] = transitions;
    expectClose(first!.eigenvalues[0]!, 1.1811655149329046 / 2, 1e-15);
    expectClose(first!.eigenvalues[1]!, -1.1811655149329046 / 2, 1e-15);
    expect(first!.energy.mean).toBe(0);
    expect(second).toMatchObject({ identity: true, eigenvalues: [], energy: { mean: 0, deviation: 0 } });
    expect(second!.residuals.mapping).toBe(second!.distance);
  });

  it('takes ids for the sampling operator', () => {
    const ids = [10, 20, 30, 40, 50];
    const [plain, tenfold] = [analyse(LOGITS), analyse(LOGITS, { ids })];
    expectClose(tenfold.stages[1]!.sampling.mean, 10 * plain.stages[1]!.sampling.mean, 1e-13);
    expectClose(tenfold.transitions[0]!.uncertainty.product, 100 * plain.transitions[0]!.uncertainty.product, 1e-12);
    const { product, bound } = plain.transitions[0]!.uncertainty;
    expect(bound <= product && bound > 0).toBe(true);
  });

  it('stages that do not move are flagged, and efficiency is null', () => {
    const result = analyse([LOGITS[0]!, LOGITS[0]!, LOGITS[0]!]);
    expect(result.summary).toEqual({ pathLength: 0, geodesic: 0, efficiency: null });
    expect(result.transitions.every((row) => row.identity)).toBe(true);
    expect(result.transitions[0]!.residuals).toEqual({ mapping: 0, unitarity: 0, theorem1: 0 });
  });

  it('is finite and plain: JSON carries it unchanged, even for one-hot laws', () => {
    const oneHot = (unit: number): Float64Array => new Float64Array(4).map((_, i) => (i === unit ? 0 : -2000));
    for (const operator of ['householder', 'rotation'] as const) {
      const result = analyse([oneHot(0), oneHot(2), oneHot(2), oneHot(1)], { operator });
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      expect(result.stages[0]!.klFinal).toBe(2000);
      expectClose(result.transitions[0]!.buresAngle, Math.PI / 2, 0);
      expect(result.transitions[0]!.residuals.theorem1).toBeLessThanOrEqual(1e-15);
      expectClose(result.summary.efficiency!, 0.5, 1e-15);
    }
  });

  it.each([2, 5, 50, 512, 50257])('keeps all residuals below 1e-12, V = %i', (V) => {
    const logits = [1, 2, 3].map((seed) => testNumbers(V, seed).map((x) => 10 * x));
    const near = logits[2]!.map((x, i) => x + (i % 3) * 1e-9);
    for (const operator of ['householder', 'rotation'] as const) {
      for (const { residuals, identity } of analyse([...logits, near], { operator }).transitions) {
        expect(identity).toBe(false);
        for (const residual of Object.values(residuals)) expect(residual).toBeLessThanOrEqual(1e-12);
      }
    }
  });

  it('efficiency is at most 1 and 1 for a single step', () => {
    const row = (V: number) => fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: V, maxLength: V });
    const runs = fc.integer({ min: 1, max: 8 }).chain((V) => fc.array(row(V), { minLength: 2, maxLength: 6 }));
    fc.assert(
      fc.property(runs, (rows) => {
        const { summary } = analyse(rows.map((values) => Float64Array.from(values)));
        if (summary.efficiency === null) expect(summary.pathLength).toBe(0);
        else expect(summary.efficiency >= 0 && summary.efficiency <= 1).toBe(true);
        expect(summary.geodesic).toBeLessThanOrEqual(summary.pathLength + 1e-14);
        if (rows.length === 2 && summary.pathLength > 0) expect(summary.efficiency).toBe(1);
      }),
      { numRuns: 100 },
    );
  });

  it('asks for the last stage first, then in order, each once, and one buffer may serve all', () => {
    const buffer = new Float32Array(5);
    const asked: number[] = [];
    const result = analyseStages(backend, {
      names: NAMES,
      logitsOf: (stage) => {
        asked.push(stage);
        buffer.set(LOGITS[stage]!);
        return buffer;
      },
    });
    expect(asked).toEqual([2, 0, 1]);
    expect(result).toEqual(analyse(LOGITS, {}, NAMES));
  });

  it('reads logits from blocks, and releases what logitsOf allocated', () => {
    const before = backend.memory.bytesInUse;
    const inUse: number[] = [];
    const result = analyseStages(backend, {
      names: NAMES,
      logitsOf: (stage) => {
        inUse.push(backend.memory.bytesInUse);
        const block = backend.memory.allocate('f32', 5);
        block.view().set(LOGITS[stage]!);
        return block;
      },
    });
    expect(result).toEqual(analyse(LOGITS, {}, NAMES));
    expect(inUse[2]).toBe(inUse[1]);
    expect(backend.memory.bytesInUse).toBe(before);
  });

  it('25 stages at V = 50,257 stay below 10 MB of backend memory', () => {
    const V = 50257;
    const buffer = new Float32Array(V);
    const before = backend.memory.bytesInUse;
    let peak = 0;
    const allocate = vi.spyOn(backend.memory, 'allocate').mockImplementation((kind, length) => {
      const block = Object.getPrototypeOf(backend.memory).allocate.call(backend.memory, kind, length);
      peak = Math.max(peak, backend.memory.bytesInUse - before);
      return block;
    });
    const { stages } = analyseStages(backend, {
      names: Array.from({ length: 25 }, (_, i) => `stage ${i}`),
      logitsOf: (stage) => {
        for (let i = 0; i < V; i++) buffer[i] = ((i * (stage + 3)) % 101) / 10;
        return buffer;
      },
    });
    allocate.mockRestore();
    expect(stages.length).toBe(25);
    expect(peak).toBeGreaterThan(13 * 8 * V);
    expect(peak).toBeLessThan(10e6);
    expect(backend.memory.bytesInUse).toBe(before);
  });

  it('refuses bad input in words, and leaves no memory behind', () => {
    const before = backend.memory.bytesInUse;
    const bad = LOGITS[1]!.slice();
    bad[3] = Number.NaN;
    const source = (rows: StageLogits[]) => () => analyse(rows, {}, NAMES.slice(0, rows.length));
    expect(source([LOGITS[0]!, bad, LOGITS[2]!])).toThrow(
      'analyseStages: logits of stage “attn” must be finite, but element 3 is NaN. Mask units by leaving them out.',
    );
    expect(source([LOGITS[0]!, bad])).toThrow(NonFiniteError);
    expect(source([LOGITS[0]!, new Float32Array(4), LOGITS[2]!])).toThrow(
      'analyseStages: logits of stage “attn” must have 5 elements, but it has 4.',
    );
    expect(source([Float64Array.of(1e308, -1e308), Float64Array.of(0, 0)])).toThrow(/must have a finite range/);
    expect(source([LOGITS[0]!])).toThrow('analyseStages: source.names must have at least 2 elements, but it has 1.');
    expect(source([new Float32Array(0), new Float32Array(0)])).toThrow(DomainError);
    const option = (options: object) => () => analyse(LOGITS, options);
    expect(option({ operator: 'reflection' })).toThrow(
      'analyseStages: operator must be householder or rotation, but it is reflection.',
    );
    expect(option({ top: 0 })).toThrow('analyseStages: top must be an integer of at least 1, but it is 0.');
    for (const alpha of [0, 1e-101, -1e101, Number.POSITIVE_INFINITY]) expect(option({ alpha })).toThrow(DomainError);
    for (const alpha of [1e-100, -1e100]) {
      for (const { energy, uncertainty, eigenvalues } of analyse(LOGITS, { alpha }).transitions) {
        const numbers = [energy.mean, energy.deviation, ...eigenvalues, ...Object.values(uncertainty)];
        expect(numbers.every(Number.isFinite), `α = ${alpha}`).toBe(true);
        expect(uncertainty.product).toBeGreaterThan(0);
      }
    }
    expect(option({ alpha: Number.NaN })).toThrow(
      'analyseStages: alpha must have a modulus from 1e-100 to 1e100, but it is NaN.',
    );
    expect(option({ identityTolerance: -1 })).toThrow(DomainError);
    expect(option({ ids: [1] })).toThrow(ShapeError);
    expect(backend.memory.bytesInUse).toBe(before);
  });
});

it.each(['householder', 'rotation'] as const)(
  'analyseStages gives the same numbers from both backends, %s',
  (operator) => {
    const logits = [1, 2, 3].map((seed) => testNumbers(513, seed).map((x) => 10 * x));
    const names = ['first', 'second', 'third'];
    const [ts, wasm] = [tsBackend, wasmBackend].map((backend) =>
      analyseStages(backend, { names, logitsOf: (stage) => logits[stage]! }, { operator }),
    );
    expect(wasm).toEqual({ ...ts, backend: 'wasm' });
  },
);
