import type { Backend } from '../../backend/backend.ts';
import { DomainError } from '../../core/errors.ts';
import { eigenvaluesHermitian } from '../../linalg/eigen/eigh.ts';
import { adjointMap, type Channel, checkChannel } from './channel.ts';
import { adjointOf, complexIdentity, hermitianPart, largestDifference } from './complex.ts';

/** How far from exact a property may be. */
const TOLERANCE = 1e-10;

/**
 * Whether E(A†) = E(A)†: max |J − J†| ≤ tolerance·max |J|. (QuTiP's `ishp`.)
 *
 * @throws DomainError for what is no channel or a tolerance that is not at least 0.
 */
export function keepsHermiticity(channel: Channel, tolerance = TOLERANCE): boolean {
  check('keepsHermiticity', channel, tolerance);
  return largestDifference(channel.choi, adjointOf(channel.choi)) <= tolerance * largestPart(channel);
}

/**
 * Whether E ⊗ 1 keeps operators positive: J Hermitian and λ_min(J) ≥ −tolerance·λ_max(J). (QuTiP's `iscp`, Qiskit's `is_cp`.)
 *
 * @throws as {@link keepsHermiticity}
 * @source M.-D. Choi, Linear Algebra Appl. 10 (1975) 285.
 */
export function isCompletelyPositive(backend: Backend, channel: Channel, tolerance = TOLERANCE): boolean {
  check('isCompletelyPositive', channel, tolerance);
  if (!keepsHermiticity(channel, tolerance)) return false;
  const values = eigenvaluesHermitian(backend, hermitianPart(channel.choi));
  return values[0]! >= -tolerance * values.at(-1)!;
}

/** Whether Tr E(A) = Tr A: max |E*(1) − 1| ≤ tolerance. (QuTiP's `istp`, Qiskit's `is_tp`.) @throws as {@link keepsHermiticity} */
export function keepsTrace(channel: Channel, tolerance = TOLERANCE): boolean {
  check('keepsTrace', channel, tolerance);
  return isUnital(adjointMap(channel), tolerance);
}

/** Whether E(1) = 1: max |E(1) − 1| ≤ tolerance. (Qiskit's `is_unital`.) @throws as {@link keepsHermiticity} */
export function isUnital(channel: Channel, tolerance = TOLERANCE): boolean {
  check('isUnital', channel, tolerance);
  const { inputs, outputs } = channel;
  return largestDifference(channel.apply(complexIdentity(inputs)), complexIdentity(outputs)) <= tolerance;
}

/** Whether a map is a quantum channel: completely positive, and it keeps the trace. (QuTiP's `iscptp`, Qiskit's `is_cptp`.) @throws as {@link keepsHermiticity} */
export function isQuantumChannel(backend: Backend, channel: Channel, tolerance = TOLERANCE): boolean {
  check('isQuantumChannel', channel, tolerance);
  return keepsTrace(channel, tolerance) && isCompletelyPositive(backend, channel, tolerance);
}

function largestPart({ choi }: Channel): number {
  return choi.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

function check(where: string, channel: Channel, tolerance: number): void {
  checkChannel(where, 'channel', channel);
  if (!(tolerance >= 0))
    throw new DomainError(`${where}: tolerance must be at least 0, but it is ${String(tolerance)}.`);
}
