/**
 * Neumaier's compensated sum: relative error about u + n²u²·cond instead of n·u·cond.
 *
 * @source A. Neumaier, ZAMM 54 (1974) 39–51.
 */
export class CompensatedSum {
  #sum = 0;
  #compensation = 0;

  add(term: number): this {
    const next = this.#sum + term;
    this.#compensation += Math.abs(this.#sum) >= Math.abs(term) ? this.#sum - next + term : term - next + this.#sum;
    this.#sum = next;
    return this;
  }

  get value(): number {
    return this.#sum + this.#compensation;
  }
}

/** Compensated Σ values[i]. */
export function compensatedSum(values: Iterable<number>): number {
  const sum = new CompensatedSum();
  for (const value of values) sum.add(value);
  return sum.value;
}

/** Mean x̄ of samples and Σ (x − x̄)², compensated. */
export function sampleMoments(samples: Float64Array | readonly number[]): { mean: number; squares: number } {
  const mean = compensatedSum(samples) / samples.length;
  return { mean, squares: compensatedSum(Array.from(samples, (x) => (x - mean) ** 2)) };
}

/** Standard error √(squares/(n−1)/n) of a mean of n samples; null for a single one. */
export function standardErrorOf(squares: number, n: number): number | null {
  return n > 1 ? Math.sqrt(squares / (n - 1) / n) : null;
}
