import type { ModelHead } from '../chen-result.ts';
import type { StepCertificate } from './certify-step.ts';
import type { StepKind } from './string-channel.ts';

/** Two strings whose superposition (|h⟩ + |h′⟩)/√2 two extensions of a step take farthest apart. */
export interface QuantumWitness {
  /** The two extensions. */
  readonly steps: readonly [StepKind, StepKind];
  /** h and h′ by the names of their tokens. */
  readonly strings: readonly [readonly string[], readonly string[]];
  /** Trace distance of the two images. */
  readonly distance: number;
}

/** A block's step on all coherences. */
export interface QuantumBlock {
  /** From 1. */
  readonly block: number;
  /** One for each way to extend the step, and one for the coherent step. */
  readonly certificates: readonly (StepCertificate & { readonly step: StepKind })[];
  /** One for each pair of extensions. */
  readonly witnesses: readonly QuantumWitness[];
}

/** The coherent state Σ √P(y_1 … y_L) |h y_1 … y_L⟩. Information in nats. */
export interface CoherentResult {
  /** Its strings. */
  readonly strings: number;
  /** Cuts between the tokens generated: after the 1st, 2nd, … of them. */
  readonly cuts: readonly {
    readonly after: number;
    /** Schmidt coefficients above 0, largest first. */
    readonly schmidt: readonly number[];
    readonly entanglement: number;
    /** Mutual information of the two sides when all tokens are measured. */
    readonly classical: number;
  }[];
}

/** A model of Chen's kind off the diagonal: plain data, the same through JSON. */
export interface QuantumResult extends ModelHead {
  /** Which result it is. */
  readonly kind: 'chen-quantum';
  /** Strings of the sectors on which channels are certified. */
  readonly strings: number;
  /** Certificates and witnesses of every block. */
  readonly blocks: readonly QuantumBlock[];
  /** null for a mixture of texts, and beyond 4096 strings. */
  readonly coherent: CoherentResult | null;
  /** Why there is no coherent state; null where there is one. */
  readonly coherentRefused: string | null;
}
