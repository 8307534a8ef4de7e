/**
 * Products of a matrix with a vector or two. Mathematics: src/backend/ts/iterative/thin-products.ts. Eight sums of two lanes at a time, or
 * eight rows added to a row of sums; half as many rows for two vectors.
 */
import { at, put, rowOf, seek, vectorAt } from '../layout';
import { multiplyAddF64 } from '../simd';

// @ts-ignore: decorator
@inline
function next(a: usize, x: v128, sum: v128): v128 {
  return multiplyAddF64(v128.load(a), x, sum);
}

// @ts-ignore: decorator
@inline
function lastOf(sums: v128, n: i32, row: usize, x: usize): f64 {
  const even = f64x2.extract_lane(sums, 0);
  const rest = n & 1 ? even + at<f64>(row, n - 1) * at<f64>(x, n - 1) : even;
  return rest + f64x2.extract_lane(sums, 1);
}

/** The even sums of two rows, the last column of an odd number with them, plus the odd ones. */
// @ts-ignore: decorator
@inline
function finishPair(n: i32, s: v128, t: v128, row: usize, under: usize, x: usize, y: usize): void {
  let even = v128.shuffle<f64>(s, t, 0, 2);
  const odd = v128.shuffle<f64>(s, t, 1, 3);
  if (n & 1) {
    const pair = f64x2.replace_lane(v128.load64_splat(seek<f64>(row, n - 1)), 1, at<f64>(under, n - 1));
    even = multiplyAddF64(pair, v128.load64_splat(seek<f64>(x, n - 1)), even);
  }
  v128.store(y, f64x2.add(even, odd));
}

function eightRows(n: i32, a: usize, lda: i32, x: usize, y: usize): void {
  const step = (<usize>lda) * 8;
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
  let s4 = f64x2.splat(0), s5 = f64x2.splat(0), s6 = f64x2.splat(0), s7 = f64x2.splat(0);
  const a1 = a + step;
  const a2 = a1 + step;
  const a3 = a2 + step;
  const a4 = a3 + step;
  const a5 = a4 + step;
  const a6 = a5 + step;
  const a7 = a6 + step;
  const end = (<usize>(n >> 1)) * 16;
  for (let o: usize = 0; o < end; o += 16) {
    const xp = v128.load(x + o);
    s0 = next(a + o, xp, s0);
    s1 = next(a1 + o, xp, s1);
    s2 = next(a2 + o, xp, s2);
    s3 = next(a3 + o, xp, s3);
    s4 = next(a4 + o, xp, s4);
    s5 = next(a5 + o, xp, s5);
    s6 = next(a6 + o, xp, s6);
    s7 = next(a7 + o, xp, s7);
  }
  // V8 orders a loop's arithmetic by the first uses of its sums after the loop: in the other order half of them leave the registers.
  finishPair(n, s6, s7, a6, a7, x, y + 48);
  finishPair(n, s4, s5, a4, a5, x, y + 32);
  finishPair(n, s2, s3, a2, a3, x, y + 16);
  finishPair(n, s0, s1, a, a1, x, y);
}

function oneRow(n: i32, a: usize, x: usize, y: usize): void {
  let sums = f64x2.splat(0);
  for (let k = 0; k + 2 <= n; k += 2) sums = next(seek<f64>(a, k), vectorAt<f64>(x, k), sums);
  put<f64>(y, 0, lastOf(sums, n, a, x));
}

export function forward(m: i32, n: i32, a: usize, lda: i32, x: usize, y: usize): void {
  let i = 0;
  for (; i + 8 <= m; i += 8) eightRows(n, rowOf<f64>(a, i, lda), lda, x, seek<f64>(y, i));
  for (; i < m; i++) oneRow(n, rowOf<f64>(a, i, lda), x, seek<f64>(y, i));
}

