/**
 * Rows of real (width 1) or complex (width 2, interleaved) numbers: y ← y − f x, and y ← y/f without overflow inside. Positions
 * count numbers of f64, `count` elements.
 */
export function subtractRow(
  width: number,
  count: number,
  fr: number,
  fi: number,
  x: Float64Array,
  xAt: number,
  y: Float64Array,
  yAt: number,
): void {
  if (width === 1) {
    for (let j = 0; j < count; j++) y[yAt + j] = y[yAt + j]! - fr * x[xAt + j]!;
    return;
  }
  for (let j = 0; j < 2 * count; j += 2) {
    const re = x[xAt + j]!;
    const im = x[xAt + j + 1]!;
    y[yAt + j] = y[yAt + j]! - (fr * re - fi * im);
    y[yAt + j + 1] = y[yAt + j + 1]! - (fr * im + fi * re);
  }
}

/** y ← y − f x with the two products of a part subtracted one by one, those of Re f first. */
export function subtractNumbers(
  width: number,
  count: number,
  fr: number,
  fi: number,
  x: Float64Array,
  xAt: number,
  y: Float64Array,
  yAt: number,
): void {
  if (width === 1) {
    subtractRow(width, count, fr, fi, x, xAt, y, yAt);
    return;
  }
  for (let j = 0; j < 2 * count; j += 2) {
    const re = x[xAt + j]!;
    const im = x[xAt + j + 1]!;
    y[yAt + j] = y[yAt + j]! - fr * re + fi * im;
    y[yAt + j + 1] = y[yAt + j + 1]! - fr * im - fi * re;
  }
}

/** @source complex division: R. L. Smith, Comm. ACM 5 (1962) 435. */
export function divideRow(width: number, count: number, fr: number, fi: number, y: Float64Array, yAt: number): void {
  if (width === 1) {
    for (let j = 0; j < count; j++) y[yAt + j] = y[yAt + j]! / fr;
    return;
  }
  const steep = Math.abs(fi) > Math.abs(fr);
  const ratio = steep ? fr / fi : fi / fr;
  const size = steep ? fr * ratio + fi : fr + fi * ratio;
  for (let j = yAt; j < yAt + 2 * count; j += 2) {
    const re = y[j]!;
    const im = y[j + 1]!;
    y[j] = (steep ? re * ratio + im : re + im * ratio) / size;
    y[j + 1] = (steep ? im * ratio - re : im - re * ratio) / size;
  }
}

/** out[0] + i·out[1] = Σ x_j conj(y_j); for width 1 even-numbered and odd-numbered terms apart. */
export function innerProduct(
  width: number,
  count: number,
  x: Float64Array,
  xAt: number,
  y: Float64Array,
  yAt: number,
  out: Float64Array,
): void {
  let even = 0;
  let odd = 0;
  if (width === 1) {
    let j = 0;
    for (; j + 2 <= count; j += 2) {
      even += x[xAt + j]! * y[yAt + j]!;
      odd += x[xAt + j + 1]! * y[yAt + j + 1]!;
    }
    if (j < count) even += x[xAt + j]! * y[yAt + j]!;
    out[0] = even + odd;
    out[1] = 0;
    return;
  }
  let cross = 0;
  let back = 0;
  for (let j = 0; j < 2 * count; j += 2) {
    even += x[xAt + j]! * y[yAt + j]!;
    odd += x[xAt + j + 1]! * y[yAt + j + 1]!;
    cross += x[xAt + j + 1]! * y[yAt + j]!;
    back += x[xAt + j]! * y[yAt + j + 1]!;
  }
  out[0] = even + odd;
  out[1] = cross - back;
}
