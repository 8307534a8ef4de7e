/** Analyses of any size without a model, for the tests of reports. The numbers are plausible, not those of a model. */

import type { Analysis } from '../../src/analyses/analyse-prompt.ts';
import { RandomStream } from '../../src/core/philox.ts';
import { SCHEMA } from '../../src/core/version.ts';
import type { DysonResult } from '../../src/dyson/dyson-result.ts';
import type { ChenNode, ChenResult, ChenString } from '../../src/fock/chen-result.ts';
import type { QLensResult } from '../../src/qlens/result.ts';

export interface SyntheticOptions {
  /** Blocks; a result has 2L + 1 stages and 2L sublayers. */
  readonly L?: number;
  readonly V?: number;
  /** Tokens of the prompt. */
  readonly T?: number;
  /** Measurements, outcomes of each string that go on, strings kept. */
  readonly steps?: number;
  readonly branches?: number;
  readonly maxStrings?: number;
  readonly top?: number;
  readonly seed?: bigint;
  /** Texts that tokens, labels and file names are taken from, in turn. */
  readonly words?: readonly string[];
}

const WORDS = ['the', ' of', ' light', '\\n', ',', ' breaks', ' is', 'ght', ' what', '.', ' east', ' Juliet'];

/** Texts that a careless report would not survive. */
export const HOSTILE: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '</title></svg></table>',
  '<!-- -- ]]>',
  '&lt;b&gt; &amp; &#0; &quot;',
  'javascript:alert(1)',
  '\u202Egnp.exe\u202C',
  '\u2066\u2069\u200F\u061C\u200B\uFEFF',
  'a\u0000b\u0007\u001b[31mred\u001b]0;title\u0007\u009b2J',
  '\ud800 lone \udfff',
  'line\nfeed\r\n\ttab\u2028\u2029\u0085',
  '\uFFFE\uFFFF\u{10FFFF}\uE000',
  '',
  ' ',
  '   ',
  '日本語 العربية עברית 👩‍👩‍👧 é̴̡̛',
  '$& $1 {{x}} `tick` \\u003cscript>',
  'x'.repeat(5000),
  '__proto__',
];

/** An analysis of the given size; equal options give equal analyses. */
export function syntheticAnalysis(options: SyntheticOptions = {}): Analysis & { readonly chen: ChenResult } {
  const { L = 4, V = 512, T = 8, steps = 3, top = 10, seed = 1n, words = WORDS } = options;
  const word = (id: number) => words[id % words.length]!;
  const random = new RandomStream(seed);
  const ids = Array.from({ length: T }, (_, i) => (i * 11 + 3) % V);
  const law = decreasing(top, 0.5);
  const chen = chenResult(word, random, { steps, V, T, ids, ...options });
  const qlens = qlensResult(random, { L, V, top });
  const dyson = dysonResult(word, random, L, ids);
  const sizes = { V, D: 64, L, H: 4, G: 4, K: 16, F: 256, maxPositions: 1024 };
  const mentioned = [...qlens.stages, ...qlens.transitions].flatMap((row) => row.top.map(({ id }) => id));
  return {
    kind: 'analysis',
    provenance: {
      package: 'transformer-mechanics',
      version: '0.0.0',
      schema: SCHEMA,
      createdAt: '2026-01-02T03:04:05.678Z',
      command: ['analyze', word(3), '--prompt', word(0)],
      backend: 'wasm',
      threads: { count: 2, why: 'one for each processor' },
      precision: 'f32',
    },
    checkpoint: {
      label: word(0),
      family: 'gpt2',
      parameterCount: 124_439_808,
      sizes,
      fingerprint: { [word(1)]: 'ab'.repeat(32), 'config.json': 'cd'.repeat(32) },
      warnings: [word(2)],
    },
    prompt: { text: ids.map(word).join(''), ids, tokens: ids.map(word), bos: false },
    parameters: {
      precision: 'f32',
      top,
      greedy: 2,
      depth: steps,
      maxStrings: options.maxStrings ?? 64,
      trajectories: 200,
      seed: String(seed),
      temperature: 1,
      operator: 'householder',
    },
    next: {
      top: law.map((probability, id) => ({ id, token: word(id), logProb: Math.log(probability) })),
      greedy: { ids: [1, 2], text: word(1) + word(2) },
    },
    chen,
    qlens,
    dyson,
    labels: Object.fromEntries(mentioned.map((id) => [String(id), word(id)])),
  };
}

/** n numbers from `first` down, each 0.7 of the one before. */
function decreasing(n: number, first: number): number[] {
  return Array.from({ length: n }, (_, i) => first * 0.7 ** i);
}

