import { describe, expect, it } from 'vitest';
import example from '../../examples/chen-two-blocks.json' with { type: 'json' };
import {
  type BlockLaw,
  DiagonalState,
  descriptionJsonSchema,
  FockSpace,
  modelOfDescription,
  modelOfLaw,
  type NextTokenLaw,
  parseDescription,
  runChen,
  sampleTrajectories,
} from '../../src/fock/index.ts';
import { expectClose } from '../support/numbers.ts';

// biome-ignore lint/suspicious/noExplicitAny: the changes are faults that the type would forbid
function changed(change: (description: any) => void): unknown {
  const description = structuredClone(example);
  change(description);
  return description;
}

function withoutFfn({ ffn: _, ...weights }: { readonly ffn: unknown }): object {
  return weights;
}

/** The mean of two heads. */
const halves = [
  [0.5, 0, 0.5, 0],
  [0, 0.5, 0, 0.5],
];

describe('modelOfDescription', () => {
  it.each<[string, Parameters<typeof changed>[0], string]>([
    ['a missing matrix', (d) => delete d.blocks[0].WQ, 'blocks[0].WQ of m.json must be an array, but it is missing'],
    ['a string for a number', (d) => (d.blocks[1].WK[0][1] = '1'), 'blocks[1].WK[0][1] of m.json must be a number'],
    ['an unknown FFN', (d) => (d.blocks[0].ffn.kind = 'conv'), "must be 'identity' | 'linear' | 'mlp'"],
    ['an unknown field', (d) => (d.heads = 2), "the whole of m.json must have no field 'heads', but it has."],
    ['no blocks', (d) => (d.blocks = []), 'blocks of m.json must not be empty, but it is []'],
    ['an empty name', (d) => (d.tokens[0].name = ''), 'tokens[0].name of m.json must not be empty, but it is ""'],
    ['a negative number of steps', (d) => (d.steps = -1), 'steps of m.json must be at least 0, but it is -1'],
    ['a step beyond 2⁵³', (d) => (d.steps = 1e20), 'steps of m.json must be at most 9007199254740991, but it is 1000'],
    ['a cut-off that is NaN', (d) => (d.cutoff = Number.NaN), 'cutoff of m.json must be a number, but it is NaN'],
    ['a function', (d) => (d.name = () => 1), 'name of m.json must be a string, but it is () => 1'],
    [
      'a weight of 0',
      (d) => (d.mixture = [{ text: [], weight: 0 }]) && delete d.text,
      'mixture[0].weight of m.json must be above 0, but it is 0',
    ],
    ['a bad scale', (d) => (d.scale = 'sqrt'), "scale of m.json must be 'inverse-sqrt-d', 'inverse-sqrt-key'"],
    ['no text', (d) => delete d.text, 'text of m.json must be given, or a mixture instead of it'],
    ['text and mixture', (d) => (d.mixture = [{ text: [], weight: 1 }]), 'text of m.json must be given, or a mixture'],
    ['an unknown token', (d) => (d.text = ['x7']), 'text[0] of m.json must be one of x0, x1, but it is "x7"'],
    ['an unknown vacuum token', (d) => (d.vacuum = 'y'), 'vacuum of m.json must be one of x0, x1, but it is "y"'],
    ['equal rows', (d) => (d.tokens[1].embedding = [1, 0]), "'x0' and 'x1' have the same row"],
    [
      'a wide matrix',
      (d) =>
        (d.blocks[1].WV = [
          [1, 0, 0],
          [0, 1, 0],
        ]),
      'blocks[1].WV[0] of m.json must have 2 numbers, but it has 3. blocks[1].WV[1] of m.json must',
    ],
    [
      'an open token map',
      (d) =>
        (d.blocks[1].WV = [
          [2, 0],
          [0, 1],
        ]),
      "for x = 'x0' the nearest token, 'x0', is 1 away",
    ],
    ['a small cut-off', (d) => (d.cutoff = 4), 'the cut-off M must be at least n + L = 3 + 2, but it is 4'],
    ['half a step', (d) => (d.steps = 1.5), 'steps of m.json must be a whole number, but it is 1.5'],
    [
      'weights that do not sum to 1',
      (d) => {
        delete d.text;
        d.mixture = [{ text: ['x0'], weight: 0.5 }];
      },
      'mixture of m.json must have weights that sum to 1 to 1e-12, but they sum to 0.5',
    ],
    ['a block that is none', (d) => (d.blocks[0] = { scores: [[1]] }), 'blocks[0].map of m.json must be an array'],
    [
      'one embedding of two',
      (d) => delete d.tokens[1].embedding,
      'tokens[1].embedding of m.json must be there, as other tokens have one, but it is missing',
    ],
    [
      'a small table',
      (d) => (d.blocks[1] = { scores: [[1, 0]], map: ['x0', 'x1'] }),
      'blocks[1].scores of m.json must have 2 rows, but it has 1',
    ],
    [
      'a table with an unknown token',
      (d) => (d.blocks[1] = { scores: d.blocks[0].WQ, map: ['x0', 'x7'] }),
      'blocks[1].map[1] of m.json must be one of x0, x1, but it is "x7"',
    ],
    [
      'a map for too few tuples',
      (d) => (d.blocks[1] = { heads: [{ scores: d.blocks[0].WQ }, { scores: d.blocks[0].WQ }], map: ['x0', 'x1'] }),
      'blocks[1].map of m.json must have 4 elements, but it has 2',
    ],
    [
      'a head with a fault',
      (d) => (d.blocks[0] = { heads: [{ WQ: [[1, 0]], WK: [['1', 0]], WV: [[1, 0]] }], WO: [[1], [0]] }),
      'blocks[0].heads[0].WK[0][0] of m.json must be a number, but it is "1"',
    ],
    [
      'heads that leave the token set',
      (d) => (d.blocks[0] = { heads: [d.blocks[0], d.blocks[0]].map(withoutFfn), WO: halves }),
      "for x = ('x0', 'x1') the nearest token, 'x0', is 0.707",
    ],
  ])('refuses %s and names the place', (_, change, message) => {
    expect(() => modelOfDescription(changed(change), 'm.json')).toThrow(message);
  });

  it('lists the faults of all kinds at once, each with its path', () => {
    const faulty = changed((d) => {
      d.extra = 1;
      d.steps = -1;
      d.scale = 'sqrt';
      d.tokens.push({ name: 'x0', embedding: [1, 0] }, { name: 'x3', embedding: [1] }, { name: '' });
      d.blocks[0].WQ = [[1], [1, 2], ['3', 4]];
      d.blocks[1] = {
        heads: [{ WQ: [[1, 0]], WK: [[1, 0]], WV: [[1, 0]] }],
        WO: [[1, 1], [0]],
        ffn: { kind: 'mlp', activation: 'relu', W1: [[1, 1, 1]], W2: [[1], [1]], b1: [0, 0], b2: [0] },
      };
      d.blocks.push({ scores: [[0]], map: ['x0', 'y'] });
      d.text = ['x0', 'z', 7];
      d.mixture = [{ text: ['w'], weight: 0.25, more: 1 }];
      d.vacuum = 'v';
      d.cutoff = -2;
    });
    let message = '';
    try {
      modelOfDescription(faulty, 'm.json');
    } catch (error) {
      ({ message } = error as Error);
    }
    const fields = message
      .split(' of m.json must ')
      .slice(0, -1)
      .map((part) => part.split(' ').at(-1));
    expect(fields.sort()).toEqual(
      [
        ...['whole', 'steps', 'scale', 'cutoff', 'vacuum', 'text', 'text[1]', 'text[2]', 'mixture', 'mixture[0]'],
        ...['mixture[0].text[0]', 'tokens[2].name', 'tokens[2].embedding', 'tokens[3].embedding', 'tokens[4].name'],
        ...['tokens[4].embedding', 'blocks[0].WQ[2][0]', 'blocks[0].WQ[0]', 'blocks[0].WK', 'blocks[1].WO[0]'],
        ...['blocks[1].ffn.W1[0]', 'blocks[1].ffn.b1', 'blocks[1].ffn.b2'],
        ...['blocks[2].scores', 'blocks[2].scores[0]', 'blocks[2].map', 'blocks[2].map[1]'],
      ].sort(),
    );
  });

  it('lists what only the numbers show for every block, and counts faults beyond fifty', () => {
    const open = changed((d) => {
      for (const block of d.blocks)
        block.WV = [
          [2, 0],
          [0, 1],
        ];
      d.blocks[1].WQ = [
        [1e300, 0],
        [0, 1e300],
      ];
      d.blocks[1].WK = d.blocks[1].WQ;
    });
    const both = /blocks\[0\] of .* nearest token, 'x0', is 1 away.*blocks\[1\] of .* score table must be finite/;
    expect(() => modelOfDescription(open, 'm.json')).toThrow(both);
    const many = changed((d) => Object.assign(d, { text: Array(60).fill('y'), cutoff: undefined }));
    expect(() => modelOfDescription(many, 'm.json')).toThrow(/text\[49\] of m\.json .*Faults after these: 10\.$/);
  });

  it('holds sizes against memory before anything is made of them', () => {
    const tokens = Array.from({ length: 12_000 }, (_, i) => ({ name: `t${i}`, embedding: [i] }));
    const one = { WQ: [[1]], WK: [[1]], WV: [[1]] };
    const of = (change: object) => ({ name: 'large', tokens, blocks: [one], text: ['t0'], ...change });
    expect(() => modelOfDescription(of({}))).toThrow('12000 tokens and 1 heads need 144012000');
    expect(() => modelOfDescription(of({ tokens: tokens.map(({ name }) => ({ name })) }))).toThrow('need 288000000');
    const heads = { heads: Array(400).fill(one), WO: [Array(400).fill(1)] };
    expect(() => modelOfDescription(of({ tokens: tokens.slice(0, 600), blocks: [heads] }))).toThrow(
      '400 heads need 144',
    );
    expect(() => modelOfDescription(changed((d) => (d.steps = Number.MAX_SAFE_INTEGER)))).toThrow(
      'steps of description',
    );
    const wide = {
      heads: Array(60).fill({
        scores: [
          [0, 0],
          [0, 0],
        ],
      }),
      map: ['x0'],
    };
    expect(() => modelOfDescription(changed((d) => (d.blocks = [wide])))).toThrow('at most 2^53 tuples of tokens');
    const texts = Array.from({ length: 200_000 }, () => ({ text: ['x0'], weight: 1 / 200_000 }));
    const model = modelOfDescription(changed((d) => delete d.text && (d.mixture = texts)));
    expect(model.start.count).toBe(1);
  });

  it('gives the same laws from weights, from tables, and from heads', () => {
    const of = (blocks: object[]) => modelOfDescription(changed((d) => Object.assign(d, { blocks, steps: 3 })));
    const tables = (of(example.blocks).laws as BlockLaw[]).map(({ block }) => ({
      scores: [0, 1].map((q) => [...block.scores.subarray(2 * q, 2 * q + 2)]),
      map: Array.from(block.tokenMap, (token) => `x${token}`),
    }));
    const heads = example.blocks.map(({ ffn, ...head }) => ({ heads: [head], WO: example.blocks[0]!.WQ, ffn }));
    const headTables = tables.map(({ scores, map }) => ({ heads: [{ scores }], map }));
    const [expected, ...others] = [example.blocks, tables, heads, headTables].map(
      (blocks) => runChen(of(blocks)).joint,
    );
    expect(others[0]).toEqual(expected);
    for (const joint of others) {
      const probability = new Map(joint.map(({ labels, probability }) => [labels.join(), probability]));
      for (const string of expected!) expectClose(probability.get(string.labels.join())!, string.probability, 1e-14);
    }
  });

  it('takes unit vectors for tokens without embeddings', () => {
    const bare = changed((d) => (d.tokens = [{ name: 'x0' }, { name: 'x1' }]));
    expect(runChen(modelOfDescription(bare)).joint).toEqual(runChen(modelOfDescription(example)).joint);
  });

  it('refuses what nests deeply, and fields of prototypes', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(() => parseDescription(deep)).toThrow(
      'description must be JSON, but it nests more than 500 levels deep at position 500',
    );
    const named = JSON.stringify(example).replace('{', '{"__proto__":{"steps":1},');
    expect(() => parseDescription(named)).toThrow(
      "the whole of description must have no field '__proto__', but it has.",
    );
  });

  it('takes names of prototypes for names, and refuses a dimension of millions of bits before it runs', () => {
    const [tokens, text] = [
      [{ name: '__proto__' }, { name: 'constructor' }],
      ['__proto__', 'constructor', '__proto__'],
    ];
    const { joint } = runChen(modelOfDescription(changed((d) => Object.assign(d, { tokens, text, vacuum: text[0] }))));
    expect(joint.map(({ probability }) => probability)).toEqual(
      runChen(modelOfDescription(example)).joint.map(({ probability }) => probability),
    );
    const wide = modelOfDescription(changed((d) => (d.cutoff = 1e15)));
    expect(() => sampleTrajectories(wide.laws, wide.start, 2 ** 40, { trajectories: 4, seed: 1n })).toThrow(
      'sampleTrajectories: the random numbers must need at most 4294967296 bytes, but 4 trajectories of 1099511627776 steps',
    );
    let steps = 0;
    expect(() => runChen(wide, { onProgress: () => steps++ })).toThrow(
      'FockSpace.dimension: the dimension must have at most 1048576 bits, but that of M = 1000000000000000 over 2 tokens',
    );
    expect(steps).toBe(0);
  });

  it('refuses what is not JSON', () => {
    expect(() => parseDescription('{', 'm.json')).toThrow(/^parseDescription: m\.json must be JSON, but /);
    expect(() => parseDescription('7')).toThrow('the whole of description must be an object, but it is 7');
  });

  it('fills in defaults: blocks as steps, the smallest cut-off, the scale of eq. 5, the first token', () => {
    const model = modelOfDescription(
      changed((d) => {
        for (const key of ['steps', 'cutoff', 'scale', 'vacuum', 'closure'] as const) delete d[key];
      }),
    );
    expect([model.steps, model.space.M, model.vacuumToken]).toEqual([2, 5, 0]);
    expect(model.parameters).toMatchObject({ scale: 'inverse-sqrt-d', closure: 'exact', blocks: 2 });
  });

  it('repeats the blocks for more steps, and takes a mixture', () => {
    const model = modelOfDescription(
      changed((d) => {
        d.steps = 7;
        d.cutoff = 10;
        delete d.text;
        d.mixture = [
          { text: [], weight: 0.5 },
          { text: ['x1', 'x0', 'x1'], weight: 0.5 },
        ];
      }),
    );
    const result = runChen(model);
    expect(result.table.length).toBe(7);
    expect(result.texts.map((text) => text.labels)).toEqual([[], ['x1', 'x0', 'x1']]);
    expect(Math.abs(result.certificate.kept - 1)).toBeLessThanOrEqual(1e-12);
    expect(new Set(result.joint.map(({ text }) => text))).toEqual(new Set([0, 1]));
  });
});

