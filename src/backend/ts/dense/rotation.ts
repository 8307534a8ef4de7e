/**
 * Plane rotation with c·f + s·g = r and c·g − s·f = 0, out = [c, s, r]: r = √(f² + g²), scaled by 2^±600 where the squares would
 * overflow or vanish.
 *
 * @source D. Bindel, J. Demmel, W. Kahan, O. Marques, ACM TOMS 28 (2002) 206 (the scaling is simpler here).
 */
const LARGE = 2 ** 960;
const SMALL = 2 ** -860;
const UP = 2 ** 600;
const DOWN = 2 ** -600;

export function makeRotation(f: number, g: number, out: Float64Array): void {
  let unit = 1;
  let a = f;
  let b = g;
  let squares = a * a + b * b;
  if (!(squares <= LARGE && squares >= SMALL)) {
    if (f === 0 && g === 0) {
      out[0] = 1;
      out[1] = 0;
      out[2] = 0;
      return;
    }
    unit = squares > LARGE ? DOWN : UP;
    a *= unit;
    b *= unit;
    squares = a * a + b * b;
  }
  const r = Math.sqrt(squares);
  out[0] = a / r;
  out[1] = b / r;
  out[2] = unit === 1 ? r : r / unit;
}
