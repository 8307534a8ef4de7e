import { normalPair, openStream } from './random.ts';

/** V vocabulary, T positions, D width, H heads, L layers; the MLP is 4 D wide. */
export interface Shape {
  readonly V: number;
  readonly T: number;
  readonly D: number;
  readonly H: number;
  readonly L: number;
}

/** The ε under the root of every LayerNorm. */
export const LAYER_NORM_EPSILON = 1e-5;

/** The shape of every parameter, in the order of the file. */
export function parameterShapes({ V, T, D, L }: Shape): Map<string, number[]> {
  const shapes = new Map([
    ['wte.weight', [V, D]],
    ['wpe.weight', [T, D]],
  ]);
  const norm = (name: string): void => {
    shapes.set(`${name}.weight`, [D]).set(`${name}.bias`, [D]);
  };
  const linear = (name: string, inputs: number, outputs: number): void => {
    shapes.set(`${name}.weight`, [inputs, outputs]).set(`${name}.bias`, [outputs]);
  };
  for (let layer = 0; layer < L; layer++) {
    norm(`h.${layer}.ln_1`);
    linear(`h.${layer}.attn.c_attn`, D, 3 * D);
    linear(`h.${layer}.attn.c_proj`, D, D);
    norm(`h.${layer}.ln_2`);
    linear(`h.${layer}.mlp.c_fc`, D, 4 * D);
    linear(`h.${layer}.mlp.c_proj`, 4 * D, D);
  }
  norm('ln_f');
  return shapes;
}

/**
 * GPT-2's initial values: normal deviates of standard deviation 0.02 for matrices, divided by √(2L) for the two that
 * write to the residual stream; ones for the scales of the norms, zeros for biases.
 */
export function initialWeights(shape: Shape, seed: number): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  let stream = 0;
  for (const [name, dimensions] of parameterShapes(shape)) {
    const values = new Float32Array(dimensions.reduce((product, n) => product * n, 1));
    if (/ln_.*weight$/.test(name)) values.fill(1);
    if (dimensions.length === 2) {
      const uniform = openStream(seed, stream++);
      const deviation = name.endsWith('c_proj.weight') ? 0.02 / Math.sqrt(2 * shape.L) : 0.02;
      for (let i = 0; i < values.length; i += 2) {
        const [a, b] = normalPair(uniform);
        values[i] = deviation * a;
        values[i + 1] = deviation * b;
      }
    }
    weights.set(name, values);
  }
  return weights;
}
