import type { BackendKind } from '../../backend/backend.ts';
import type { UnitChange } from '../result.ts';
import type { BaselineKind } from '../statistics/baselines.ts';
import type { DistanceCorrelation } from '../statistics/distance-correlation.ts';
import type { PermutationTest } from '../statistics/permutation.ts';
import type { ProcrustesFit } from '../statistics/procrustes-fit.ts';
import type { Histogram } from '../statistics/similarity.ts';

/** The operators of one step held against a baseline of as many. */
export interface BaselineComparison {
  /** Which baseline it is. */
  readonly baseline: BaselineKind;
  /** Mean sim_H of the baseline's operators. */
  readonly similarityH: number;
  /** Mean sim_U of the baseline's operators. */
  readonly similarityU: number;
  /** Mean sim_H between the step's operators and the baseline's. */
  readonly between: number;
  /** Difference of the means in pooled deviations of pairs, Cohen's d; null where it has no value. */
  readonly effectSize: number | null;
  /** Are the step's operators more alike than the baseline's? */
  readonly similarityTest: PermutationTest;
  /** Do they follow another law? */
  readonly energyTest: PermutationTest;
  /** Is ‖mean Δψ‖ larger? For the arcs, which have no lengths, ‖mean v‖. */
  readonly meanChangeTest: PermutationTest;
  /** sim_H over the baseline's pairs, in the bins of the step's. */
  readonly histogram: Histogram;
}

/** Principal components of the vectors of a step. */
export interface Structure {
  /** What the vectors are: unit vectors v, or changes Δψ. */
  readonly of: 'v' | 'change';
  /** Shares of the variance of the leading components. */
  readonly shares: readonly number[];
  /** Coordinates along the first two components of every operator; 0 where there is no second. */
  readonly points: readonly (readonly [number, number])[];
}

/** Clusters of the unit vectors. */
export interface Clusters {
  /** Sum of squared distances to the means for k = 1, 2, …. */
  readonly inertia: readonly number[];
  /** The k of the labels: where the inertia curve bends most; 1 where it has no bend. */
  readonly k: number;
  /** Cluster of every operator. */
  readonly labels: readonly number[];
}

/** The rotations of a step, held against those between random states. */
export interface RotationStatistics {
  /** Mean Bures angle θ in radians, the modulus of αH's eigenvalues. */
  readonly meanAngle: number;
  /** Mean over pairs, Tr(H_iH_j)/(‖H_i‖‖H_j‖), in [−1, 1]. */
  readonly similarityH: number;
  /** Standard deviation of sim_H over pairs; null for one pair. */
  readonly deviationH: number | null;
  /** Mean over pairs, Tr(U_iᵀU_j)/V. */
  readonly similarityU: number;
  /** Both means between random states. */
  readonly baseline: { readonly similarityH: number; readonly similarityU: number };
  /** Cohen's d of sim_H; null where it has no value. */
  readonly effectSize: number | null;
  /** Are the step's rotations more alike than the baseline's? */
  readonly similarityTest: PermutationTest;
}

/** The operators of a step that depend on its states, not on v alone. */
export interface OtherOperators {
  /** The rotations of the same steps. */
  readonly rotation: RotationStatistics;
  /** One unitary for all texts. */
  readonly procrustes: ProcrustesFit & {
    /** `explained` of as many steps between random states. */
    readonly baselineExplained: number;
  };
}

/** What needs at least two operators. */
export interface StepStatistics {
  /** Mean over pairs, Tr(H_iH_j)/(‖H_i‖‖H_j‖). */
  readonly similarityH: number;
  /** Mean over pairs, Tr(U_iU_j)/V. */
  readonly similarityU: number;
  /** Standard deviation of sim_H over pairs; null for one pair. */
  readonly deviationH: number | null;
  /** sim_H over pairs. */
  readonly histogram: Histogram;
  /** The step against every baseline. */
  readonly baselines: readonly BaselineComparison[];
  /** Principal components of the v and of the Δψ. */
  readonly structures: readonly Structure[];
  /** k-means of the operators. */
  readonly clusters: Clusters;
  /** UMAP of the operators, by the distances √(2(1 − c²)); null if not asked for or below four operators. */
  readonly umap: readonly (readonly [number, number])[] | null;
  /** Null unless the states were kept. */
  readonly otherOperators: OtherOperators | null;
}

/** One step over the data set. */
export interface StepRow {
  /** Name of the stage before. */
  readonly from: string;
  /** Name of the stage after. */
  readonly to: string;
  /** Operators, one for each prediction that moves the state. */
  readonly operators: number;
  /** Predictions whose states coincide; they are left out. */
  readonly coinciding: number;
  /** Which prediction each operator belongs to. */
  readonly members: readonly number[];
  /** ‖Δψ‖ of every operator. */
  readonly lengths: readonly number[];
  /** For V = 2: the vectors v. */
  readonly vectors: readonly (readonly [number, number])[] | null;
  /** Mean ‖Δψ‖; null without operators. */
  readonly meanLength: number | null;
  /** ‖mean Δψ‖ and ‖mean v‖; null without operators. */
  readonly meanChange: number | null;
  /** ‖mean v‖; null without operators. */
  readonly meanVector: number | null;
  /** Components of the mean Δψ largest in modulus. */
  readonly top: readonly UnitChange[];
  /** The same of every operator. */
  readonly topOfOperators: readonly (readonly UnitChange[])[];
  /** Null, that is undefined, below two operators. */
  readonly statistics: StepStatistics | null;
}

/** Dependence of the operators of two steps on one another, over the predictions that move both. */
export interface StepDependence extends DistanceCorrelation {
  /** Names of the stages after the two steps. */
  readonly steps: readonly [string, string];
}

/** What {@link analyseDataSet} returns: plain data. */
export interface DataSetResult {
  /** Which implementation ran. */
  readonly backend: BackendKind;
  /** Number of output units. */
  readonly V: number;
  /** Predictions. */
  readonly texts: number;
  /** Relabellings of every test. */
  readonly permutations: number;
  /** Decimal. */
  readonly seed: string;
  /** One row for each step, in the order of the stages. */
  readonly steps: readonly StepRow[];
  /** Every step with the one after it. */
  readonly dependence: readonly StepDependence[];
}
