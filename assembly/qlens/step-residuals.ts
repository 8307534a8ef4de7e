/**
 * Residuals of the operator of a step. Mathematics: src/backend/ts/qlens/step-residuals.ts. The three probes go together, in three passes: inner
 * products, those of Ux, and what is left. Lane 0 holds the even-numbered terms, lane 1 the odd-numbered ones.
 */
import { at, pairOrLast, put, putVector, rowOf } from '../layout';
import { sumOfLanes } from '../simd';

export function stepResiduals(psiIn: usize, psiOut: usize, probe: usize, basis: usize, coefficients: usize, update: usize, change: usize, residuals: usize, V: i32): void {
  const mean = rowOf<f64>(basis, 1, V);
  const zero = f64x2.splat(0);
  let inV = zero, inM = zero, inSquare = zero;
  let changeV = zero, changeM = zero, changeSquare = zero;
  let probeV = zero, probeM = zero, probeSquare = zero;
  for (let i = 0; i < V; i += 2) {
    const v = pairOrLast(basis, i, V);
    const m = pairOrLast(mean, i, V);
    const x = pairOrLast(psiIn, i, V);
    const d = f64x2.sub(pairOrLast(psiOut, i, V), x);
    const q = pairOrLast(probe, i, V);
    if (i + 1 < V) putVector<f64>(change, i, d);
    else put<f64>(change, i, f64x2.extract_lane(d, 0));
    inV = plus(inV, v, x);
    inM = plus(inM, m, x);
    inSquare = plus(inSquare, x, x);
    changeV = plus(changeV, v, d);
    changeM = plus(changeM, m, d);
    changeSquare = plus(changeSquare, d, d);
    probeV = plus(probeV, v, q);
    probeM = plus(probeM, m, q);
    probeSquare = plus(probeSquare, q, q);
  }
  const inWeightV = weight(coefficients, 0, 1, inV, inM);
  const inWeightM = weight(coefficients, 2, 3, inV, inM);
  const updateV = weight(update, 0, 1, inV, inM);
  const updateM = weight(update, 2, 3, inV, inM);
  const changeWeightV = weight(coefficients, 0, 1, changeV, changeM);
  const changeWeightM = weight(coefficients, 2, 3, changeV, changeM);
  const probeWeightV = weight(coefficients, 0, 1, probeV, probeM);
  const probeWeightM = weight(coefficients, 2, 3, probeV, probeM);

  let mapping = zero, theorem1 = zero;
  inV = inM = changeV = changeM = probeV = probeM = zero;
  for (let i = 0; i < V; i += 2) {
    const v = pairOrLast(basis, i, V);
    const m = pairOrLast(mean, i, V);
    const d = pairOrLast(change, i, V);
    const x = moved(pairOrLast(psiIn, i, V), inWeightV, v, inWeightM, m);
    const y = moved(d, changeWeightV, v, changeWeightM, m);
    const z = moved(pairOrLast(probe, i, V), probeWeightV, v, probeWeightM, m);
    const missed = f64x2.sub(x, pairOrLast(psiOut, i, V));
    const left = f64x2.sub(moved(zero, updateV, v, updateM, m), d);
    mapping = plus(mapping, missed, missed);
    theorem1 = plus(theorem1, left, left);
    inV = plus(inV, v, x);
    inM = plus(inM, m, x);
    changeV = plus(changeV, v, y);
    changeM = plus(changeM, m, y);
    probeV = plus(probeV, v, z);
    probeM = plus(probeM, m, z);
  }
  const inBackV = weight(coefficients, 0, 2, inV, inM);
  const inBackM = weight(coefficients, 1, 3, inV, inM);
  const changeBackV = weight(coefficients, 0, 2, changeV, changeM);
  const changeBackM = weight(coefficients, 1, 3, changeV, changeM);
  const probeBackV = weight(coefficients, 0, 2, probeV, probeM);
  const probeBackM = weight(coefficients, 1, 3, probeV, probeM);

  let inError = zero, changeError = zero, probeError = zero;
  for (let i = 0; i < V; i += 2) {
    const v = pairOrLast(basis, i, V);
    const m = pairOrLast(mean, i, V);
    const x = pairOrLast(psiIn, i, V);
    const d = pairOrLast(change, i, V);
    const q = pairOrLast(probe, i, V);
    const e = f64x2.sub(moved(moved(x, inWeightV, v, inWeightM, m), inBackV, v, inBackM, m), x);
    const f = f64x2.sub(moved(moved(d, changeWeightV, v, changeWeightM, m), changeBackV, v, changeBackM, m), d);
    const g = f64x2.sub(moved(moved(q, probeWeightV, v, probeWeightM, m), probeBackV, v, probeBackM, m), q);
    inError = plus(inError, e, e);
    changeError = plus(changeError, f, f);
    probeError = plus(probeError, g, g);
  }
  const unitarity = max<f64>(max<f64>(ratio(inError, inSquare), ratio(changeError, changeSquare)), ratio(probeError, probeSquare));
  put<f64>(residuals, 0, sqrt(sumOfLanes(mapping)));
  put<f64>(residuals, 1, unitarity);
  put<f64>(residuals, 2, sqrt(sumOfLanes(theorem1)));
}

/** sum + x·y. */
// @ts-ignore: decorator
@inline
function plus(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

/** x + wv·v + wm·m. */
// @ts-ignore: decorator
@inline
function moved(x: v128, wv: v128, v: v128, wm: v128, m: v128): v128 {
  return f64x2.add(f64x2.add(x, f64x2.mul(wv, v)), f64x2.mul(wm, m));
}

/** One row of C, entries `a` and `b`, times the pair of inner products; in both lanes. */
// @ts-ignore: decorator
@inline
function weight(C: usize, a: i32, b: i32, v: v128, m: v128): v128 {
  return f64x2.splat(at<f64>(C, a) * sumOfLanes(v) + at<f64>(C, b) * sumOfLanes(m));
}

function ratio(error: v128, square: v128): f64 {
  const norm = sqrt(sumOfLanes(square));
  return norm == 0 ? 0 : sqrt(sumOfLanes(error)) / norm;
}
