import { DENSE_PANEL } from '../../contract/hermitian.ts';

/**
 * Z ← (I − τ v v†) Z on the first m rows of one panel of eight columns: u = v†Z, then Z ← Z − v (τ u). A row of the panel holds
 * the eight real parts and, for a complex matrix, the eight imaginary parts after them. Every sum runs over the rows from
 * first to last. @source A. S. Householder, J. ACM 5 (1958) 339.
 */
export function reflectPanelReal(panel: Float64Array, m: number, v: Float64Array, tau: number): void {
  for (let l = 0; l < DENSE_PANEL; l++) {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += v[i]! * panel[i * DENSE_PANEL + l]!;
    sum *= tau;
    for (let i = 0; i < m; i++) {
      const at = i * DENSE_PANEL + l;
      panel[at] = panel[at]! - v[i]! * sum;
    }
  }
}

export function reflectPanelComplex(
  panel: Float64Array,
  m: number,
  vr: Float64Array,
  vi: Float64Array,
  tr: number,
  ti: number,
): void {
  for (let l = 0; l < DENSE_PANEL; l++) {
    let sumR = 0;
    let sumI = 0;
    for (let i = 0; i < m; i++) {
      const at = 2 * i * DENSE_PANEL + l;
      const zr = panel[at]!;
      const zi = panel[at + DENSE_PANEL]!;
      sumR += vr[i]! * zr + vi[i]! * zi;
      sumI += vr[i]! * zi - vi[i]! * zr;
    }
    const ur = tr * sumR - ti * sumI;
    const ui = tr * sumI + ti * sumR;
    for (let i = 0; i < m; i++) {
      const at = 2 * i * DENSE_PANEL + l;
      panel[at] = panel[at]! - (vr[i]! * ur - vi[i]! * ui);
      panel[at + DENSE_PANEL] = panel[at + DENSE_PANEL]! - (vr[i]! * ui + vi[i]! * ur);
    }
  }
}
