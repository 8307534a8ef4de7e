/** QR steps on a bidiagonal matrix. Mathematics: src/backend/ts/svd/bidiagonal-qr.ts. left = 0: singular values only. */
import { at, put, seek } from '../layout';
import { makeRotation } from '../dense/rotation';
import { rotateDown, rotateUp } from '../dense/rotation-panels';

const U: f64 = reinterpret<f64>((1023 - 53) << 52);
const TOLERANCE: f64 = 64 * U;
const SAFE: f64 = reinterpret<f64>((1023 - 1022) << 52);

export function bidiagonalQr(d: usize, e: usize, n: i32, rotations: usize, left: usize, right: usize, out: usize): i32 {
  const c1 = rotations;
  const s1 = seek<f64>(c1, n);
  const c2 = seek<f64>(s1, n);
  const s2 = seek<f64>(c2, n);
  const threshold = max<f64>(TOLERANCE * smallestBound(d, e, n), SAFE);
  let steps = 0;
  let budget = 30 * n * n;
  let last = n - 1;
  let oldFirst = -1;
  let oldLast = -1;
  let down = true;
  put<f64>(out, 3, 0);
  while (last > 0) {
    if (abs<f64>(at<f64>(e, last - 1)) <= threshold) {
      put<f64>(e, last - 1, 0);
      last--;
      continue;
    }
    let first = last - 1;
    while (first > 0 && abs<f64>(at<f64>(e, first - 1)) > threshold) first--;
    if (first > 0) put<f64>(e, first - 1, 0);
    if (first > oldLast || last < oldFirst) down = abs<f64>(at<f64>(d, first)) >= abs<f64>(at<f64>(d, last));
    oldFirst = first;
    oldLast = last;
    const smallest = deflate(d, e, first, last, down);
    if (smallest < 0) continue;
    budget -= last - first;
    if (budget < 0) return last + 1;
    steps++;
    put<f64>(out, 3, steps);
    const shift = chooseShift(d, e, first, last, down, smallest, n);
    if (shift == 0) zeroShiftStep(d, e, first, last, down, c1, s1, c2, s2, out);
    else shiftedStep(d, e, first, last, down, shift, c1, s1, c2, s2, out);
    if (left == 0) continue;
    if (down) {
      rotateUp(right, n, n, first, last, c1, s1);
      rotateUp(left, n, n, first, last, c2, s2);
    } else {
      rotateDown(left, n, n, first, last, c1, s1, n);
      rotateDown(right, n, n, first, last, c2, s2, n);
    }
  }
  return 0;
}

function smallestBound(d: usize, e: usize, n: i32): f64 {
  let mu = abs<f64>(at<f64>(d, 0));
  let smallest = mu;
  for (let i = 1; i < n && mu > 0; i++) {
    mu = abs<f64>(at<f64>(d, i)) * (mu / (mu + abs<f64>(at<f64>(e, i - 1))));
    if (mu < smallest) smallest = mu;
  }
  return smallest / sqrt<f64>(<f64>n);
}

function deflate(d: usize, e: usize, first: i32, last: i32, down: bool): f64 {
  const end = down ? last : first;
  const beside = down ? last - 1 : first;
  if (abs<f64>(at<f64>(e, beside)) <= TOLERANCE * abs<f64>(at<f64>(d, end))) {
    put<f64>(e, beside, 0);
    return -1;
  }
  let mu = abs<f64>(at<f64>(d, down ? first : last));
  let smallest = mu;
  for (let count = 0; count < last - first; count++) {
    const row = down ? first + count : last - 1 - count;
    const size = abs<f64>(at<f64>(e, row));
    if (size <= TOLERANCE * mu) {
      put<f64>(e, row, 0);
      return -1;
    }
    mu = abs<f64>(at<f64>(d, down ? row + 1 : row)) * (mu / (mu + size));
    if (mu < smallest) smallest = mu;
  }
  return smallest;
}

function chooseShift(d: usize, e: usize, first: i32, last: i32, down: bool, smallest: f64, n: i32): f64 {
  let largest = abs<f64>(at<f64>(d, last));
  for (let i = first; i < last; i++) largest = max<f64>(largest, max<f64>(abs<f64>(at<f64>(d, i)), abs<f64>(at<f64>(e, i))));
  if (<f64>n * TOLERANCE * (smallest / largest) <= U) return 0;
  const shift = down
    ? smallerSingularValue(at<f64>(d, last - 1), at<f64>(e, last - 1), at<f64>(d, last))
    : smallerSingularValue(at<f64>(d, first), at<f64>(e, first), at<f64>(d, first + 1));
  const start = abs<f64>(at<f64>(d, down ? first : last));
  const ratio = shift / start;
  return ratio * ratio < U ? 0.0 : shift;
}

