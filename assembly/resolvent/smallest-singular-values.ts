/**
 * Mathematics: src/backend/ts/resolvent/smallest-singular-values.ts. Four points are under way at once, one in each lane; when one
 * has converged, the next takes its place. A free lane holds zeros and no point.
 * Work space: panels x, p, q, reciprocals; eleven rows of four numbers (see `Lane`); a and b of every lane; three numbers for `ritz`.
 */
import { at, put, rowOf, seek } from '../layout';
import { LANES, ROW } from './lanes';
import { ritz } from './ritz';
import { substitute } from './substitution';

const SINGULAR: f64 = reinterpret<f64>((1023 + 360) << 52);
const LEAST_VALUE: f64 = reinterpret<f64>((1023 - 180) << 52);
const CAUTION: f64 = 64;
const FREE: f64 = -1;

/** Rows of four numbers, one for each lane. */
const enum Lane {
  downScale,
  downRatio,
  alphaSquare,
  upScale,
  upRatio,
  betaSquare,
  before,
  theta,
  square,
  step,
  point,
  rows,
}

// @ts-ignore: decorator
@inline
function row(state: usize, which: Lane): usize {
  return seek<f64>(state, which * LANES);
}

// @ts-ignore: decorator
@inline
function get(state: usize, which: Lane, lane: i32): f64 {
  return at<f64>(state, which * LANES + lane);
}

// @ts-ignore: decorator
@inline
function set(state: usize, which: Lane, lane: i32, value: f64): void {
  put<f64>(state, which * LANES + lane, value);
}

function putDiagonal(upper: usize, n: i32, re: f64, im: f64, reciprocals: usize): void {
  for (let i = 0; i < n; i++) {
    const diagonal = rowOf<f64>(upper, i, 2 * n + 2);
    const dr = re - at<f64>(diagonal, 0);
    const di = im - at<f64>(diagonal, 1);
    const inverse = 1 / (dr * dr + di * di);
    const to = rowOf<f64>(reciprocals, i, ROW);
    put<f64>(to, 0, dr * inverse);
    put<f64>(to, LANES, -(di * inverse));
  }
}

/** A lane's column of a panel becomes a vector, or zero. */
function putColumn(panel: usize, n: i32, vector: usize): void {
  for (let i = 0; i < n; i++) {
    const to = rowOf<f64>(panel, i, ROW);
    put<f64>(to, 0, vector == 0 ? 0 : at<f64>(vector, 2 * i));
    put<f64>(to, LANES, vector == 0 ? 0 : at<f64>(vector, 2 * i + 1));
  }
}

export function smallestSingularValues(
  upper: usize, lower: usize, n: i32, start: usize, points: usize, count: i32, tolerance: f64, limit: i32, values: usize, steps: usize, work: usize,
): void {
  const x = work;
  const p = rowOf<f64>(x, n, ROW);
  const q = rowOf<f64>(p, n, ROW);
  const reciprocals = rowOf<f64>(q, n, ROW);
  const state = rowOf<f64>(reciprocals, n, ROW);
  const as = row(state, Lane.rows);
  const bs = rowOf<f64>(as, limit, LANES);
  const out = rowOf<f64>(bs, limit, LANES);
  memory.fill(work, 0, state - work);
  let next = 0;
  let active = 0;
  for (let lane = 0; lane < LANES; lane++) set(state, Lane.point, lane, FREE);
  do {
    for (let lane = 0; lane < LANES; lane++) {
      if (get(state, Lane.point, lane) != FREE) continue;
      const taken = next < count;
      if (taken) {
        putDiagonal(upper, n, at<f64>(points, 2 * next), at<f64>(points, 2 * next + 1), seek<f64>(reciprocals, lane));
        set(state, Lane.point, lane, <f64>next);
        next++;
        active++;
      }
      putColumn(seek<f64>(p, lane), n, taken ? start : 0);
      putColumn(seek<f64>(q, lane), n, 0);
      set(state, Lane.downScale, lane, 1);
      set(state, Lane.downRatio, lane, 0);
      set(state, Lane.before, lane, 0);
      set(state, Lane.theta, lane, 0);
      set(state, Lane.square, lane, 0);
      set(state, Lane.step, lane, 0);
    }
    substitute(true, n, lower, reciprocals, x, p, row(state, Lane.downScale), q, row(state, Lane.downRatio), row(state, Lane.alphaSquare));
    for (let lane = 0; lane < LANES; lane++) {
      const alpha = sqrt<f64>(get(state, Lane.alphaSquare, lane));
      const free = get(state, Lane.point, lane) == FREE;
      set(state, Lane.upScale, lane, free ? 0 : 1 / alpha);
      set(state, Lane.upRatio, lane, alpha * get(state, Lane.downScale, lane));
    }
    substitute(false, n, upper, reciprocals, x, q, row(state, Lane.upScale), p, row(state, Lane.upRatio), row(state, Lane.betaSquare));
    for (let lane = 0; lane < LANES; lane++) {
      const point = <i32>get(state, Lane.point, lane);
      if (point < 0) continue;
      const k = <i32>get(state, Lane.step, lane) + 1;
      const alphaSquare = get(state, Lane.alphaSquare, lane);
      const betaSquare = get(state, Lane.betaSquare, lane);
      if (!(alphaSquare < SINGULAR && betaSquare < SINGULAR)) {
        put<f64>(values, point, 0);
        put<f64>(steps, point, <f64>k);
        set(state, Lane.point, lane, FREE);
        active--;
        continue;
      }
      const a = rowOf<f64>(as, lane, limit);
      const b = rowOf<f64>(bs, lane, limit);
      put<f64>(a, k - 1, alphaSquare + get(state, Lane.before, lane));
      put<f64>(b, k - 1, alphaSquare * betaSquare);
      ritz(a, b, k, get(state, Lane.theta, lane), get(state, Lane.square, lane), out);
      const theta = at<f64>(out, 0);
      const square = at<f64>(out, 1);
      const allowed = 2 * tolerance * theta;
      const converged = sqrt<f64>(square) <= allowed || (k > 1 && CAUTION * square * at<f64>(out, 2) <= allowed);
      if (converged || k == limit) {
        const value = 1 / sqrt<f64>(theta);
        put<f64>(values, point, value < LEAST_VALUE ? 0 : value);
        put<f64>(steps, point, converged ? <f64>k : <f64>-k);
        set(state, Lane.point, lane, FREE);
        active--;
        continue;
      }
      const beta = sqrt<f64>(betaSquare);
      set(state, Lane.downScale, lane, 1 / beta);
      set(state, Lane.downRatio, lane, beta / sqrt<f64>(alphaSquare));
      set(state, Lane.before, lane, betaSquare);
      set(state, Lane.theta, lane, theta);
      set(state, Lane.square, lane, square);
      set(state, Lane.step, lane, <f64>k);
    }
  } while (active > 0 || next < count);
}
