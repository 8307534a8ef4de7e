/**
 * Products of a matrix with a vector or two. Mathematics: src/backend/ts/iterative/thin-products.ts. Eight sums of two lanes at a time; the
 * adjoint goes over strips of columns, whose sums stay in the nearest cache, four rows at a time.
 */
import { at, put, rowOf, seek, vectorAt } from '../layout';
import { multiplyAddF64 } from '../simd';

/** Columns of a strip. */
const STRIP: i32 = 1024;

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

function eightRows(n: i32, a: usize, lda: i32, x: usize, y: usize): void {
  const step = (<usize>lda) * 8;
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
  let s4 = f64x2.splat(0), s5 = f64x2.splat(0), s6 = f64x2.splat(0), s7 = f64x2.splat(0);
  const b = a + 4 * step;
  const end = (<usize>(n >> 1)) * 16;
  for (let o: usize = 0; o < end; o += 16) {
    const xp = v128.load(x + o);
    const p = a + o;
    const q = b + o;
    s0 = next(p, xp, s0);
    s1 = next(p + step, xp, s1);
    s2 = next(p + 2 * step, xp, s2);
    s3 = next(p + 3 * step, xp, s3);
    s4 = next(q, xp, s4);
    s5 = next(q + step, xp, s5);
    s6 = next(q + 2 * step, xp, s6);
    s7 = next(q + 3 * step, xp, s7);
  }
  put<f64>(y, 0, lastOf(s0, n, a, x));
  put<f64>(y, 1, lastOf(s1, n, a + step, x));
  put<f64>(y, 2, lastOf(s2, n, a + 2 * step, x));
  put<f64>(y, 3, lastOf(s3, n, a + 3 * step, x));
  put<f64>(y, 4, lastOf(s4, n, b, x));
  put<f64>(y, 5, lastOf(s5, n, b + step, x));
  put<f64>(y, 6, lastOf(s6, n, b + 2 * step, x));
  put<f64>(y, 7, lastOf(s7, n, b + 3 * step, x));
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
  const end = (<usize>(n >> 1)) * 16;
  for (let o: usize = 0; o < end; o += 16) {
    const u = v128.load(x0 + o);
    const v = v128.load(x1 + o);
    const p = a + o;
    let z = v128.load(p);
    s0 = multiplyAddF64(z, u, s0);
    t0 = multiplyAddF64(z, v, t0);
    z = v128.load(p + step);
    s1 = multiplyAddF64(z, u, s1);
    t1 = multiplyAddF64(z, v, t1);
    z = v128.load(p + 2 * step);
    s2 = multiplyAddF64(z, u, s2);
    t2 = multiplyAddF64(z, v, t2);
    z = v128.load(p + 3 * step);
    s3 = multiplyAddF64(z, u, s3);
    t3 = multiplyAddF64(z, v, t3);
  }
  put<f64>(y0, 0, lastOf(s0, n, a, x0));
  put<f64>(y0, 1, lastOf(s1, n, a + step, x0));
  put<f64>(y0, 2, lastOf(s2, n, a + 2 * step, x0));
  put<f64>(y0, 3, lastOf(s3, n, a + 3 * step, x0));
  put<f64>(y1, 0, lastOf(t0, n, a, x1));
  put<f64>(y1, 1, lastOf(t1, n, a + step, x1));
  put<f64>(y1, 2, lastOf(t2, n, a + 2 * step, x1));
  put<f64>(y1, 3, lastOf(t3, n, a + 3 * step, x1));
}

function forwardTwo(m: i32, n: i32, a: usize, lda: i32, x0: usize, x1: usize, y0: usize, y1: usize): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) fourTimesTwo(n, rowOf<f64>(a, i, lda), lda, x0, x1, seek<f64>(y0, i), seek<f64>(y1, i));
  for (; i < m; i++) {
    oneRow(n, rowOf<f64>(a, i, lda), x0, seek<f64>(y0, i));
    oneRow(n, rowOf<f64>(a, i, lda), x1, seek<f64>(y1, i));
  }
}

