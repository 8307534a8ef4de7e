/**
 * Overlap, distances and orthonormal pair of two states. Mathematics: src/backend/ts/qlens/transition.ts. One f64x2
 * accumulator per paired sum: lane 0 holds the even-numbered terms, lane 1 the odd-numbered ones.
 */
import { at, put, putVector, rowOf, vectorAt } from '../layout';

// @ts-ignore: decorator
@inline
function total(pair: v128, tail: f64): f64 {
  return f64x2.extract_lane(pair, 0) + tail + f64x2.extract_lane(pair, 1);
}

export function transition(psiIn: usize, psiOut: usize, basis: usize, measures: usize, V: i32): void {
  let overlap = f64x2.splat(0);
  let distance = f64x2.splat(0);
  let sum = f64x2.splat(0);
  let cross = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= V; i += 2) {
    const x = vectorAt<f64>(psiIn, i);
    const y = vectorAt<f64>(psiOut, i);
    const delta = f64x2.sub(y, x);
    const sigma = f64x2.add(x, y);
    overlap = f64x2.add(overlap, f64x2.mul(x, y));
    distance = f64x2.add(distance, f64x2.mul(delta, delta));
    sum = f64x2.add(sum, f64x2.mul(sigma, sigma));
    cross = f64x2.add(cross, f64x2.mul(delta, sigma));
  }
  let overlapTail: f64 = 0;
  let distanceTail: f64 = 0;
  let sumTail: f64 = 0;
  let crossTail: f64 = 0;
  if (i < V) {
    const delta = at<f64>(psiOut, i) - at<f64>(psiIn, i);
    const sigma = at<f64>(psiIn, i) + at<f64>(psiOut, i);
    overlapTail = at<f64>(psiIn, i) * at<f64>(psiOut, i);
    distanceTail = delta * delta;
    sumTail = sigma * sigma;
    crossTail = delta * sigma;
  }
  const sumSquare = total(sum, sumTail);
  const sumNorm = sqrt(sumSquare);
  put<f64>(measures, 0, total(overlap, overlapTail));
  put<f64>(measures, 1, sqrt(total(distance, distanceTail)));
  put<f64>(measures, 2, sumNorm);
  if (basis != 0) orthonormalPair(psiIn, psiOut, basis, total(cross, crossTail) / sumSquare, sumNorm, V);
}

function orthonormalPair(a: usize, b: usize, basis: usize, c: f64, sumNorm: f64, V: i32): void {
  const m = rowOf<f64>(basis, 1, V);
  const cs = f64x2.splat(c);
  const sumNorms = f64x2.splat(sumNorm);
  let squares = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= V; i += 2) {
    const x = vectorAt<f64>(a, i);
    const y = vectorAt<f64>(b, i);
    const sigma = f64x2.add(x, y);
    const v = f64x2.sub(f64x2.sub(y, x), f64x2.mul(cs, sigma));
    putVector<f64>(basis, i, v);
    putVector<f64>(m, i, f64x2.div(sigma, sumNorms));
    squares = f64x2.add(squares, f64x2.mul(v, v));
  }
  let tail: f64 = 0;
  if (i < V) {
    const sigma = at<f64>(a, i) + at<f64>(b, i);
    const v = at<f64>(b, i) - at<f64>(a, i) - c * sigma;
    put<f64>(basis, i, v);
    put<f64>(m, i, sigma / sumNorm);
    tail = v * v;
  }
  const square = total(squares, tail);
  const norm = square > 0 ? sqrt(square) : 1;
  const norms = f64x2.splat(norm);
  let j = 0;
  for (; j + 2 <= V; j += 2) putVector<f64>(basis, j, f64x2.div(vectorAt<f64>(basis, j), norms));
  for (; j < V; j++) put<f64>(basis, j, at<f64>(basis, j) / norm);
}