describe('descriptionJsonSchema', () => {
  it('is a JSON Schema that names every field', () => {
    const schema = descriptionJsonSchema() as { $schema: string; properties: object; required: string[] };
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(structuredClone(example))));
    expect(schema.required).toEqual(['name', 'tokens', 'blocks']);
  });

  it('asks for a text or a mixture, as the check does', () => {
    expect(descriptionJsonSchema()).toMatchObject({ oneOf: [{ required: ['text'] }, { required: ['mixture'] }] });
  });
});

describe('runChen', () => {
  const model = modelOfDescription(structuredClone(example), 'examples/chen-two-blocks.json');

  it('gives the tree with ids, parents and conditionals that multiply to the probabilities', () => {
    const { tree, joint } = runChen(model);
    expect(tree.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(tree.map(({ parent }) => parent)).toEqual([null, 0, 0, 1, 1, 2, 2]);
    expect(tree.map(({ step }) => step)).toEqual([0, 1, 1, 2, 2, 2, 2]);
    expect(tree.map(({ label }) => label)).toEqual(['x0 x1 x0', 'x0', 'x1', 'x0', 'x1', 'x0', 'x1']);
    for (const { parent, conditional, probability } of tree.slice(1)) {
      expect(probability).toBeCloseTo(tree[parent!]!.probability * conditional, 15);
    }
    const leaves = tree.filter(({ step }) => step === 2).map(({ probability }) => probability);
    expect(joint.map(({ probability }) => probability)).toEqual(leaves.sort((a, b) => b - a));
  });

  it('is plain data', () => {
    const result = runChen(model, { trajectories: 50, maxStrings: 3 });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(result.certificate.discarded).toBeGreaterThan(0);
    expect(result.table[1]!.strings).toBe(3);
    expect(result.trajectories!.sequences.filter(({ exact }) => exact === null).length).toBe(1);
  });

  it('says how much of a marginal law truncation may hide', () => {
    const model = modelOfDescription(changed((d) => Object.assign(d, { steps: 5, cutoff: 8 })));
    const exact = runChen(model);
    const { table, certificate } = runChen(model, { maxStrings: 3 });
    let missing = 0;
    for (const [l, row] of table.entries()) {
      expect(row.missing).toBeCloseTo(missing, 14);
      expect(row.kept).toBeCloseTo(1 - missing - row.discarded, 14);
      for (const { token, probability } of row.marginal) {
        const exactly = exact.table[l]!.marginal.find((entry) => entry.token === token)!.probability;
        expect(exactly).toBeGreaterThanOrEqual(probability - 1e-14);
        expect(exactly).toBeLessThanOrEqual(probability + missing + 1e-14);
      }
      expect(row.entropy).toBeLessThanOrEqual(exact.table[l]!.entropy + 1e-14);
      missing += row.discarded;
    }
    expect(certificate.discarded).toBeCloseTo(missing, 14);
    expect(certificate.discarded).toBeGreaterThan(0.1);
  });

  it('estimates from trajectories what the tree says exactly, within four standard errors', () => {
    const result = runChen(model, { trajectories: 5000, seed: 11n });
    const { trajectories, table, joint } = result;
    expect(Math.abs(trajectories!.entropyEstimate - table[1]!.entropy)).toBeLessThan(
      4 * trajectories!.entropyStandardError!,
    );
    const p = joint.map(({ probability }) => probability);
    const variance = p.reduce((sum, x) => sum + x * (Math.log(x) + table[1]!.entropy) ** 2, 0);
    const standardError = Math.sqrt(variance / 5000);
    expect(Math.abs(trajectories!.entropyStandardError! / standardError - 1)).toBeLessThan(0.1);
    expect(trajectories!.sequences.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
    for (const { exact, frequency, low, high } of trajectories!.sequences) {
      expect(Math.abs(frequency - exact!)).toBeLessThan(2 * (high - low));
    }
    for (const [l, { tokens }] of trajectories!.marginals.entries()) {
      expect(tokens.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
      const exact = table[l]!.marginal;
      for (const { token, atLeast, frequency, low, high } of tokens) {
        expect(Math.abs(frequency - atLeast)).toBeLessThan(2 * (high - low));
        expect(atLeast).toBe(exact.find((entry) => entry.token === token)!.probability);
      }
    }
  });

  it('runs one law at every step', () => {
    const law: NextTokenLaw = {
      V: 3,
      label: (token) => 'abc'[token]!,
      probabilities: () => Float64Array.of(0.5, 0.25, 0.25),
    };
    const model = modelOfLaw(law, { name: 'constant', tokens: [2], steps: 3, parameters: { temperature: 1 } });
    const result = runChen(model, { top: 2 });
    expect(result.dimension).toBe(String(1 + 3 + 9 + 27 + 81));
    expect(result.parameters).toMatchObject({ temperature: 1, maxStrings: 64, top: 2 });
    expect(result.joint[0]).toEqual({ text: 0, tokens: [0, 0, 0], labels: ['a', 'a', 'a'], probability: 0.125 });
    expect(result.table[2]!.entropy).toBeCloseTo(3 * 1.5 * Math.LN2, 14);
    expect(result.table[2]!.marginal).toEqual([
      { token: 0, label: 'a', probability: 0.5 },
      { token: 1, label: 'b', probability: 0.25 },
    ]);
    expect(() => modelOfLaw(law, { name: 'x', tokens: [3], steps: 1 })).toThrow('from 0 to 2');
  });

  it('reports progress, and stops where the callback throws', () => {
    const seen: number[][] = [];
    runChen(model, { trajectories: 10, onProgress: (done, total) => seen.push([done, total]) });
    expect(seen).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
    const stop = () => {
      throw new Error('stopped');
    };
    expect(() => runChen(model, { onProgress: stop })).toThrow('stopped');
  });

  it('refuses a result that would not fit into plain data', () => {
    const p = new Float64Array(2 ** 20).fill(2 ** -20);
    const law: NextTokenLaw = { V: p.length, label: String, probabilities: () => p };
    const texts = Array.from({ length: 8 }, (_, token) => ({ tokens: [token], weight: 1 / 8 }));
    const wide = {
      ...modelOfLaw(law, { name: 'wide', tokens: [], steps: 1 }),
      start: DiagonalState.ofMixture(p.length, texts),
      space: new FockSpace(p.length, 2),
    };
    expect(() => runChen(wide, { maxStrings: 2 ** 23 })).toThrow(
      'the tree and the joint law must have at most 67108864 entries, but 8388616 strings of up to 1 steps have 75497528. Keep fewer strings',
    );
  });

  it('refuses bad options', () => {
    expect(() => runChen(model, { trajectories: -1 })).toThrow('trajectories must be');
    expect(() => runChen(model, { top: 0 })).toThrow('top must be');
    expect(() => runChen(model, { maxStrings: 0.5 })).toThrow('maxStrings must be');
  });
});
