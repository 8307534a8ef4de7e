const U = 2 ** -53;
/** What is negligible beside a number, squared. */
const NEGLIGIBLE = (4 * U) ** 2;
/** Where the largest entry is brought, so that as much as possible below it has a square. */
const TOP = 2 ** 480;
const UP = 2 ** 32;
const DOWN = 2 ** -32;
const LIMIT = 2 ** 960;
const SAFE = 2 ** -1022;
const NEARLY = 1 + 2 ** -20;

/** What {@link transform} says besides the index of the last number that it made. */
const DONE = -1;

/**
 * Singular values of the real upper bidiagonal matrix with diagonal d and e[i] beside d[i], which d receives in no order; e is
 * overwritten. With q = d² and e², one differential quotient-difference transform with shift τ turns BᵀB − τ into B'ᵀB' from the first
 * row to the last: t = q_0 − τ, q'_i = t + e_i, e'_i = q_{i+1}(e_i/q'_i), t ← q_{i+1}(t/q'_i) − τ, where no t may be negative. The shift
 * is the smaller eigenvalue of the last 2×2 block of B Bᵀ once t is smallest at the end, before that a part of the smallest t; a shift
 * that only the last t refuses is lowered by as much as that is negative, which makes it a lower bound. `work` holds 4n numbers,
 * out[3] receives the number of transforms.
 *
 * @returns 0, or the number of singular values that are still open after 60·n² steps.
 * @accuracy every singular value of B to a relative 64·n·u; parity exact.
 * @source K. V. Fernando, B. N. Parlett, Numer. Math. 67 (1994) 191; B. N. Parlett, O. A. Marques, Linear Algebra Appl. 309 (2000) 121.
 */
export function bidiagonalValues(
  d: Float64Array,
  e: Float64Array,
  n: number,
  work: Float64Array,
  out: Float64Array,
): number {
  const part = (index: number): Float64Array => work.subarray(index * n, (index + 1) * n);
  const [q, s, nextQ, nextS] = [part(0), part(1), part(2), part(3)];
  const scale = squares(d, e, n, q, s);
  let transforms = 0;
  let budget = 60 * n * n;
  let last = n - 1;
  let first = n;
  let shift = 0;
  let rest = 0;
  let share = 0.25;
  out[3] = 0;
  out[0] = -1;
  while (last >= 0) {
    const alone = last === 0 || s[last - 1]! < 0;
    if (alone || uncoupled(s[last - 1]!, q[last]!, shift)) {
      d[last] = Math.sqrt(shift + (rest + q[last]!)) / scale;
      if (alone && last > 0) {
        shift = e[last - 1]!;
        rest = 0;
      }
      last--;
      // All rows but the last have kept their t, which the last transform has left in q.
      if (last < first || last < 0) out[0] = -1;
      else if (out[0]! >= 0) {
        out[0] = q[last]!;
        out[1] = out[2]!;
      }
      continue;
    }
    const start = blockStart(s, last, shift);
    if (start > 0 && s[start - 1]! >= 0) cut(s, e, start - 1, shift);
    if (start !== first) {
      first = start;
      out[0] = -1;
      share = 0.25;
    }
    if (1.5 * q[first]! < q[last]!) {
      reverse(q, first, last);
      reverse(s, first, last - 1);
      out[0] = -1;
    }
    let tau = chooseShift(q, s, first, last, share, out);
    for (let attempt = 0; ; attempt++) {
      budget -= last - first;
      if (budget < 0) return last + 1;
      transforms++;
      out[3] = transforms;
      const stop = transform(q, s, nextQ, nextS, first, last, tau, out);
      if (stop === DONE) break;
      if (stop >= n) {
        // The row stop − n is apart from the next one.
        cut(s, e, stop - n, shift);
        first = n;
        break;
      }
      if (stop === last && out[0]! < 0 && tau + out[0]! > 0 && attempt < 2) tau += out[0]!;
      else {
        tau = attempt < 2 ? tau * 0.25 : 0;
        share *= 0.5;
      }
      if (attempt >= 4) tau = 0;
    }
    if (first === n) continue;
    for (let i = first; i <= last; i++) {
      q[i] = nextQ[i]!;
      if (i < last) s[i] = nextS[i]!;
    }
    share += (1 - share) / 3;
    rest += tau;
    const sum = shift + rest;
    rest -= sum - shift;
    shift = sum;
  }
  return 0;
}