/** y ← y + f_0 a_0 + f_1 a_1 + f_2 a_2 + f_3 a_3. */
function addFour(n: i32, a: usize, lda: i32, f: usize, y: usize): void {
  const step = (<usize>lda) * 8;
  const f0 = v128.load64_splat(f);
  const f1 = v128.load64_splat(f, 8);
  const f2 = v128.load64_splat(f, 16);
  const f3 = v128.load64_splat(f, 24);
  let k = 0;
  for (; k + 2 <= n; k += 2) {
    let sum = v128.load(y);
    sum = next(a, f0, sum);
    sum = next(a + step, f1, sum);
    sum = next(a + 2 * step, f2, sum);
    sum = next(a + 3 * step, f3, sum);
    v128.store(y, sum);
    a += 16;
    y += 16;
  }
  if (k < n) {
    let sum = load<f64>(y) + load<f64>(a) * load<f64>(f);
    sum += load<f64>(a + step) * load<f64>(f, 8);
    sum += load<f64>(a + 2 * step) * load<f64>(f, 16);
    store<f64>(y, sum + load<f64>(a + 3 * step) * load<f64>(f, 24));
  }
}

function addOne(n: i32, a: usize, f: usize, y: usize): void {
  const factor = v128.load64_splat(f);
  let k = 0;
  for (; k + 2 <= n; k += 2) {
    v128.store(y, next(a, factor, v128.load(y)));
    a += 16;
    y += 16;
  }
  if (k < n) store<f64>(y, load<f64>(y) + load<f64>(a) * load<f64>(f));
}

export function addAdjoint(m: i32, n: i32, a: usize, lda: i32, x: usize, y: usize): void {
  for (let first = 0; first < n; first += STRIP) {
    const columns = min(STRIP, n - first);
    const strip = seek<f64>(a, first);
    const target = seek<f64>(y, first);
    let i = 0;
    for (; i + 4 <= m; i += 4) addFour(columns, rowOf<f64>(strip, i, lda), lda, seek<f64>(x, i), target);
    for (; i < m; i++) addOne(columns, rowOf<f64>(strip, i, lda), seek<f64>(x, i), target);
  }
}

/** {@link addFour} to two rows of sums. */
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
  const end = a + (<usize>(n >> 1)) * 16;
  while (a < end) {
    let s = v128.load(y);
    let t = v128.load(z);
    let p = v128.load(a);
    s = multiplyAddF64(p, f0, s);
    t = multiplyAddF64(p, g0, t);
    p = v128.load(a + step);
    s = multiplyAddF64(p, f1, s);
    t = multiplyAddF64(p, g1, t);
    p = v128.load(a + 2 * step);
    s = multiplyAddF64(p, f2, s);
    t = multiplyAddF64(p, g2, t);
    p = v128.load(a + 3 * step);
    s = multiplyAddF64(p, f3, s);
    t = multiplyAddF64(p, g3, t);
    v128.store(y, s);
    v128.store(z, t);
    a += 16;
    y += 16;
    z += 16;
  }
  if (n & 1) {
    addFour(1, a, lda, f, y);
    addFour(1, a, lda, g, z);
  }
}

function addAdjointTwo(m: i32, n: i32, a: usize, lda: i32, x0: usize, x1: usize, y0: usize, y1: usize): void {
  for (let first = 0; first < n; first += STRIP) {
    const columns = min(STRIP, n - first);
    const strip = seek<f64>(a, first);
    const to0 = seek<f64>(y0, first);
    const to1 = seek<f64>(y1, first);
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      addFourToTwo(columns, rowOf<f64>(strip, i, lda), lda, seek<f64>(x0, i), seek<f64>(x1, i), to0, to1);
    }
    for (; i < m; i++) {
      addOne(columns, rowOf<f64>(strip, i, lda), seek<f64>(x0, i), to0);
      addOne(columns, rowOf<f64>(strip, i, lda), seek<f64>(x1, i), to1);
    }
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
