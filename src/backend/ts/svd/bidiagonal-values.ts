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

/**
 * Singular values of the real upper bidiagonal matrix with diagonal d and e[i] beside d[i], which d receives in no order; e is
 * overwritten. On q = d² and s = e² a differential quotient-difference transform with shift τ turns BᵀB − τ into B'ᵀB':
 * t = q_0 − τ, q'_i = t + s_i, s'_i = q_{i+1}(s_i/q'_i), t ← q_{i+1}(t/q'_i) − τ. It exists as long as no t is negative but the last,
 * by no more than rounding.
 *
 * Two shifts are tried at once, for the price of one where numbers come in pairs. The higher one is the smaller eigenvalue of the last
 * 2×2 block of B Bᵀ, not below the smallest eigenvalue λ. The last t is a concave function of τ that falls at least as fast as −τ and
 * vanishes at λ: so from two shifts on both sides of it a chord, or the upper shift plus its negative t, gives a bound below λ, which
 * is the lower shift of the next transform. Without one it is the eigenvalue less an estimate of what the third row takes from it, or
 * a quarter of the smallest t.
 *
 * work = [q, s, q' and s' of both shifts, the last t of both, the smallest of the others of both]: 6n + 4 numbers. out[3] receives the
 * number of transforms.
 *
 * @returns 0, or the number of singular values that are still open after 60·n² steps.
 * @accuracy every singular value of B above 2⁻⁹⁰⁰ of the largest to a relative 64·n·u; parity exact.
 * @source K. V. Fernando, B. N. Parlett, Numer. Math. 67 (1994) 191; B. N. Parlett, O. A. Marques, Linear Algebra Appl. 309 (2000) 121.
 */
export function bidiagonalValues(
  d: Float64Array,
  e: Float64Array,
  n: number,
  work: Float64Array,
  out: Float64Array,
): number {
  const [q, s, next, ends] = [0, n, 2 * n, 6 * n].map((from) => work.subarray(from)) as Parts;
  const scale = squares(d, e, n, q, s);
  let budget = 60 * n * n;
  let last = n - 1;
  let first = n;
  // The shift so far and what its rounding has left.
  let shift = 0;
  let rest = 0;
  // What the last transform says: its last t or −1, the smallest of the others, a bound below the smallest eigenvalue.
  let end = -1;
  let others = 0;
  let bound = 0;
  out[3] = 0;
  while (last >= 0) {
    const alone = last === 0 || s[last - 1]! < 0;
    if (alone || uncoupled(s[last - 1]!, q[last]!, shift)) {
      d[last] = Math.sqrt(shift + (rest + q[last]!)) / scale;
      if (alone && last > 0) {
        shift = e[last - 1]!;
        rest = 0;
      }
      last--;
      // The row above keeps its t, which is in q but for a negligible s.
      end = last < first || end < 0 ? -1 : q[last]!;
      bound = 0;
      continue;
    }
    const start = blockStart(s, last, shift);
    if (start > 0 && s[start - 1]! >= 0) cut(s, e, start - 1, shift);
    if (start !== first) {
      first = start;
      end = -1;
    }
    if (1.5 * q[first]! < q[last]!) {
      reverse(q, first, last);
      reverse(s, first, last - 1);
      end = -1;
    }
    let high = end < 0 ? 0 : higherShift(q, s, last, end, others);
    let low = end < 0 ? 0 : lowerShift(q, s, first, last, end, others, bound, high);
    let taken = -1;
    let tau = 0;
    for (let attempt = 0; attempt < 2 && taken < 0 && first < n; attempt++) {
      budget -= last - first;
      if (budget < 0) return last + 1;
      out[3] = out[3]! + 1;
      const apart = transform(q, s, n, first, last, low, high, next, ends);
      const tiny = -0.25 * U * shift;
      bound = 0;
      if (apart >= 0) {
        cut(s, e, apart, shift);
        first = n;
      } else if (ends[3]! >= 0 && ends[1]! >= tiny) {
        taken = 1;
        tau = high;
      } else if (ends[2]! >= 0 && ends[0]! >= tiny) {
        taken = 0;
        tau = low;
        const between = high - low;
        if (ends[3]! >= 0) bound = Math.max((between * ends[0]!) / (ends[0]! - ends[1]!), between + ends[1]!);
      } else {
        high = ends[2]! >= 0 && low + ends[0]! > 0 ? low + ends[0]! : 0.25 * low;
        low = 0;
      }
    }
    if (first === n) continue;
    if (taken < 0) return last + 1;
    for (let i = first; i <= last; i++) {
      q[i] = next[2 * i + taken]!;
      if (i < last) s[i] = next[2 * (n + i) + taken]!;
    }
    end = Math.max(ends[taken]!, 0);
    others = ends[2 + taken]!;
    q[last] = end;
    rest += tau;
    const sum = shift + rest;
    rest -= sum - shift;
    shift = sum;
  }
  return 0;
}