/** q = (scale·d)², s = (scale·e)², subnormal numbers to 0. */
function squares(d: Float64Array, e: Float64Array, n: number, q: Float64Array, s: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.max(Math.abs(d[i]!), i < n - 1 ? Math.abs(e[i]!) : 0));
  let scale = 1;
  if (largest > 0) {
    while (largest * scale < TOP && scale < LIMIT) scale *= UP;
    while (largest * scale > TOP) scale *= DOWN;
  }
  for (let i = 0; i < n; i++) {
    const x = d[i]! * scale;
    const y = i < n - 1 ? e[i]! * scale : 0;
    q[i] = x * x;
    s[i] = y * y < SAFE ? 0 : y * y;
  }
  return scale;
}

/** Whether s is small for a change of the eigenvalues of B Bᵀ by s, and √(s·lower), the inner product of the last two rows of B, as well. */
function uncoupled(side: number, lower: number, shift: number): boolean {
  const sum = shift + lower;
  return side <= NEGLIGIBLE * sum || (side <= U * sum && (lower / sum) * (side / sum) <= NEGLIGIBLE);
}

/** Between rows i and i + 1 a block ends: a negative s says so, and e holds the shift of all that lies above. */
function cut(s: Float64Array, e: Float64Array, i: number, shift: number): void {
  s[i] = -1;
  e[i] = shift;
}

/** The row after the last one above `last` that the next one does not need. */
function blockStart(s: Float64Array, last: number, shift: number): number {
  let first = last - 1;
  while (first > 0 && s[first - 1]! > NEGLIGIBLE * shift) first--;
  return first;
}

function reverse(x: Float64Array, first: number, last: number): void {
  for (let i = first, j = last; i < j; i++, j--) {
    const kept = x[i]!;
    x[i] = x[j]!;
    x[j] = kept;
  }
}

/** out[0], out[1]: the last and the smallest t of the transform before, or −1. */
function chooseShift(
  q: Float64Array,
  s: Float64Array,
  first: number,
  last: number,
  share: number,
  out: Float64Array,
): number {
  const [end, smallest] = [out[0]!, out[1]!];
  if (end < 0) return 0;
  if (end > NEARLY * smallest) return share * smallest;
  const [upper, side, lower] = [q[last - 1]!, s[last - 1]!, q[last]!];
  const sum = upper + side;
  const ratio = lower / sum;
  const half = 0.5 * (1 - ratio);
  const larger = 0.5 * (1 + ratio) + Math.sqrt(half * half + ratio * (side / sum));
  const product = ratio * (side / sum);
  const eigenvalue = (upper / sum) * (lower / larger);
  const gap = 1 - eigenvalue / sum;
  const beyond = last - 2 >= first ? (upper / sum) * (s[last - 2]! / sum) : 0;
  const tau = eigenvalue - (1.25 * product * beyond * sum) / (gap * gap * gap);
  return tau < lower && tau > share * smallest ? tau : share * smallest;
}

/**
 * One transform. out[0] receives the last t, out[1] the smallest.
 *
 * @returns −1; the first row whose t is negative; or n + i if row i does not need the next one.
 */
function transform(
  q: Float64Array,
  s: Float64Array,
  nextQ: Float64Array,
  nextS: Float64Array,
  first: number,
  last: number,
  tau: number,
  out: Float64Array,
): number {
  let t = q[first]! - tau;
  let smallest = t;
  let before = t;
  for (let i = first; i < last; i++) {
    if (!(t >= 0)) return i;
    const side = s[i]!;
    if (side <= NEGLIGIBLE * t) return q.length + i;
    const sum = t + side;
    const below = q[i + 1]!;
    nextQ[i] = sum;
    nextS[i] = below * (side / sum);
    t = below * (t / sum) - tau;
    before = smallest;
    smallest = Math.min(smallest, t);
  }
  nextQ[last] = t;
  out[0] = t;
  out[1] = smallest;
  out[2] = before;
  return t >= 0 ? DONE : last;
}
