/**
 * Reflectors on one panel of eight columns. Mathematics and layout: src/backend/ts/dense/reflector-panels.ts. The eight sums (of
 * each part) stay in four vectors; the columns do not mix, so the bits are those of a loop over one column.
 */
import { seek } from '../layout';

const STEP: usize = 64;
const COMPLEX_STEP: usize = 128;

export function reflectPanelReal(panel: usize, m: i32, v: usize, tau: f64): void {
  let u0 = f64x2.splat(0);
  let u1 = f64x2.splat(0);
  let u2 = f64x2.splat(0);
  let u3 = f64x2.splat(0);
  let row = panel;
  for (let i = 0; i < m; i++) {
    const vs = v128.load64_splat(seek<f64>(v, i));
    u0 = f64x2.add(u0, f64x2.mul(vs, v128.load(row, 0)));
    u1 = f64x2.add(u1, f64x2.mul(vs, v128.load(row, 16)));
    u2 = f64x2.add(u2, f64x2.mul(vs, v128.load(row, 32)));
    u3 = f64x2.add(u3, f64x2.mul(vs, v128.load(row, 48)));
    row += STEP;
  }
  const ts = f64x2.splat(tau);
  u0 = f64x2.mul(u0, ts);
  u1 = f64x2.mul(u1, ts);
  u2 = f64x2.mul(u2, ts);
  u3 = f64x2.mul(u3, ts);
  row = panel;
  for (let i = 0; i < m; i++) {
    const vs = v128.load64_splat(seek<f64>(v, i));
    v128.store(row, f64x2.sub(v128.load(row, 0), f64x2.mul(vs, u0)), 0);
    v128.store(row, f64x2.sub(v128.load(row, 16), f64x2.mul(vs, u1)), 16);
    v128.store(row, f64x2.sub(v128.load(row, 32), f64x2.mul(vs, u2)), 32);
    v128.store(row, f64x2.sub(v128.load(row, 48), f64x2.mul(vs, u3)), 48);
    row += STEP;
  }
}

export function reflectPanelComplex(panel: usize, m: i32, vr: usize, vi: usize, tr: f64, ti: f64): void {
  let p0 = f64x2.splat(0);
  let q0 = f64x2.splat(0);
  let p1 = f64x2.splat(0);
  let q1 = f64x2.splat(0);
  let p2 = f64x2.splat(0);
  let q2 = f64x2.splat(0);
  let p3 = f64x2.splat(0);
  let q3 = f64x2.splat(0);
  let row = panel;
  for (let i = 0; i < m; i++) {
    const rs = v128.load64_splat(seek<f64>(vr, i));
    const is = v128.load64_splat(seek<f64>(vi, i));
    const x0 = v128.load(row, 0);
    const y0 = v128.load(row, 64);
    p0 = f64x2.add(p0, f64x2.add(f64x2.mul(rs, x0), f64x2.mul(is, y0)));
    q0 = f64x2.add(q0, f64x2.sub(f64x2.mul(rs, y0), f64x2.mul(is, x0)));
    const x1 = v128.load(row, 16);
    const y1 = v128.load(row, 80);
    p1 = f64x2.add(p1, f64x2.add(f64x2.mul(rs, x1), f64x2.mul(is, y1)));
    q1 = f64x2.add(q1, f64x2.sub(f64x2.mul(rs, y1), f64x2.mul(is, x1)));
    const x2 = v128.load(row, 32);
    const y2 = v128.load(row, 96);
    p2 = f64x2.add(p2, f64x2.add(f64x2.mul(rs, x2), f64x2.mul(is, y2)));
    q2 = f64x2.add(q2, f64x2.sub(f64x2.mul(rs, y2), f64x2.mul(is, x2)));
    const x3 = v128.load(row, 48);
    const y3 = v128.load(row, 112);
    p3 = f64x2.add(p3, f64x2.add(f64x2.mul(rs, x3), f64x2.mul(is, y3)));
    q3 = f64x2.add(q3, f64x2.sub(f64x2.mul(rs, y3), f64x2.mul(is, x3)));
    row += COMPLEX_STEP;
  }
  const trs = f64x2.splat(tr);
  const tis = f64x2.splat(ti);
  const u0 = f64x2.sub(f64x2.mul(trs, p0), f64x2.mul(tis, q0));
  const w0 = f64x2.add(f64x2.mul(trs, q0), f64x2.mul(tis, p0));
  const u1 = f64x2.sub(f64x2.mul(trs, p1), f64x2.mul(tis, q1));
  const w1 = f64x2.add(f64x2.mul(trs, q1), f64x2.mul(tis, p1));
  const u2 = f64x2.sub(f64x2.mul(trs, p2), f64x2.mul(tis, q2));
  const w2 = f64x2.add(f64x2.mul(trs, q2), f64x2.mul(tis, p2));
  const u3 = f64x2.sub(f64x2.mul(trs, p3), f64x2.mul(tis, q3));
  const w3 = f64x2.add(f64x2.mul(trs, q3), f64x2.mul(tis, p3));
  row = panel;
  for (let i = 0; i < m; i++) {
    const rs = v128.load64_splat(seek<f64>(vr, i));
    const is = v128.load64_splat(seek<f64>(vi, i));
    v128.store(row, f64x2.sub(v128.load(row, 0), f64x2.sub(f64x2.mul(rs, u0), f64x2.mul(is, w0))), 0);
    v128.store(row, f64x2.sub(v128.load(row, 64), f64x2.add(f64x2.mul(rs, w0), f64x2.mul(is, u0))), 64);
    v128.store(row, f64x2.sub(v128.load(row, 16), f64x2.sub(f64x2.mul(rs, u1), f64x2.mul(is, w1))), 16);
    v128.store(row, f64x2.sub(v128.load(row, 80), f64x2.add(f64x2.mul(rs, w1), f64x2.mul(is, u1))), 80);
    v128.store(row, f64x2.sub(v128.load(row, 32), f64x2.sub(f64x2.mul(rs, u2), f64x2.mul(is, w2))), 32);
    v128.store(row, f64x2.sub(v128.load(row, 96), f64x2.add(f64x2.mul(rs, w2), f64x2.mul(is, u2))), 96);
    v128.store(row, f64x2.sub(v128.load(row, 48), f64x2.sub(f64x2.mul(rs, u3), f64x2.mul(is, w3))), 48);
    v128.store(row, f64x2.sub(v128.load(row, 112), f64x2.add(f64x2.mul(rs, w3), f64x2.mul(is, u3))), 112);
    row += COMPLEX_STEP;
  }
}