/** Four rows times two vectors. */
function fourTimesTwo(n: i32, a: usize, lda: i32, x0: usize, x1: usize, y0: usize, y1: usize): void {
  const step = (<usize>lda) * 8;
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
  let t0 = f64x2.splat(0), t1 = f64x2.splat(0), t2 = f64x2.splat(0), t3 = f64x2.splat(0);
  const a1 = a + step;
  const a2 = a1 + step;
  const a3 = a2 + step;
  const end = (<usize>(n >> 1)) * 16;
  for (let o: usize = 0; o < end; o += 16) {
    const u = v128.load(x0 + o);
    const v = v128.load(x1 + o);
    let z = v128.load(a + o);
    s0 = multiplyAddF64(z, u, s0);
    t0 = multiplyAddF64(z, v, t0);
    z = v128.load(a1 + o);
    s1 = multiplyAddF64(z, u, s1);
    t1 = multiplyAddF64(z, v, t1);
    z = v128.load(a2 + o);
    s2 = multiplyAddF64(z, u, s2);
    t2 = multiplyAddF64(z, v, t2);
    z = v128.load(a3 + o);
    s3 = multiplyAddF64(z, u, s3);
    t3 = multiplyAddF64(z, v, t3);
  }
  finishPair(n, t2, t3, a2, a3, x1, y1 + 16);
  finishPair(n, s2, s3, a2, a3, x0, y0 + 16);
  finishPair(n, t0, t1, a, a1, x1, y1);
  finishPair(n, s0, s1, a, a1, x0, y0);
}

function forwardTwo(m: i32, n: i32, a: usize, lda: i32, x0: usize, x1: usize, y0: usize, y1: usize): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) fourTimesTwo(n, rowOf<f64>(a, i, lda), lda, x0, x1, seek<f64>(y0, i), seek<f64>(y1, i));
  for (; i < m; i++) {
    oneRow(n, rowOf<f64>(a, i, lda), x0, seek<f64>(y0, i));
    oneRow(n, rowOf<f64>(a, i, lda), x1, seek<f64>(y1, i));
  }
}

/** y ← y + f_0 a_0 + … + f_7 a_7. */
function addEight(n: i32, a: usize, lda: i32, f: usize, y: usize): void {
  const step = (<usize>lda) * 8;
  const a1 = a + step;
  const a2 = a1 + step;
  const a3 = a2 + step;
  const a4 = a3 + step;
  const a5 = a4 + step;
  const a6 = a5 + step;
  const a7 = a6 + step;
  const f0 = v128.load64_splat(f);
  const f1 = v128.load64_splat(f, 8);
  const f2 = v128.load64_splat(f, 16);
  const f3 = v128.load64_splat(f, 24);
  const f4 = v128.load64_splat(f, 32);
  const f5 = v128.load64_splat(f, 40);
  const f6 = v128.load64_splat(f, 48);
  const f7 = v128.load64_splat(f, 56);
  const end = (<usize>(n >> 1)) * 16;
  if (n & 1) for (let i: usize = 0; i < 8; i++) addOne(1, a + end + i * step, f + i * 8, y + end);
  for (let o: usize = 0; o < end; o += 16) {
    let sum = v128.load(y + o);
    sum = next(a + o, f0, sum);
    sum = next(a1 + o, f1, sum);
    sum = next(a2 + o, f2, sum);
    sum = next(a3 + o, f3, sum);
    sum = next(a4 + o, f4, sum);
    sum = next(a5 + o, f5, sum);
    sum = next(a6 + o, f6, sum);
    sum = next(a7 + o, f7, sum);
    v128.store(y + o, sum);
  }
}

/** y ← y + f a. */
function addOne(n: i32, a: usize, f: usize, y: usize): void {
  const factor = v128.load64_splat(f);
  const end = a + (<usize>(n >> 1)) * 16;
  while (a < end) {
    v128.store(y, next(a, factor, v128.load(y)));
    a += 16;
    y += 16;
  }
  if (n & 1) store<f64>(y, load<f64>(y) + load<f64>(a) * load<f64>(f));
}

