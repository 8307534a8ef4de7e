import { gemmWork } from '../../backend/contract/dense.ts';
import type { Precision } from '../../backend/memory.ts';
import { RIDGE_PENALTIES } from '../defaults.ts';
import type { Model } from '../model.ts';
import { traceForward } from '../trace.ts';
import { SUM_ROWS } from './least-squares-sums.ts';
import { throughLens } from './lens-rows.ts';
import { lookFlop, passFlop, rowsAtOnce } from './lens-sizes.ts';
import { ridgeStagesAtOnce } from './ridge-lens.ts';
import { predictingRows } from './stage-rows.ts';
import type { LensPlan } from './training-plan.ts';
import { translatedStages } from './tuned-lens.ts';

/** Floating-point operations by the kind of work, each of which has a speed of its own. */
export interface LensFlop {
  /** Of passes over texts. */
  readonly passes: number;
  /** Of rows through lenses, with their gradients. */
  readonly lenses: number;
  /** Of sums and fits in f64. */
  readonly sums: number;
}

/** What training by a plan takes at most: its steps, the looks between them, and passes over the texts that are looked at. */
export function trainingFlop(
  plan: LensPlan,
  { steps, every }: { readonly steps: number; readonly every: number },
): LensFlop {
  const looks = 1 + Math.ceil(steps / every);
  return { passes: steps * plan.passFlop, lenses: steps * plan.stepFlop + looks * plan.lookFlop, sums: 0 };
}

/** What a ridge lens of some texts takes, by a plan of the rows that are looked at. */
export function ridgeFlop(
  model: Model,
  texts: readonly (readonly number[])[],
  plan: LensPlan,
  penalties: readonly number[] = RIDGE_PENALTIES,
): LensFlop {
  const { D } = model.config;
  const stages = translatedStages(model).length;
  const read = texts.reduce((sum, ids) => sum + ids.length, 0);
  const rows = texts.reduce((sum, ids) => sum + predictingRows(model, ids).length, 0);
  const fit = (penalties.length * 13 * D ** 3) / 3;
  return {
    passes: Math.ceil(stages / ridgeStagesAtOnce(model)) * read * passFlop(model),
    lenses: 2 * plan.lookFlop,
    sums: stages * (3 * D * D * rows + fit),
  };
}

/** Tokens of the pass that is timed. */
const PROBE_TOKENS = 64;

/** Seconds that work will take here, from a pass, a look and a sum of one size each that are timed: as good as the machine is steady. */
export function estimateSeconds(model: Model, precision: Precision, { passes, lenses, sums }: LensFlop): number {
  const { config, backend } = model;
  const { D, positions } = config;
  const tokens = Math.min(PROBE_TOKENS, config.maxPositions);
  // Any token that has a position.
  const id = positions.kind === 'learned' && positions.unplaced === 0 ? 1 : 0;
  const ids = new Array<number>(tokens).fill(id);
  let seconds = (passes * secondsOf(() => traceForward(model, ids, { precision }))) / (tokens * passFlop(model));
  const rows = rowsAtOnce(model);
  const streams = new (precision === 'f32' ? Float32Array : Float64Array)(rows * D).fill(1);
  seconds += (lenses * secondsOf(() => throughLens(model, streams, rows))) / (rows * lookFlop(config));
  if (sums === 0) return seconds;
  const rate = backend.memory.scope(() => {
    const { memory, kernels } = backend;
    const [a, c] = [memory.allocate('f64', SUM_ROWS * D), memory.allocate('f64', D * D)];
    const work = memory.allocate('f64', gemmWork('f64', D, D, SUM_ROWS));
    const shape = { opA: 'transpose', opB: 'none', m: D, n: D, k: SUM_ROWS, lda: D, ldb: D, ldc: D } as const;
    const time = secondsOf(() => kernels.gemm({ shape, alpha: 1, a, b: a, beta: 1, c, work }));
    return time / (2 * SUM_ROWS * D * D);
  });
  return seconds + sums * rate;
}

/** Of the second call: the first compiles. */
function secondsOf(work: () => void): number {
  work();
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}
