/**
 * Overlap and distances of two unit vectors a = ψ_in, b = ψ_out, and the orthonormal pair (v, m) that spans them:
 * with Δ = b − a and σ = a + b, m = σ/‖σ‖ and v = (Δ − cσ)/‖Δ − cσ‖, c = ⟨Δ|σ⟩/⟨σ|σ⟩.
 *
 * For exact unit vectors ⟨Δ|σ⟩ = ‖b‖² − ‖a‖² = 0. In floating point the norms differ by about u, and Δ/‖Δ‖ then leans
 * towards σ by u/‖Δ‖: for states 1e-9 apart (I − 2vvᵀ)ψ_in would miss ψ_out by 1e-7. Taking cσ away restores u, whatever
 * the distance. All sums are paired.
 *
 * @accuracy |⟨v|m⟩| and |‖v‖ − 1| of order u; parity exact.
 * @source own: the derivation above.
 */
export function transition(
  a: Float64Array,
  b: Float64Array,
  basis: Float64Array | null,
  measures: Float64Array,
  V: number,
): void {
  let evenOverlap = 0;
  let oddOverlap = 0;
  let evenDistance = 0;
  let oddDistance = 0;
  let evenSum = 0;
  let oddSum = 0;
  let evenCross = 0;
  let oddCross = 0;
  let i = 0;
  for (; i + 2 <= V; i += 2) {
    const evenDelta = b[i]! - a[i]!;
    const oddDelta = b[i + 1]! - a[i + 1]!;
    const evenSigma = a[i]! + b[i]!;
    const oddSigma = a[i + 1]! + b[i + 1]!;
    evenOverlap += a[i]! * b[i]!;
    oddOverlap += a[i + 1]! * b[i + 1]!;
    evenDistance += evenDelta * evenDelta;
    oddDistance += oddDelta * oddDelta;
    evenSum += evenSigma * evenSigma;
    oddSum += oddSigma * oddSigma;
    evenCross += evenDelta * evenSigma;
    oddCross += oddDelta * oddSigma;
  }
  if (i < V) {
    const delta = b[i]! - a[i]!;
    const sigma = a[i]! + b[i]!;
    evenOverlap += a[i]! * b[i]!;
    evenDistance += delta * delta;
    evenSum += sigma * sigma;
    evenCross += delta * sigma;
  }
  const sumSquare = evenSum + oddSum;
  const sumNorm = Math.sqrt(sumSquare);
  measures[0] = evenOverlap + oddOverlap;
  measures[1] = Math.sqrt(evenDistance + oddDistance);
  measures[2] = sumNorm;
  if (basis !== null) orthonormalPair(a, b, basis, (evenCross + oddCross) / sumSquare, sumNorm, V);
}

function orthonormalPair(
  a: Float64Array,
  b: Float64Array,
  basis: Float64Array,
  c: number,
  sumNorm: number,
  V: number,
): void {
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 2 <= V; i += 2) {
    const evenSigma = a[i]! + b[i]!;
    const oddSigma = a[i + 1]! + b[i + 1]!;
    const evenV = b[i]! - a[i]! - c * evenSigma;
    const oddV = b[i + 1]! - a[i + 1]! - c * oddSigma;
    basis[i] = evenV;
    basis[i + 1] = oddV;
    basis[V + i] = evenSigma / sumNorm;
    basis[V + i + 1] = oddSigma / sumNorm;
    even += evenV * evenV;
    odd += oddV * oddV;
  }
  if (i < V) {
    const sigma = a[i]! + b[i]!;
    const v = b[i]! - a[i]! - c * sigma;
    basis[i] = v;
    basis[V + i] = sigma / sumNorm;
    even += v * v;
  }
  const square = even + odd;
  const norm = square > 0 ? Math.sqrt(square) : 1;
  for (let j = 0; j < V; j++) basis[j] = basis[j]! / norm;
}
