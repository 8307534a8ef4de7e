import type { AdjointKernels } from './contract/adjoints.ts';
import type { DenseKernels } from './contract/dense.ts';
import type { EigenKernels } from './contract/eigen.ts';
import type { ElementaryKernels } from './contract/elementary.ts';
import type { FactorisationKernels } from './contract/factorisations.ts';
import type { HermitianKernels } from './contract/hermitian.ts';
import type { HistoryKernels } from './contract/histories.ts';
import type { IterativeKernels } from './contract/iterative.ts';
import type { LensKernels } from './contract/lens.ts';
import type { LumpingKernels } from './contract/lumping.ts';
import type { MatrixFunctionKernels } from './contract/matrix-functions.ts';
import type { NetworkKernels } from './contract/network.ts';
import type { RandomKernels } from './contract/random.ts';
import type { ResolventKernels } from './contract/resolvent.ts';
import type { StateKernels } from './contract/state.ts';
import type { StatisticsKernels } from './contract/statistics.ts';
import type { StoredKernels } from './contract/stored.ts';
import type { SumKernels } from './contract/sums.ts';
import type { SvdKernels } from './contract/svd.ts';

/**
 * Every algorithm that crosses the backend boundary. Two implementations: WebAssembly, and the pure-TypeScript twin,
 * which is the specification. Kernels check nothing: callers (the facades) validate shapes first. Unless a method says
 * otherwise, its outputs must not overlap its inputs. Parity class of all of them: exact (the same bits from both).
 */
export interface Kernels
  extends AdjointKernels,
    DenseKernels,
    EigenKernels,
    ElementaryKernels,
    FactorisationKernels,
    HermitianKernels,
    IterativeKernels,
    LensKernels,
    LumpingKernels,
    MatrixFunctionKernels,
    NetworkKernels,
    RandomKernels,
    ResolventKernels,
    StateKernels,
    StatisticsKernels,
    StoredKernels,
    SumKernels,
    SvdKernels,
    HistoryKernels {}
