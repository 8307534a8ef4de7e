/**
 * Sweeps of rotations over panels of eight columns. Mathematics and layout: src/backend/ts/dense/rotation-panels.ts. The
 * row that the next rotation touches again stays in four vectors; every row is read and written once per sweep.
 */
import { put, rowOf, seek } from '../layout';

export const DENSE_PANEL: i32 = 8;

export function identityPanels(panels: usize, n: i32): void {
  const length = (n + DENSE_PANEL - 1) / DENSE_PANEL * DENSE_PANEL * n;
  for (let i = 0; i < length; i++) put<f64>(panels, i, 0);
  for (let i = 0; i < n; i++) put<f64>(panels, (i / DENSE_PANEL * n + i) * DENSE_PANEL + i % DENSE_PANEL, 1);
}

export function rotateDown(panels: usize, n: i32, columns: i32, low: i32, high: i32, c: usize, s: usize, reach: i32): void {
  for (let p = 0; p * DENSE_PANEL < columns; p++) {
    const top = min(high, (p + 1) * DENSE_PANEL - 1 + reach);
    if (top <= low) continue;
    const panel = rowOf<f64>(panels, p * n, DENSE_PANEL);
    let row = rowOf<f64>(panel, top, DENSE_PANEL);
    let b0 = v128.load(row);
    let b1 = v128.load(row, 16);
    let b2 = v128.load(row, 32);
    let b3 = v128.load(row, 48);
    for (let i = top - 1; i >= low; i--) {
      const cs = v128.load64_splat(seek<f64>(c, i));
      const ss = v128.load64_splat(seek<f64>(s, i));
      const next = rowOf<f64>(panel, i, DENSE_PANEL);
      const a0 = v128.load(next);
      const a1 = v128.load(next, 16);
      const a2 = v128.load(next, 32);
      const a3 = v128.load(next, 48);
      v128.store(row, f64x2.add(f64x2.mul(ss, a0), f64x2.mul(cs, b0)));
      v128.store(row, f64x2.add(f64x2.mul(ss, a1), f64x2.mul(cs, b1)), 16);
      v128.store(row, f64x2.add(f64x2.mul(ss, a2), f64x2.mul(cs, b2)), 32);
      v128.store(row, f64x2.add(f64x2.mul(ss, a3), f64x2.mul(cs, b3)), 48);
      b0 = f64x2.sub(f64x2.mul(cs, a0), f64x2.mul(ss, b0));
      b1 = f64x2.sub(f64x2.mul(cs, a1), f64x2.mul(ss, b1));
      b2 = f64x2.sub(f64x2.mul(cs, a2), f64x2.mul(ss, b2));
      b3 = f64x2.sub(f64x2.mul(cs, a3), f64x2.mul(ss, b3));
      row = next;
    }
    v128.store(row, b0);
    v128.store(row, b1, 16);
    v128.store(row, b2, 32);
    v128.store(row, b3, 48);
  }
}

export function rotateUp(panels: usize, n: i32, columns: i32, low: i32, high: i32, c: usize, s: usize): void {
  for (let p = 0; p * DENSE_PANEL < columns; p++) {
    const panel = rowOf<f64>(panels, p * n, DENSE_PANEL);
    let row = rowOf<f64>(panel, low, DENSE_PANEL);
    let a0 = v128.load(row);
    let a1 = v128.load(row, 16);
    let a2 = v128.load(row, 32);
    let a3 = v128.load(row, 48);
    for (let i = low; i < high; i++) {
      const cs = v128.load64_splat(seek<f64>(c, i));
      const ss = v128.load64_splat(seek<f64>(s, i));
      const next = rowOf<f64>(panel, i + 1, DENSE_PANEL);
      const b0 = v128.load(next);
      const b1 = v128.load(next, 16);
      const b2 = v128.load(next, 32);
      const b3 = v128.load(next, 48);
      v128.store(row, f64x2.sub(f64x2.mul(cs, a0), f64x2.mul(ss, b0)));
      v128.store(row, f64x2.sub(f64x2.mul(cs, a1), f64x2.mul(ss, b1)), 16);
      v128.store(row, f64x2.sub(f64x2.mul(cs, a2), f64x2.mul(ss, b2)), 32);
      v128.store(row, f64x2.sub(f64x2.mul(cs, a3), f64x2.mul(ss, b3)), 48);
      a0 = f64x2.add(f64x2.mul(ss, a0), f64x2.mul(cs, b0));
      a1 = f64x2.add(f64x2.mul(ss, a1), f64x2.mul(cs, b1));
      a2 = f64x2.add(f64x2.mul(ss, a2), f64x2.mul(cs, b2));
      a3 = f64x2.add(f64x2.mul(ss, a3), f64x2.mul(cs, b3));
      row = next;
    }
    v128.store(row, a0);
    v128.store(row, a1, 16);
    v128.store(row, a2, 32);
    v128.store(row, a3, 48);
  }
}
