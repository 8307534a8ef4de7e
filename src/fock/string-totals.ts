import type { Backend, BackendKind } from '../backend/backend.ts';
import { type BlockTables, type Enumeration, WALK_BUFFER } from '../backend/contract/histories.ts';
import { CapacityError } from '../core/errors.ts';
import { compensatedSum } from '../core/sums.ts';
import { log } from '../math/log.ts';
import { blocksOf, loadTables, type SystemTables, systemTables } from './block-tables.ts';
import type { DiagonalState } from './diagonal-state.ts';
import { checkEvolution, type EvolutionOptions } from './evolution.ts';
import type { NextTokenLaw } from './next-token-law.ts';

/** Options of `sumOverStrings`. */
export interface StringTotalsOptions extends Pick<EvolutionOptions, 'cutoff'> {
  /** More strings than this are refused before the walk begins; default 10¹⁰. */
  readonly most?: number;
  /** Called with the share of the probability that was walked so far. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Ends the walk when it is aborted, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Sums over all strings of ρ(t_L), found one by one. */
export interface StringTotals {
  /** Strings of positive probability. */
  readonly strings: number;
  /** Σ P: 1 but for rounding. */
  readonly probability: number;
  /** von Neumann entropy S(ρ) = −Σ P ln P, in nats. */
  readonly entropy: number;
  /** Tr ρ² = Σ P² */
  readonly purity: number;
  /** −ln max P, in nats. */
  readonly minEntropy: number;
  /** The most probable string: which text it continues, and the tokens appended; of equal ones the first. */
  readonly mostProbable: { readonly text: number; readonly tokens: Int32Array; readonly probability: number };
  /** Probability that step ℓ gives token y, L×N row-major. */
  readonly marginals: Float64Array;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

const MOST = 1e10;
/** Nodes of one call of the kernel: some 20 ms. */
const BUDGET = 1 << 20;

/**
 * Walks all strings that attention blocks can append to the texts of a mixture, depth first, in memory that does not grow. It is
 * exact where the tree of `propagate` no longer fits, and independent of the lumping of equal counts.
 *
 * @throws CapacityError if there may be more than `most` strings; otherwise as `trajectoryStatistics`.
 * @accuracy sums to the number of strings times 2⁻⁵³, relative.
 * @cost O(N) per string.
 * @source Chen, eqs. 7 and 12; S by the chain rule of entropy.
 * @example
 * const { entropy, purity } = sumOverStrings(backend, laws, start, 20);
 */
export function sumOverStrings(
  backend: Backend,
  laws: readonly NextTokenLaw[],
  start: DiagonalState,
  L: number,
  options: StringTotalsOptions = {},
): StringTotals {
  const where = 'sumOverStrings';
  checkEvolution(where, laws, start, L, { cutoff: options.cutoff });
  const blocks = blocksOf(where, laws);
  const tables = systemTables(where, blocks, start);
  checkNumber(where, tables, L, options.most ?? MOST);
  return backend.memory.scope(() => {
    const { blocks: loaded } = loadTables(backend, tables);
    const walk = openWalk(backend, tables, L, start.longest);
    let best = { text: 0, tokens: new Int32Array(L), probability: 0 };
    const { N } = tables;
    let entropy = 0;
    for (let text = 0; text < tables.texts; text++) {
      entropy -= start.weight[text]! * tables.logWeight[text]!;
      if (L === 0) addText(walk, start.weight[text]!);
      else walkText(backend, loaded, tables, L, walk, text, start.weight[text]!, options);
      const probability = walk.sums.view()[4]!;
      if (probability > best.probability) best = { text, tokens: walk.best.view().slice(), probability };
    }
    const [strings, purity, logarithms, products] = walk.sums.view();
    return {
      strings: strings!,
      probability: L === 0 ? start.trace : walked(walk, N),
      entropy: entropy + (logarithms! - products!),
      purity: purity!,
      minEntropy: -log(best.probability),
      mostProbable: best,
      marginals: walk.marginals.view().slice(),
      backend: backend.kind,
    };
  });
}

function openWalk({ memory }: Backend, { N, counts, texts }: SystemTables, L: number, longest: number): Enumeration {
  const logCounts = memory.allocate('f64', longest + L + 1);
  logCounts.view().set(
    Float64Array.from({ length: longest + L }, (_, i) => log(i + 1)),
    1,
  );
  return {
    logCounts,
    counts: memory.allocate('f64', counts.length / texts),
    state: memory.allocate('i32', 3 + L),
    path: memory.allocate('f64', 1 + L * N + WALK_BUFFER),
    marginals: memory.allocate('f64', L * N),
    best: memory.allocate('i32', L),
    sums: memory.allocate('f64', 5),
  };
}

/** Probability of the strings that were reached. */
function walked({ marginals }: Enumeration, N: number): number {
  return compensatedSum(marginals.view().subarray(marginals.length - N));
}

/** What a text contributes where nothing is appended to it. */
function addText({ sums }: Enumeration, weight: number): void {
  const s = sums.view();
  s.set([s[0]! + 1, s[1]! + weight * weight, 0, 0, Math.max(s[4]!, weight)]);
}

function walkText(
  { kernels }: Backend,
  blocks: BlockTables,
  { counts, last, N }: SystemTables,
  L: number,
  walk: Enumeration,
  text: number,
  weight: number,
  { onProgress, signal }: StringTotalsOptions,
): void {
  const P = walk.counts.length;
  walk.counts.view().set(counts.subarray(text * P, text * P + P));
  walk.state.view().set([0, 1, last[text]!]);
  walk.path.view()[0] = weight;
  let done = false;
  while (!done) {
    signal?.throwIfAborted();
    done = kernels.enumerateBlocks({ ...blocks, L, budget: BUDGET, ...walk });
    onProgress?.(walked(walk, N));
  }
}

/** At each step a string can be continued by at most as many tokens as the block's φ gives. */
function checkNumber(where: string, { B, N, texts, tokenMap }: SystemTables, L: number, most: number): void {
  let strings = texts;
  for (let b = 0; b < B; b++) {
    const steps = Math.floor(L / B) + (b < L % B ? 1 : 0);
    strings *= new Set(tokenMap.subarray(b * N, (b + 1) * N)).size ** steps;
  }
  if (strings <= most) return;
  throw new CapacityError(
    `${where}: the system must have at most ${most} strings, but it may have ${strings.toExponential(2)}. Use lumping or trajectories, or raise most.`,
  );
}