type ChenSize = SyntheticOptions & { steps: number; V: number; T: number; ids: readonly number[] };

function chenResult(
  word: (id: number) => string,
  random: RandomStream,
  { steps, V, T, ids, branches = 4, maxStrings = 64 }: ChenSize,
): ChenResult {
  const labels = ids.map(word);
  const root: ChenNode = {
    id: 0,
    parent: null,
    step: 0,
    token: null,
    label: labels.join(' '),
    conditional: 1,
    probability: 1,
  };
  const tree = [root];
  let level = [root];
  for (let step = 1; step <= steps; step++) {
    const grown = level.flatMap((node) => {
      const shares = Array.from({ length: branches }, () => random.next() + 0.05);
      const total = shares.reduce((a, b) => a + b, 0) * 1.1;
      return shares.map((share) => ({ node, conditional: share / total, token: Math.floor(random.next() * V) }));
    });
    grown.sort((a, b) => b.node.probability * b.conditional - a.node.probability * a.conditional);
    level = grown.slice(0, maxStrings).map(({ node, conditional, token }, i) => ({
      id: tree.length + i,
      parent: node.id,
      step,
      token,
      label: word(token),
      conditional,
      probability: node.probability * conditional,
    }));
    tree.push(...level);
  }
  const joint = level.map((leaf) => stringOf(tree, leaf)).sort((a, b) => b.probability - a.probability);
  const kept = joint.reduce((sum, { probability }) => sum + probability, 0);
  return {
    kind: 'chen',
    name: word(4),
    V,
    texts: [{ tokens: ids, labels, weight: 1 }],
    steps,
    cutoff: T + steps,
    dimension: `1${'0'.repeat(Math.ceil((T + steps) * Math.log10(V)))}`,
    vacuum: { token: 0, label: word(0) },
    parameters: { temperature: 1, precision: 'f32', maxStrings, minWeight: 0, note: word(5) },
    tree,
    joint,
    table: Array.from({ length: steps }, (_, i) => {
      const nodes = tree.filter(({ step }) => step === i + 1);
      return {
        step: i + 1,
        marginal: decreasing(10, 0.3).map((probability, token) => ({ token, label: word(token), probability })),
        missing: 0.05 * i,
        entropy: -nodes.reduce((sum, { probability: p }) => sum + p * Math.log(p), 0),
        conditionalEntropy: 1.2,
        purity: nodes.reduce((sum, { probability: p }) => sum + p * p, 0),
        strings: nodes.length,
        kept: nodes.reduce((sum, { probability: p }) => sum + p, 0),
        discarded: 0.05,
      };
    }),
    certificate: { kept, discarded: 1 - kept, residual: 1e-16 },
    trajectories: {
      count: 200,
      seed: '1',
      distinct: 190,
      entropyEstimate: 5.4,
      entropyStandardError: 0.12,
      entropies: Array.from({ length: steps }, (_, l) => {
        const estimate = (5.4 * (l + 1)) / steps;
        return { step: l + 1, estimate, standardError: 0.12, low: Math.max(0, estimate - 0.24), high: estimate + 0.24 };
      }),
      sequences: joint.slice(0, 10).map(({ probability, ...rest }, i) => ({
        ...rest,
        count: 4,
        frequency: 0.02,
        low: 0.008,
        high: 0.05,
        exact: i === 3 ? null : probability,
      })),
      marginals: [],
    },
  };
}

function stringOf(tree: readonly ChenNode[], leaf: ChenNode): ChenString {
  const path: ChenNode[] = [];
  for (let node = leaf; node.parent !== null; node = tree[node.parent]!) path.unshift(node);
  return {
    text: 0,
    tokens: path.map(({ token }) => token!),
    labels: path.map(({ label }) => label),
    probability: leaf.probability,
  };
}

