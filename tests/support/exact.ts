/** Elementary functions in fixed point with 256 fractional bits (BigInt): the outside for tests of accuracy. */

const BITS = 256n;
const ONE = 1n << BITS;

/** A double as fixed point; exact for |x| ≥ 2⁻²⁰⁰. */
export function fixed(x: number): bigint {
  if (x === 0) return 0n;
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  const shift = 60 - exponent;
  // Two steps keep 2^shift finite for tiny x.
  const mantissa = BigInt(x * 2 ** Math.min(shift, 1000) * 2 ** Math.max(0, shift - 1000));
  const by = BITS - BigInt(shift);
  return by >= 0n ? mantissa << by : mantissa >> -by;
}

const multiply = (a: bigint, b: bigint) => (a * b) >> BITS;
const divide = (a: bigint, b: bigint) => (a << BITS) / b;

export function exactExp(x: bigint): bigint {
  // e^x = (e^{x/2^16})^{2^16} would lose 16 bits of 256: harmless.
  const small = x >> 16n;
  let term = ONE;
  let total = ONE;
  for (let n = 1n; term !== 0n && n < 200n; n++) {
    term = multiply(term, small) / n;
    total += term;
  }
  for (let i = 0; i < 16; i++) total = multiply(total, total);
  return total;
}

/** tanh x = (e^{2x} − 1)/(e^{2x} + 1). */
export function exactTanh(x: bigint): bigint {
  const square = exactExp(2n * x);
  return divide(square - ONE, square + ONE);
}

function artanh(x: bigint): bigint {
  const square = multiply(x, x);
  let power = x;
  let total = 0n;
  for (let n = 1n; power !== 0n && n < 2000n; n += 2n) {
    total += power / n;
    power = multiply(power, square);
  }
  return total;
}

const LN2 = 2n * artanh(ONE / 3n);

export function exactLog(x: bigint): bigint {
  let k = 0n;
  while (x >= 2n * ONE) {
    x >>= 1n;
    k++;
  }
  while (x < ONE) {
    x <<= 1n;
    k--;
  }
  return 2n * artanh(divide(x - ONE, x + ONE)) + k * LN2;
}

function arctanInverse(n: bigint): bigint {
  let power = ONE / n;
  let total = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    total += k % 4n === 1n ? power / k : -(power / k);
    power /= n * n;
  }
  return total;
}

/** Machin's formula. */
const PI = 4n * (4n * arctanInverse(5n) - arctanInverse(239n));

/** sin x and cos x by the Taylor series of the angle reduced to [−π, π]. */
export function exactSinCos(x: bigint): [bigint, bigint] {
  const turns = (x + PI) / (2n * PI) - (x + PI < 0n ? 1n : 0n);
  const r = x - 2n * PI * turns;
  let term = ONE;
  const sums = [0n, 0n, 0n, 0n];
  for (let n = 1n; term !== 0n && n < 400n; n++) {
    sums[Number((n - 1n) % 4n)]! += term;
    term = multiply(term, r) / n;
  }
  return [sums[1]! - sums[3]!, sums[0]! - sums[2]!];
}

/** erf x = (2/√π) Σ (−1)^n x^{2n+1}/(n!(2n+1)), for |x| ≤ 6. */
export function exactErf(x: bigint): bigint {
  const square = multiply(x, x);
  let power = x;
  let total = 0n;
  for (let n = 0n; power !== 0n && n < 1000n; n++) {
    total += (n % 2n === 0n ? power : -power) / (2n * n + 1n);
    power = multiply(power, square) / (n + 1n);
  }
  return divide(2n * total, squareRoot(PI));
}

/** √x by Newton's iteration. */
function squareRoot(x: bigint): bigint {
  const scaled = x << BITS;
  let root = 1n << BigInt((scaled.toString(2).length / 2 + 1) | 0);
  for (;;) {
    const next = (root + scaled / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Error of a double against a fixed-point value, in units in the last place of the exact value. */
export function ulpError(computed: number, exact: bigint): number {
  const magnitude = toNumber(exact < 0n ? -exact : exact);
  const ulp = 2 ** (Math.max(Math.floor(Math.log2(magnitude)), -1022) - 52);
  return toNumber(exact - fixed(computed)) / ulp;
}

/** Fixed point to double, within one part in 2⁵². */
export function toNumber(x: bigint): number {
  const negative = x < 0n;
  const digits = negative ? -x : x;
  const length = BigInt(digits.toString(2).length);
  const drop = length > 64n ? length - 64n : 0n;
  const value = Number(digits >> drop) * 2 ** Number(drop - BITS);
  return negative ? -value : value;
}
