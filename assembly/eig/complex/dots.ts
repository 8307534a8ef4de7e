/** Four inner products with one vector. Mathematics: src/backend/ts/eig/complex/dots.ts. Eight sums stay in registers. */
import { seek } from '../../layout';

/** re + i·im from the sums Σ Re t·x and Σ Im t·x. */
// @ts-ignore: decorator
@inline
function joined(re: v128, im: v128): v128 {
  const turned = i64x2.shuffle(im, im, 1, 0);
  return f64x2.add(re, f64x2.mul(turned, f64x2.replace_lane(f64x2.splat(1), 0, -1)));
}

export function dots(t: usize, pt: i32, x: usize, px: i32, lane: i32, count: i32, out: usize, o: i32): void {
  let p = seek<f64>(t, pt);
  const step = (<usize>lane) << 3;
  let p0 = seek<f64>(x, px);
  let p1 = p0 + step;
  let p2 = p1 + step;
  let p3 = p2 + step;
  let r0 = f64x2.splat(0), r1 = f64x2.splat(0), r2 = f64x2.splat(0), r3 = f64x2.splat(0);
  let i0 = f64x2.splat(0), i1 = f64x2.splat(0), i2 = f64x2.splat(0), i3 = f64x2.splat(0);
  const end = p + ((<usize>count) << 4);
  while (p < end) {
    const tr = v128.load64_splat(p);
    const ti = v128.load64_splat(p, 8);
    let z = v128.load(p0);
    r0 = f64x2.add(r0, f64x2.mul(tr, z));
    i0 = f64x2.add(i0, f64x2.mul(ti, z));
    z = v128.load(p1);
    r1 = f64x2.add(r1, f64x2.mul(tr, z));
    i1 = f64x2.add(i1, f64x2.mul(ti, z));
    z = v128.load(p2);
    r2 = f64x2.add(r2, f64x2.mul(tr, z));
    i2 = f64x2.add(i2, f64x2.mul(ti, z));
    z = v128.load(p3);
    r3 = f64x2.add(r3, f64x2.mul(tr, z));
    i3 = f64x2.add(i3, f64x2.mul(ti, z));
    p += 16;
    p0 += 16;
    p1 += 16;
    p2 += 16;
    p3 += 16;
  }
  const to = seek<f64>(out, o);
  v128.store(to, joined(r0, i0));
  v128.store(to, joined(r1, i1), 16);
  v128.store(to, joined(r2, i2), 32);
  v128.store(to, joined(r3, i3), 48);
}
