/**
 * A batch of small complex products, C_s = A_s B_s. Mathematics: src/backend/ts/dense/complex-batch.ts. A vector is a complex number: Re a·b
 * and Im a·b are summed apart, two rows by two columns at a time, and put together at the end.
 */
import { rowOf, seek } from '../layout';
import { multiplyAddF64 } from '../simd';

/** (rr − ii, ri + ir). */
// @ts-ignore: decorator
@inline
function store(c: usize, re: v128, im: v128): void {
  v128.store(c, f64x2.add(re, f64x2.mul(v128.shuffle<f64>(im, im, 1, 0), f64x2(-1, 1))));
}

// @ts-ignore: decorator
@inline
function twoByTwo(n: i32, k: i32, a: usize, b: usize, c: usize): void {
  let r00 = f64x2.splat(0), i00 = r00, r01 = r00, i01 = r00, r10 = r00, i10 = r00, r11 = r00, i11 = r00;
  const below = rowOf<f64>(a, 1, 2 * k) - a;
  const step = (<usize>n) * 16;
  const end = seek<f64>(a, 2 * k);
  for (; a < end; a += 16) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load64_splat(a);
    r00 = multiplyAddF64(x, b0, r00);
    r01 = multiplyAddF64(x, b1, r01);
    x = v128.load64_splat(a, 8);
    i00 = multiplyAddF64(x, b0, i00);
    i01 = multiplyAddF64(x, b1, i01);
    x = v128.load64_splat(a + below);
    r10 = multiplyAddF64(x, b0, r10);
    r11 = multiplyAddF64(x, b1, r11);
    x = v128.load64_splat(a + below, 8);
    i10 = multiplyAddF64(x, b0, i10);
    i11 = multiplyAddF64(x, b1, i11);
    b += step;
  }
  store(c, r00, i00);
  store(c + 16, r01, i01);
  store(c + step, r10, i10);
  store(c + step + 16, r11, i11);
}

function one(n: i32, k: i32, a: usize, b: usize, c: usize): void {
  let re = f64x2.splat(0), im = re;
  for (let p = 0; p < k; p++) {
    const y = v128.load(rowOf<f64>(b, p, 2 * n));
    re = multiplyAddF64(v128.load64_splat(seek<f64>(a, 2 * p)), y, re);
    im = multiplyAddF64(v128.load64_splat(seek<f64>(a, 2 * p + 1)), y, im);
  }
  store(c, re, im);
}

export function complexBatchMultiply(count: i32, m: i32, n: i32, k: i32, a: usize, b: usize, c: usize): void {
  for (let s = 0; s < count; s++) {
    for (let i = 0; i < m; i += 2) {
      const row = rowOf<f64>(a, i, 2 * k);
      const to = rowOf<f64>(c, i, 2 * n);
      const pair = i + 1 < m;
      let j = 0;
      if (pair) for (; j + 2 <= n; j += 2) twoByTwo(n, k, row, seek<f64>(b, 2 * j), seek<f64>(to, 2 * j));
      for (; j < n; j++) {
        one(n, k, row, seek<f64>(b, 2 * j), seek<f64>(to, 2 * j));
        if (pair) one(n, k, rowOf<f64>(row, 1, 2 * k), seek<f64>(b, 2 * j), rowOf<f64>(seek<f64>(to, 2 * j), 1, 2 * n));
      }
    }
    a = rowOf<f64>(a, m, 2 * k);
    b = rowOf<f64>(b, k, 2 * n);
    c = rowOf<f64>(c, m, 2 * n);
  }
}
