/**
 * C = α op(A) op(B) + β C over interleaved complex numbers, by four real sums per element, each from left to right over p:
 * rr = Σ Re a·Re b, ri = Σ Re a·Im b, ir = Σ Im a·Re b, ii = Σ Im a·Im b. A conjugate is a sign in
 * s = (rr − ii) + i(ri + ir). No product of sums (Karatsuba's three products) is taken: its error is large where parts cancel.
 *
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2002), § 23.2.4 (why not three products).
 */
export function combine(
  c: Float64Array,
  at: number,
  [rr, ii, ri, ir]: readonly [number, number, number, number],
  [signA, signB]: readonly [number, number],
  [alphaRe, alphaIm]: readonly [number, number],
  [betaRe, betaIm]: readonly [number, number],
): void {
  const re = rr - signA * signB * ii;
  const im = signB * ri + signA * ir;
  let sumRe = alphaRe * re - alphaIm * im;
  let sumIm = alphaRe * im + alphaIm * re;
  if (betaRe !== 0 || betaIm !== 0) {
    const [oldRe, oldIm] = [c[at]!, c[at + 1]!];
    sumRe += betaRe * oldRe - betaIm * oldIm;
    sumIm += betaRe * oldIm + betaIm * oldRe;
  }
  c[at] = sumRe;
  c[at + 1] = sumIm;
}

/** Operations: 0 none, 1 transpose, 2 conjugate transpose. `work` holds four rows of n sums. */
export function complexProduct(
  opA: number,
  opB: number,
  m: number,
  n: number,
  k: number,
  alpha: readonly [number, number],
  a: Float64Array,
  lda: number,
  b: Float64Array,
  ldb: number,
  beta: readonly [number, number],
  c: Float64Array,
  ldc: number,
  lower: boolean,
  work: Float64Array,
): void {
  const signs = [opA === 2 ? -1 : 1, opB === 2 ? -1 : 1] as const;
  const [rowA, columnA] = opA === 0 ? [lda, 1] : [1, lda];
  const [rowB, columnB] = opB === 0 ? [ldb, 1] : [1, ldb];
  for (let i = 0; i < m; i++) {
    const width = lower ? i + 1 : n;
    work.fill(0, 0, 4 * n);
    for (let p = 0; p < k; p++) {
      const x = 2 * (i * rowA + p * columnA);
      const [re, im] = [a[x]!, a[x + 1]!];
      for (let j = 0; j < width; j++) {
        const y = 2 * (p * rowB + j * columnB);
        work[j] = work[j]! + re * b[y]!;
        work[n + j] = work[n + j]! + re * b[y + 1]!;
        work[2 * n + j] = work[2 * n + j]! + im * b[y]!;
        work[3 * n + j] = work[3 * n + j]! + im * b[y + 1]!;
      }
    }
    for (let j = 0; j < width; j++) {
      const sums = [work[j]!, work[3 * n + j]!, work[n + j]!, work[2 * n + j]!] as const;
      combine(c, 2 * (i * ldc + j), sums, signs, alpha, beta);
    }
  }
}
