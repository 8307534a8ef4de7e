/**
 * Householder reflectors P = I − τ v vᵀ with P x = β e₁, β = −sign(x₁)·‖x‖; v is scaled to ‖v‖² = 2/τ with 1 ≤ |v₁| ≤ 2.
 */

const LOW: number = 1e-140;
const HIGH: number = 1e140;
/** 2^±600. */
const UP: number = 4.149515568880993e180;
const DOWN: number = 2.409919865102884e-181;

/** x = v[o…] of `count` numbers becomes v; out[k…] = τ, β. τ = 0 (and v = 0) where x is a multiple of e₁. */
export function makeReflector(v: Float64Array, o: number, count: number, out: Float64Array, k: number): void {
  let largest = 0.0;
  for (let i = 1; i < count; i++) largest = Math.max(largest, Math.abs(v[o + i]!));
  const first = v[o]!;
  if (largest === 0) {
    for (let i = 0; i < count; i++) v[o + i] = 0;
    out[k] = 0;
    out[k + 1] = first;
    return;
  }
  largest = Math.max(largest, Math.abs(first));
  const unit = largest < LOW ? UP : largest > HIGH ? DOWN : 1.0;
  let squares = 0.0;
  for (let i = 0; i < count; i++) {
    const x = v[o + i]! * unit;
    squares += x * x;
  }
  const norm = Math.sqrt(squares);
  const ratio = Math.abs(first * unit) / norm;
  for (let i = 1; i < count; i++) v[o + i] = (v[o + i]! * unit) / norm;
  v[o] = first < 0 ? -(1 + ratio) : 1 + ratio;
  out[k] = 1 / (1 + ratio);
  out[k + 1] = (first < 0 ? norm : -norm) / unit;
}

/** row ← row (I − τ v vᵀ) for `rows` rows of a, the first at a[start], `lane` numbers apart; sums of even and odd terms apart. */
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
    let even = 0.0;
    let odd = 0.0;
    let j = 0;
    for (; j + 2 <= count; j += 2) {
      even += v[o + j]! * a[p + j]!;
      odd += v[o + j + 1]! * a[p + j + 1]!;
    }
    if (j < count) even += v[o + j]! * a[p + j]!;
    const y = tau * (even + odd);
    for (j = 0; j < count; j++) a[p + j] = a[p + j]! - y * v[o + j]!;
  }
}