function qlensResult(random: RandomStream, { L, V, top }: { L: number; V: number; top: number }): QLensResult {
  const names = Array.from({ length: L }, (_, i) => [`blocks.${i}.resid_mid`, `blocks.${i}.resid_post`]).flat();
  const stages = ['embed', ...names].map((name, i, all) => {
    const left = 1 - i / (all.length - 1);
    return {
      name,
      entropy: Math.log(V) * (0.35 + 0.6 * left * random.next()),
      klFinal: 12 * left ** 2,
      jensenShannon: 0.69 * left,
      totalVariation: left,
      maxProbability: 0.5,
      top: decreasing(top, 0.2 + 0.6 * random.next()).map((probability) => ({
        id: Math.floor(random.next() * V),
        probability,
      })),
      finalTopRank: Math.max(1, Math.round(V ** left / 3)),
      sampling: { mean: V / 2, variance: V },
    };
  });
  const angles = names.map(() => 0.4 * random.next());
  const pathLength = angles.reduce((a, b) => a + b, 0);
  return {
    backend: 'wasm',
    V,
    operator: 'householder',
    alpha: 1,
    identityTolerance: 1e-12,
    stages,
    transitions: angles.map((angle, i) => ({
      from: stages[i]!.name,
      to: stages[i + 1]!.name,
      overlap: Math.cos(angle),
      distance: 2 * Math.sin(angle / 2),
      buresAngle: angle,
      operator: 'householder' as const,
      identity: i === 1,
      eigenvalues: i === 1 ? [] : [Math.PI],
      energy: { mean: Math.PI * Math.sin(angle / 2) ** 2, deviation: (Math.PI / 2) * Math.sin(angle) },
      uncertainty: { product: 1e9 * angle, covariance: 12, commutator: 0, bound: 144 },
      residuals: { mapping: 2e-16, unitarity: 4e-16, theorem1: 0 },
      top: Array.from({ length: top }, (_, k) => ({
        id: Math.floor(random.next() * V),
        change: (k % 2 ? -0.3 : 0.4) / (k + 1),
      })),
    })),
    summary: { pathLength, geodesic: Math.min(1.5, pathLength), efficiency: Math.min(1, 1.5 / pathLength) },
  };
}

function dysonResult(
  word: (id: number) => string,
  random: RandomStream,
  L: number,
  ids: readonly number[],
): DysonResult {
  const S = 2 * L;
  const size = (k: number) => 80 * Math.exp(-((k - S / 4) ** 2) / S) + 1e-9;
  return {
    at: 'frozen',
    steps: 'sublayer',
    backend: 'wasm',
    precision: 'f32',
    ids,
    row: ids.length - 1,
    top: { id: 0, token: word(0), logit: 9.5 },
    orders: Array.from({ length: S + 1 }, (_, order) => ({
      order,
      normAll: size(order),
      normLast: size(order) / 3,
      ratioToNext: order === S ? null : size(order + 1) / size(order),
      topLogit: size(order) * (order % 3 === 1 ? -0.2 : 0.17),
      partialSum: {
        relativeError: order === S ? 1e-7 : Math.exp(-order / 5) * (1 + random.next()),
        klFinal: order === S ? 0 : order === S - 1 ? -1e-17 : 8 * Math.exp(-order / 4),
        rankOfTop: order > S / 2 ? 1 : 20,
      },
    })),
    residual: { relativeToState: 3e-7, relativeToTerms: 1e-8 },
    cancellation: 31.2,
    secondOrder: Array.from({ length: S }, (_, a) =>
      Array.from({ length: S }, (_, b) => (b > a ? 4 * random.next() ** 3 * Math.exp(-(b - a) / 12) + 1e-3 : 0)),
    ),
    sublayers: Array.from({ length: S }, (_, l) => ({
      name: `blocks.${l >> 1}.${l % 2 ? 'mlp' : 'attn'}`,
      scale: 0.2 + 0.05 * l,
      scaleMean: 0.22 + 0.055 * l,
      Z: 1 / (0.2 + 0.05 * l),
      logScaleStep: l === 0 ? 0 : 0.05,
      stateNorm: 2 + 0.9 * l,
      updateRatio: 2 / (l + 1),
      directionCosine: 0.93,
      outputNorm: 1.5 + random.next(),
      topLogit: 2 * random.next() - 0.7,
      firstTopLogit: 2 * random.next() - 0.7,
      residual: 4e-7,
    })),
    embeddingTopLogit: -0.4,
    attributionResidual: 2e-6,
    firstAttributionResidual: 3e-6,
    paths: {
      at: 'frozen',
      search: 'heuristic',
      token: 0,
      against: null,
      total: 9.5,
      paths: Array.from({ length: 12 }, (_, i) => ({
        channels: i === 0 ? [] : Array.from({ length: i % 4 }, (_, j) => `blocks.${j}.attn.head.${i}`),
        order: i % 4,
        contribution: (i % 3 === 1 ? -3 : 3) / (i + 1),
      })),
      listed: 4.2,
      share: 0.44,
      compared: { paths: 400, size: 40, share: 0.3 },
      unseen: 75,
      allPaths: 100_000,
      applications: 500,
    },
  };
}

/** The analysis with every number that is no integer replaced: what a broken model could lead to, also after JSON (null). */
export function withNumbers<A extends Analysis>(analysis: A, value: number | null): A {
  const replaced = (part: unknown): unknown => {
    if (typeof part === 'number') return Number.isInteger(part) ? part : value;
    if (Array.isArray(part)) return part.map(replaced);
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, replaced(inner)]));
  };
  return replaced(analysis) as A;
}
