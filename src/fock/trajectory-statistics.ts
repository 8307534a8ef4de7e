import type { Backend, BackendKind } from '../backend/backend.ts';
import { MASS_GROUP } from '../backend/contract/histories.ts';
import { checkInteger } from '../core/checks.ts';
import { CapacityError } from '../core/errors.ts';
import { checkWord64 } from '../core/philox.ts';
import { sampleMoments, standardErrorOf } from '../core/sums.ts';
import { blocksOf, loadTables, type SystemTables, systemTables } from './block-tables.ts';
import type { DiagonalState } from './diagonal-state.ts';
import { checkEvolution, type EvolutionOptions } from './evolution.ts';
import type { NextTokenLaw } from './next-token-law.ts';

/** Options of `trajectoryStatistics`. */
export interface StatisticsOptions extends Pick<EvolutionOptions, 'cutoff'> {
  /** Number of trajectories, m. */
  readonly trajectories: number;
  /** Seed of the generator, an unsigned 64-bit integer. */
  readonly seed: bigint;
  /** Called with the parts done, and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Ends the work when it is aborted, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What many trajectories say together. */
export interface TrajectoryStatistics {
  /** Number of trajectories m. */
  readonly count: number;
  /** Seed of the generator. */
  readonly seed: bigint;
  /** How many trajectories gave token y in step ℓ, L×N row-major. */
  readonly marginals: Float64Array;
  /** Mean of −ln P(y_1 … y_L, text): it estimates the entropy S(ρ) in nats. */
  readonly entropy: number;
  /** Standard error of {@link entropy}; null for one trajectory. */
  readonly entropyStandardError: number | null;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** Trajectories that are counted together; sums are joined in this grouping, so that memory stays bounded. */
const CHUNK = 1 << 14;
/** Outcomes of one call of the kernel: some 20 ms. */
const OUTCOMES = 1 << 19;
/** Bytes that the frequencies may take: 1 GiB. */
const MOST_BYTES = 2 ** 30;
/** Chunks are listed one by one. */
const MOST_TRAJECTORIES = 2 ** 36;

/** Statistics of one chunk of trajectories. */
interface ChunkStatistics {
  readonly marginals: Float64Array;
  readonly mean: number;
  /** Σ (x − mean)² of the surprisals x. */
  readonly squares: number;
  readonly count: number;
  readonly backend: BackendKind;
}

/** What a chunk is made of. */
interface ChunkTask {
  readonly tables: SystemTables;
  readonly L: number;
  readonly seed: bigint;
  readonly first: number;
  readonly count: number;
}

/**
 * Samples trajectories of attention blocks and keeps their statistics alone: memory does not grow with their number.
 *
 * Trajectory k draws from stream k: number 0 prepares a text, number ℓ picks the token that step ℓ attends to, both by inverting
 * the distribution function. Chunks are joined in their order. So the result depends on (blocks, start, L, m, seed) alone, and not on the number of threads.
 *
 * @throws DomainError if a law is not a single-head {@link BlockLaw} or a text is empty; CapacityError if L·N counts need more than 1 GiB; CutoffError, ShapeError as `propagate`.
 * @accuracy frequencies and entropy have standard errors of order 1/√m.
 * @cost O(N) per outcome.
 * @source own: the outcomes of Chen's sequential measurement (§III), one run after another.
 */
export function trajectoryStatistics(
  backend: Backend,
  laws: readonly NextTokenLaw[],
  start: DiagonalState,
  L: number,
  options: StatisticsOptions,
): TrajectoryStatistics {
  const tasks = chunkTasks('trajectoryStatistics', laws, start, L, options);
  const joined = new JoinedStatistics(tasks.length);
  for (const [i, task] of tasks.entries()) {
    options.signal?.throwIfAborted();
    joined.add(i, sampleChunk(backend, task));
    options.onProgress?.(i + 1, tasks.length);
  }
  return joined.result(options.seed);
}

/** Samples the trajectories of one chunk. */
function sampleChunk(backend: Backend, { tables, L, seed, first, count }: ChunkTask): ChunkStatistics {
  const { memory, kernels } = backend;
  const { N } = tables;
  return memory.scope(() => {
    const { blocks, start } = loadTables(backend, tables);
    const most = Math.max(1, Math.min(count, Math.floor(OUTCOMES / Math.max(1, L))));
    const groups = Math.ceil(N / MASS_GROUP);
    const work = memory.allocate('f64', L + 1 + (MASS_GROUP + 1) * groups);
    const outputs = {
      marginals: memory.allocate('f64', L * N),
      tokens: null,
      prepared: memory.allocate('i32', most),
      logProbability: memory.allocate('f64', most),
    };
    const surprisals = new Float64Array(count);
    for (let done = 0; done < count; done += most) {
      const n = Math.min(most, count - done);
      kernels.sampleBlocks({ ...blocks, ...start, L, seed, first: BigInt(first + done), count: n, ...outputs, work });
      const prepared = outputs.prepared.view();
      const logP = outputs.logProbability.view();
      for (let i = 0; i < n; i++) surprisals[done + i] = -(logP[i]! + tables.logWeight[prepared[i]!]!);
    }
    return { marginals: outputs.marginals.view().slice(), ...sampleMoments(surprisals), count, backend: backend.kind };
  });
}

function chunkTasks(
  where: string,
  laws: readonly NextTokenLaw[],
  start: DiagonalState,
  L: number,
  { trajectories, seed, cutoff }: StatisticsOptions,
): ChunkTask[] {
  checkEvolution(where, laws, start, L, { cutoff });
  checkInteger(where, 'trajectories', trajectories, 1, MOST_TRAJECTORIES);
  checkWord64(where, 'seed', seed);
  const bytes = 8 * L * start.V;
  if (bytes > MOST_BYTES) {
    throw new CapacityError(
      `${where}: the frequencies must fit in ${MOST_BYTES} bytes, but ${L} steps over ${start.V} tokens need ${bytes}. Take fewer steps.`,
      bytes,
    );
  }
  const tables = systemTables(where, blocksOf(where, laws), start);
  return Array.from({ length: Math.ceil(trajectories / CHUNK) }, (_, i) => {
    const first = i * CHUNK;
    return { tables, L, seed, first, count: Math.min(CHUNK, trajectories - first) };
  });
}

/** Chunks joined in the order of their numbers, whatever the order in which they come. */
class JoinedStatistics {
  readonly #chunks: Omit<ChunkStatistics, 'marginals'>[];
  #marginals: Float64Array | null = null;

  constructor(chunks: number) {
    this.#chunks = new Array(chunks);
  }

  add(i: number, { marginals, ...chunk }: ChunkStatistics): void {
    // Counts are whole numbers, so the order of their sum does not show.
    this.#marginals ??= new Float64Array(marginals.length);
    for (let at = 0; at < marginals.length; at++) this.#marginals[at]! += marginals[at]!;
    this.#chunks[i] = chunk;
  }

  result(seed: bigint): TrajectoryStatistics {
    let [count, entropy, squares] = [0, 0, 0];
    for (const chunk of this.#chunks) {
      const total = count + chunk.count;
      const difference = chunk.mean - entropy;
      entropy += (difference * chunk.count) / total;
      squares += chunk.squares + difference * difference * ((count * chunk.count) / total);
      count = total;
    }
    return {
      count,
      seed,
      marginals: this.#marginals!,
      entropy,
      entropyStandardError: standardErrorOf(squares, count),
      backend: this.#chunks[0]!.backend,
    };
  }
}
