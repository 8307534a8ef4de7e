/**
 * Householder reflectors P = I − τ v v*, Hermitian and unitary: τ is real and P x = β e₁ with β = −(x₁/|x₁|)·‖x‖, complex.
 * v is scaled to ‖v‖² = 2/τ with 1 ≤ |v₁| ≤ 2, so that nothing overflows whatever the size of x.
 */
import { modulus } from '../../../../math/complex-pairs.ts';

const LOW: number = 1e-140;
const HIGH: number = 1e140;
/** 2^±600. */
const UP: number = 4.149515568880993e180;
const DOWN: number = 2.409919865102884e-181;

/** x = v[o…] of `count` complex numbers becomes v; out[k…] = τ, Re β, Im β. τ = 0 (and v = 0) where x is a multiple of e₁. */
export function makeReflector(v: Float64Array, o: number, count: number, out: Float64Array, k: number): void {
  let largest = 0.0;
  for (let i = 2; i < 2 * count; i++) largest = Math.max(largest, Math.abs(v[o + i]!));
  const firstR = v[o]!;
  const firstI = v[o + 1]!;
  if (largest === 0) {
    for (let i = 0; i < 2 * count; i++) v[o + i] = 0;
    out[k] = 0;
    out[k + 1] = firstR;
    out[k + 2] = firstI;
    return;
  }
  largest = Math.max(largest, Math.max(Math.abs(firstR), Math.abs(firstI)));
  const unit = largest < LOW ? UP : largest > HIGH ? DOWN : 1.0;
  let squares = 0.0;
  for (let i = 0; i < 2 * count; i++) {
    const x = v[o + i]! * unit;
    squares += x * x;
  }
  const norm = Math.sqrt(squares);
  const first = modulus(firstR * unit, firstI * unit);
  const negligible = first <= LOW * norm;
  const phaseR = negligible ? 1.0 : (firstR * unit) / first;
  const phaseI = negligible ? 0.0 : (firstI * unit) / first;
  const ratio = first / norm;
  for (let i = 2; i < 2 * count; i++) v[o + i] = (v[o + i]! * unit) / norm;
  v[o] = phaseR * (1 + ratio);
  v[o + 1] = phaseI * (1 + ratio);
  out[k] = 1 / (1 + ratio);
  out[k + 1] = (-phaseR * norm) / unit;
  out[k + 2] = (-phaseI * norm) / unit;
}

/** row ← row (I − τ v v*) for `rows` rows of a, the first at a[start], `lane` numbers apart. */
export function reflectRows(
  a: Float64Array,
  start: number,
  lane: number,
  rows: number,
  v: Float64Array,
  o: number,
  count: number,
  tau: number,
): void {
  for (let r = 0; r < rows; r++) {
    const p = start + r * lane;
    let rr = 0.0;
    let ri = 0.0;
    let ir = 0.0;
    let ii = 0.0;
    for (let j = 0; j < 2 * count; j += 2) {
      rr += v[o + j]! * a[p + j]!;
      ri += v[o + j]! * a[p + j + 1]!;
      ir += v[o + j + 1]! * a[p + j]!;
      ii += v[o + j + 1]! * a[p + j + 1]!;
    }
    const yr = tau * (rr - ii);
    const yi = tau * (ri + ir);
    for (let j = 0; j < 2 * count; j += 2) {
      a[p + j] = a[p + j]! - yr * v[o + j]! - yi * v[o + j + 1]!;
      a[p + j + 1] = a[p + j + 1]! + yr * v[o + j + 1]! - yi * v[o + j]!;
    }
  }
}