function smallerSingularValue(f: f64, g: f64, h: f64): f64 {
  const low = min<f64>(abs<f64>(f), abs<f64>(h));
  const high = max<f64>(abs<f64>(f), abs<f64>(h));
  const side = abs<f64>(g);
  if (low == 0) return 0;
  const sum: f64 = 1 + low / high;
  const gap = (high - low) / high;
  if (side < high) {
    const q = (side / high) * (side / high);
    return low * (2 / (sqrt<f64>(sum * sum + q) + sqrt<f64>(gap * gap + q)));
  }
  const q = high / side;
  if (q == 0) return (low * high) / side;
  const x = sum * q;
  const y = gap * q;
  return 2 * (low * (1 / (sqrt<f64>(1 + x * x) + sqrt<f64>(1 + y * y)))) * q;
}

function zeroShiftStep(d: usize, e: usize, first: i32, last: i32, down: bool, c1: usize, s1: usize, c2: usize, s2: usize, out: usize): void {
  const step = down ? 1 : -1;
  const sign: f64 = down ? -1 : 1;
  let row = down ? first : last;
  let cosine: f64 = 1;
  let oldCosine: f64 = 1;
  let oldSine: f64 = 0;
  for (let count = 0; count < last - first; count++) {
    const index = down ? row : row - 1;
    makeRotation(at<f64>(d, row) * cosine, at<f64>(e, index), out);
    cosine = at<f64>(out, 0);
    const sine = at<f64>(out, 1);
    put<f64>(c1, index, cosine);
    put<f64>(s1, index, sign * sine);
    if (count > 0) put<f64>(e, index - step, oldSine * at<f64>(out, 2));
    makeRotation(oldCosine * at<f64>(out, 2), at<f64>(d, row + step) * sine, out);
    oldCosine = at<f64>(out, 0);
    oldSine = at<f64>(out, 1);
    put<f64>(c2, index, oldCosine);
    put<f64>(s2, index, sign * oldSine);
    put<f64>(d, row, at<f64>(out, 2));
    row += step;
  }
  const h = at<f64>(d, row) * cosine;
  put<f64>(d, row, h * oldCosine);
  put<f64>(e, down ? last - 1 : first, h * oldSine);
}

function shiftedStep(d: usize, e: usize, first: i32, last: i32, down: bool, shift: f64, c1: usize, s1: usize, c2: usize, s2: usize, out: usize): void {
  const step = down ? 1 : -1;
  const sign: f64 = down ? -1 : 1;
  let row = down ? first : last;
  const start = at<f64>(d, row);
  let f = (abs<f64>(start) - shift) * ((start < 0 ? -1.0 : 1.0) + shift / start);
  let g = at<f64>(e, down ? first : last - 1);
  for (let count = 0; count < last - first; count++) {
    const index = down ? row : row - 1;
    makeRotation(f, g, out);
    let cosine = at<f64>(out, 0);
    let sine = at<f64>(out, 1);
    put<f64>(c1, index, cosine);
    put<f64>(s1, index, sign * sine);
    if (count > 0) put<f64>(e, index - step, at<f64>(out, 2));
    f = cosine * at<f64>(d, row) + sine * at<f64>(e, index);
    put<f64>(e, index, cosine * at<f64>(e, index) - sine * at<f64>(d, row));
    g = sine * at<f64>(d, row + step);
    put<f64>(d, row + step, cosine * at<f64>(d, row + step));
    makeRotation(f, g, out);
    cosine = at<f64>(out, 0);
    sine = at<f64>(out, 1);
    put<f64>(c2, index, cosine);
    put<f64>(s2, index, sign * sine);
    put<f64>(d, row, at<f64>(out, 2));
    f = cosine * at<f64>(e, index) + sine * at<f64>(d, row + step);
    put<f64>(d, row + step, cosine * at<f64>(d, row + step) - sine * at<f64>(e, index));
    if (count < last - first - 1) {
      g = sine * at<f64>(e, index + step);
      put<f64>(e, index + step, cosine * at<f64>(e, index + step));
    }
    row += step;
  }
  put<f64>(e, down ? last - 1 : first, f);
}
