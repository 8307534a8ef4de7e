/** Adam's decay of the two moments, and what keeps it from dividing by zero. */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPS = 1e-8;

/** Adam on parameters that stay where they are. @source D. P. Kingma, J. Ba, arXiv 1412.6980, algorithm 1. */
export class Adam {
  readonly #parameters: Float64Array;
  readonly #rate: number;
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #power1 = 1;
  #power2 = 1;

  constructor(parameters: Float64Array, rate: number) {
    this.#parameters = parameters;
    this.#rate = rate;
    this.#mean = new Float64Array(parameters.length);
    this.#square = new Float64Array(parameters.length);
  }

  step(gradient: Float64Array): void {
    const [w, m, v] = [this.#parameters, this.#mean, this.#square];
    this.#power1 *= BETA1;
    this.#power2 *= BETA2;
    for (let i = 0; i < w.length; i++) {
      const g = gradient[i]!;
      m[i] = BETA1 * m[i]! + (1 - BETA1) * g;
      v[i] = BETA2 * v[i]! + (1 - BETA2) * g * g;
      w[i]! -= (this.#rate * (m[i]! / (1 - this.#power1))) / (Math.sqrt(v[i]! / (1 - this.#power2)) + EPS);
    }
  }
}