type Parts = [Float64Array, Float64Array, Float64Array, Float64Array];

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

/** Whether s is small for a change of the eigenvalues of B Bᵀ, and √(s·lower), the inner product of the last two rows of B, as well. */
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

function higherShift(q: Float64Array, s: Float64Array, last: number, end: number, others: number): number {
  const smallest = Math.min(end, others);
  return end > NEARLY * smallest ? 0.75 * smallest : Math.min(lastEigenvalue(q, s, last), q[last]!);
}

function lowerShift(
  q: Float64Array,
  s: Float64Array,
  first: number,
  last: number,
  end: number,
  others: number,
  bound: number,
  high: number,
): number {
  const smallest = Math.min(end, others);
  let low = 0.25 * smallest;
  if (end <= NEARLY * smallest) {
    const sum = q[last - 1]! + s[last - 1]!;
    const product = (q[last]! / sum) * (s[last - 1]! / sum);
    const beyond = last - 2 >= first ? (q[last - 1]! / sum) * (s[last - 2]! / sum) : 0;
    const eigenvalue = lastEigenvalue(q, s, last);
    const gap = 1 - eigenvalue / sum;
    const estimate = eigenvalue - (1.25 * product * beyond * sum) / (gap * gap * gap);
    if (estimate < high && estimate > low) low = estimate;
  }
  return Math.min(Math.max(bound * (1 - 8 * U), low), high);
}

/** The smaller eigenvalue of the last 2×2 block of B Bᵀ: its determinant over the larger one. */
function lastEigenvalue(q: Float64Array, s: Float64Array, last: number): number {
  const [upper, side, lower] = [q[last - 1]!, s[last - 1]!, q[last]!];
  const sum = upper + side;
  const ratio = lower / sum;
  const half = 0.5 * (1 - ratio);
  const larger = 0.5 * (1 + ratio) + Math.sqrt(half * half + ratio * (side / sum));
  return (upper / sum) * (lower / larger);
}

/**
 * Both transforms: next[2i + lane] is q'_i, next[2(n + i) + lane] is s'_i.
 *
 * @returns −1, or the first row that does not need the next one with the lower shift.
 */
function transform(
  q: Float64Array,
  s: Float64Array,
  n: number,
  first: number,
  last: number,
  low: number,
  high: number,
  next: Float64Array,
  ends: Float64Array,
): number {
  for (let lane = 0; lane < 2; lane++) {
    const tau = lane === 0 ? low : high;
    let t = q[first]! - tau;
    let smallest = t;
    for (let i = first; i < last; i++) {
      const side = s[i]!;
      if (lane === 0 && side <= NEGLIGIBLE * t) return i;
      if (t < smallest) smallest = t;
      const sum = t + side;
      const below = q[i + 1]!;
      next[2 * i + lane] = sum;
      next[2 * (n + i) + lane] = below * (side / sum);
      t = below * (t / sum) - tau;
    }
    next[2 * last + lane] = t;
    ends[lane] = t;
    ends[2 + lane] = smallest;
  }
  return -1;
}
