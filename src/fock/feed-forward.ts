import { checkFinite, checkLength } from '../core/checks.ts';
import { normalCdf } from '../math/erf.ts';
import { applyRows, type Rows, rowMajor } from './rows.ts';

/**
 * The block's FFN, a function on vectors of the embedding width d:
 * - `identity`: v;
 * - `linear`: W v with W d×d;
 * - `mlp`: W₂ g(W₁ v + b₁) + b₂ with W₁ F×d, W₂ d×F, g = relu or gelu(z) = z·Φ(z), element by element;
 * - `function`: the caller's.
 */
export type FeedForward =
  | { readonly kind: 'identity' }
  | { readonly kind: 'linear'; readonly W: Rows }
  | {
      readonly kind: 'mlp';
      readonly activation: 'relu' | 'gelu';
      readonly W1: Rows;
      readonly b1?: readonly number[] | undefined;
      readonly W2: Rows;
      readonly b2?: readonly number[] | undefined;
    }
  | { readonly kind: 'function'; readonly apply: (vector: Float64Array) => ArrayLike<number> };

/**
 * The FFN as a function, its weights checked once.
 *
 * @throws ShapeError, NonFiniteError naming the weight.
 */
export function feedForward(where: string, ffn: FeedForward, d: number): (vector: Float64Array) => ArrayLike<number> {
  switch (ffn.kind) {
    case 'identity':
      return (vector) => vector;
    case 'linear': {
      const W = rowMajor(where, 'ffn.W', ffn.W, { rows: d, columns: d });
      return (vector) => applyRows(W, vector);
    }
    case 'mlp': {
      const W1 = rowMajor(where, 'ffn.W1', ffn.W1, { columns: d });
      const W2 = rowMajor(where, 'ffn.W2', ffn.W2, { rows: d, columns: W1.rows });
      const b1 = bias(where, 'ffn.b1', ffn.b1, W1.rows);
      const b2 = bias(where, 'ffn.b2', ffn.b2, d);
      const activation = ffn.activation === 'relu' ? relu : gelu;
      return (vector) => {
        const hidden = applyRows(W1, vector).map((z, i) => activation(z + b1[i]!));
        return applyRows(W2, hidden).map((z, i) => z + b2[i]!);
      };
    }
    case 'function':
      return (vector) => {
        const image = ffn.apply(vector);
        checkLength(where, 'the result of ffn.apply', image, d);
        return image;
      };
  }
}

function bias(where: string, name: string, b: readonly number[] | undefined, length: number): Float64Array {
  if (b === undefined) return new Float64Array(length);
  checkLength(where, name, b, length);
  checkFinite(where, name, b);
  return Float64Array.from(b);
}

function relu(z: number): number {
  return z > 0 ? z : 0;
}

function gelu(z: number): number {
  return z * normalCdf(z);
}