export function addAdjoint(m: i32, n: i32, a: usize, lda: i32, x: usize, y: usize): void {
  let i = 0;
  for (; i + 8 <= m; i += 8) addEight(n, rowOf<f64>(a, i, lda), lda, seek<f64>(x, i), y);
  for (; i < m; i++) addOne(n, rowOf<f64>(a, i, lda), seek<f64>(x, i), y);
}

/** Four rows, added to two rows of sums. */
function addFourToTwo(n: i32, a: usize, lda: i32, f: usize, g: usize, y: usize, z: usize): void {
  const step = (<usize>lda) * 8;
  const f0 = v128.load64_splat(f);
  const f1 = v128.load64_splat(f, 8);
  const f2 = v128.load64_splat(f, 16);
  const f3 = v128.load64_splat(f, 24);
  const g0 = v128.load64_splat(g);
  const g1 = v128.load64_splat(g, 8);
  const g2 = v128.load64_splat(g, 16);
  const g3 = v128.load64_splat(g, 24);
  const a1 = a + step;
  const a2 = a1 + step;
  const a3 = a2 + step;
  const end = (<usize>(n >> 1)) * 16;
  if (n & 1) {
    for (let i: usize = 0; i < 4; i++) {
      addOne(1, a + end + i * step, f + i * 8, y + end);
      addOne(1, a + end + i * step, g + i * 8, z + end);
    }
  }
  for (let o: usize = 0; o < end; o += 16) {
    let s = v128.load(y + o);
    let t = v128.load(z + o);
    let p = v128.load(a + o);
    s = multiplyAddF64(p, f0, s);
    t = multiplyAddF64(p, g0, t);
    p = v128.load(a1 + o);
    s = multiplyAddF64(p, f1, s);
    t = multiplyAddF64(p, g1, t);
    p = v128.load(a2 + o);
    s = multiplyAddF64(p, f2, s);
    t = multiplyAddF64(p, g2, t);
    p = v128.load(a3 + o);
    s = multiplyAddF64(p, f3, s);
    t = multiplyAddF64(p, g3, t);
    v128.store(y + o, s);
    v128.store(z + o, t);
  }
}

function addAdjointTwo(m: i32, n: i32, a: usize, lda: i32, x0: usize, x1: usize, y0: usize, y1: usize): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) addFourToTwo(n, rowOf<f64>(a, i, lda), lda, seek<f64>(x0, i), seek<f64>(x1, i), y0, y1);
  for (; i < m; i++) {
    addOne(n, rowOf<f64>(a, i, lda), seek<f64>(x0, i), y0);
    addOne(n, rowOf<f64>(a, i, lda), seek<f64>(x1, i), y1);
  }
}

export function rowProducts(
  adjoint: i32, count: i32, m: i32, n: i32, a: usize, lda: i32, x: usize, ldx: i32, y: usize, ldy: i32,
): void {
  let r = 0;
  if (adjoint) for (let q = 0; q < count; q++) memory.fill(rowOf<f64>(y, q, ldy), 0, (<usize>n) * 8);
  for (; r + 2 <= count; r += 2) {
    const x0 = rowOf<f64>(x, r, ldx);
    const x1 = rowOf<f64>(x, r + 1, ldx);
    const y0 = rowOf<f64>(y, r, ldy);
    const y1 = rowOf<f64>(y, r + 1, ldy);
    if (adjoint) addAdjointTwo(m, n, a, lda, x0, x1, y0, y1);
    else forwardTwo(m, n, a, lda, x0, x1, y0, y1);
  }
  if (r < count) {
    if (adjoint) addAdjoint(m, n, a, lda, rowOf<f64>(x, r, ldx), rowOf<f64>(y, r, ldy));
    else forward(m, n, a, lda, rowOf<f64>(x, r, ldx), rowOf<f64>(y, r, ldy));
  }
}
