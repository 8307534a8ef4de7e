/**
 * Sum and dot product as if in twice the working precision: the error of every addition (D. E. Knuth's two-sum) and of every
 * product (T. J. Dekker's, by J. Veltkamp's splitting) is computed exactly and summed beside. Four lanes, i mod 4.
 *
 * @accuracy |error| ≤ u|s| + γₙ² Σ|terms| with γₙ = nu/(1−nu), u = 2⁻⁵³.
 * @source T. Ogita, S. M. Rump, S. Oishi, SIAM J. Sci. Comput. 26 (2005) 1955, algorithms 4.4 (Sum2) and 5.3 (Dot2).
 */
const LANES = 4;
/** 2²⁷ + 1. */
const SPLITTER = 134217729;

/** s + t = (rounded sum) + (this), exactly. */
function sumError(s: number, t: number, sum: number): number {
  const z = sum - s;
  return s - (sum - z) + (t - z);
}

/** x·y = (rounded product) + (this), exactly unless something over- or underflows. */
function productError(x: number, y: number, product: number): number {
  const [cx, cy] = [SPLITTER * x, SPLITTER * y];
  const [xHigh, yHigh] = [cx - (cx - x), cy - (cy - y)];
  const [xLow, yLow] = [x - xHigh, y - yHigh];
  return xLow * yLow - (product - xHigh * yHigh - xLow * yHigh - xHigh * yLow);
}

/** Terms of Σ x[i], or of Σ x[i]·y[i] where y is given. */
function compensated(x: Float64Array, y: Float64Array | null, n: number): number {
  const whole = n - (n % LANES);
  let [total, error] = [0, 0];
  const add = (term: number, termError: number): void => {
    const sum = total + term;
    error += sumError(total, term, sum) + termError;
    total = sum;
  };
  for (let lane = 0; lane < LANES; lane++) {
    let [s, e] = [0, 0];
    for (let i = lane; i < whole; i += LANES) {
      const term = y === null ? x[i]! : x[i]! * y[i]!;
      const sum = s + term;
      e += sumError(s, term, sum) + (y === null ? 0 : productError(x[i]!, y[i]!, term));
      s = sum;
    }
    add(s, e);
  }
  for (let i = whole; i < n; i++) {
    if (y === null) add(x[i]!, 0);
    else add(x[i]! * y[i]!, productError(x[i]!, y[i]!, x[i]! * y[i]!));
  }
  return total + error;
}

export function compensatedSum(x: Float64Array, n: number, result: Float64Array): void {
  result[0] = compensated(x, null, n);
}

export function compensatedDot(x: Float64Array, y: Float64Array, n: number, result: Float64Array): void {
  result[0] = compensated(x, y, n);
}
