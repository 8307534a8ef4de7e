/**
 * Kolmogorov–Smirnov distance sup|F_n − F| of ascending numbers from a law.
 *
 * @param sorted n ≥ 1 numbers, ascending
 * @param cdf its distribution function
 */
export function ksDistance(sorted: ArrayLike<number>, cdf: (x: number) => number): number {
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const value = cdf(sorted[i]!);
    distance = Math.max(distance, (i + 1) / n - value, value - i / n);
  }
  return distance;
}

/** The numbers in ascending order, a copy. */
export function ascending(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Share of random distances at least as large as the observed one, the observed one counted among them. */
export function exceedance(observed: number, random: readonly number[]): number {
  return (1 + random.filter((value) => value >= observed).length) / (1 + random.length);
}
