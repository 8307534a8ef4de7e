/** One step of Adam, two parameters at a time. Mathematics: src/backend/ts/lens/adam-step.ts. */
import { putPairRounded, putRounded, wideAt, widePairAt } from '../layout';

// @ts-ignore: decorator
@inline
function adamStep<T>(
  x: usize, m: usize, v: usize, g: usize, n: i32,
  rate: f64, beta1: f64, beta2: f64, correction1: f64, correction2: f64, eps: f64,
): void {
  const rest1 = 1 - beta1;
  const rest2 = 1 - beta2;
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const gradient = widePairAt<T>(g, i);
    const first = f64x2.add(f64x2.mul(f64x2.splat(beta1), widePairAt<T>(m, i)), f64x2.mul(f64x2.splat(rest1), gradient));
    const second = f64x2.add(
      f64x2.mul(f64x2.splat(beta2), widePairAt<T>(v, i)),
      f64x2.mul(f64x2.splat(rest2), f64x2.mul(gradient, gradient)),
    );
    putPairRounded<T>(m, i, first);
    putPairRounded<T>(v, i, second);
    const size = f64x2.add(f64x2.sqrt(f64x2.div(second, f64x2.splat(correction2))), f64x2.splat(eps));
    const step = f64x2.div(f64x2.mul(f64x2.splat(rate), f64x2.div(first, f64x2.splat(correction1))), size);
    putPairRounded<T>(x, i, f64x2.sub(widePairAt<T>(x, i), step));
  }
  if (i < n) {
    const gradient = wideAt<T>(g, i);
    const first = beta1 * wideAt<T>(m, i) + rest1 * gradient;
    const second = beta2 * wideAt<T>(v, i) + rest2 * (gradient * gradient);
    putRounded<T>(m, i, first);
    putRounded<T>(v, i, second);
    putRounded<T>(x, i, wideAt<T>(x, i) - (rate * (first / correction1)) / (sqrt(second / correction2) + eps));
  }
}

export function adamStepF32(
  x: usize, m: usize, v: usize, g: usize, n: i32,
  rate: f64, beta1: f64, beta2: f64, correction1: f64, correction2: f64, eps: f64,
): void {
  adamStep<f32>(x, m, v, g, n, rate, beta1, beta2, correction1, correction2, eps);
}
export function adamStepF64(
  x: usize, m: usize, v: usize, g: usize, n: i32,
  rate: f64, beta1: f64, beta2: f64, correction1: f64, correction2: f64, eps: f64,
): void {
  adamStep<f64>(x, m, v, g, n, rate, beta1, beta2, correction1, correction2, eps);
}
