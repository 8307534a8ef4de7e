/**
 * Columns of a factorisation as rows of memory: column j of the panel lies at panel + j·rows numbers, so that the steps within it run
 * along contiguous numbers, whatever the stride of the matrix. Mathematics: src/backend/ts/factorisations.
 */
import { rowOf, seek } from '../layout';

/** Columns of a panel at most. */
export const PANEL: i32 = 12;

/** Where the columns of a recursion are cut: half of them, in whole panels of 12 columns and, below, of 6. */
export function cut(count: i32): i32 {
  const unit = count > 2 * PANEL ? PANEL : PANEL / 2;
  return (count / 2 + unit - 1) / unit * unit;
}

/** `a`: the first element of the panel in a matrix whose rows hold n numbers. */
export function gatherColumns(width: i32, a: usize, n: i32, rows: i32, columns: i32, panel: usize): void {
  for (let i = 0; i < rows; i++) {
    let from = rowOf<f64>(a, i, width * n);
    let to = seek<f64>(panel, width * i);
    for (let j = 0; j < columns; j++) {
      if (width == 2) v128.store(to, v128.load(from));
      else store<f64>(to, load<f64>(from));
      from = seek<f64>(from, width);
      to = seek<f64>(to, width * rows);
    }
  }
}

export function scatterColumns(width: i32, a: usize, n: i32, rows: i32, columns: i32, panel: usize): void {
  for (let i = 0; i < rows; i++) {
    let to = rowOf<f64>(a, i, width * n);
    let from = seek<f64>(panel, width * i);
    for (let j = 0; j < columns; j++) {
      if (width == 2) v128.store(to, v128.load(from));
      else store<f64>(to, load<f64>(from));
      to = seek<f64>(to, width);
      from = seek<f64>(from, width * rows);
    }
  }
}

/** y_i ← y_i − x_i f for complex numbers, the two products of a part subtracted one by one: that of Re x_i first. */
export function subtractMultiples(count: i32, fr: f64, fi: f64, x: usize, y: usize): void {
  const f = f64x2.replace_lane(f64x2.splat(fr), 1, fi);
  const turned = f64x2.replace_lane(f64x2.splat(-fi), 1, fr);
  const end = seek<f64>(x, 2 * count);
  while (x < end) {
    const withRe = f64x2.mul(v128.load_splat<f64>(x), f);
    const withIm = f64x2.mul(v128.load_splat<f64>(x, 8), turned);
    v128.store(y, f64x2.sub(f64x2.sub(v128.load(y), withRe), withIm));
    x = seek<f64>(x, 2);
    y = seek<f64>(y, 2);
  }
}
