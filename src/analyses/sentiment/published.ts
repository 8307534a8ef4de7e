/** Mean pairwise similarity of the operators of a step. */
export interface Similarities {
  readonly similarityU: number;
  readonly similarityH: number;
}

/** What has been published about the experiment. */
export interface PublishedRow {
  readonly source: string;
  readonly attention: Similarities;
  readonly mlp: Similarities;
  readonly baseline: Similarities;
  /** What its baseline is. */
  readonly baselineKind: string;
}

/** Test accuracy in the paper, on 214 texts of one split. */
export const PUBLISHED_ACCURACY = 0.7944;

/** What has been published of the operators of attention and MLP. @source QLens, table 2; the notebooks that its authors published later. */
export const PUBLISHED: readonly PublishedRow[] = [
  {
    source: 'paper, table 2',
    attention: { similarityU: 0.8398, similarityH: 0.9193 },
    mlp: { similarityU: 0.4901, similarityH: 0.7445 },
    baseline: { similarityU: 0, similarityH: 0.5 },
    baselineKind: 'circle',
  },
  {
    source: 'notebooks',
    attention: { similarityU: 0.89, similarityH: 0.95 },
    mlp: { similarityU: 0.63, similarityH: 0.82 },
    baseline: { similarityU: 0.4, similarityH: 0.7 },
    baselineKind: 'feasible-arc',
  },
];

/** What is known to be wrong in the published numbers, so that nobody looks for it here. */
export const SLIPS: readonly string[] = [
  'p = 0.0001 cannot come from 1,000 permutations with add-one smoothing: the least is 1/1001 = 0.000999, which the notebooks print.',
  'For V = 2, sim_U = 2 sim_H − 1 exactly; the paper’s two columns break it by 0.0012 and 0.0011, more than rounding allows (0.00015).',
  'The paper’s baseline 0.00 / 0.50 is that of the whole circle; differences of two states fill two quadrants, whose means are 0.405 / 0.703.',
  'The notebooks average Householder vectors where they say mean Δψ, and skip the norm after attention; here the stage after attention is norm(x + attention(x)).',
  'Two states that coincide have no operator and divide by zero there; here they are left out and counted.',
  'Two random states give 0.657 / 0.829, so the notebooks’ MLP (0.63 / 0.82) is not above chance: the verdict depends on the baseline.',
];
