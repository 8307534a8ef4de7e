import { at } from './indexing.ts';
import type { Tensor } from './safetensors.ts';

/** What the forward pass needs of `config.json`. */
export interface ModelConfig {
  readonly n_embd: number;
  readonly n_head: number;
  readonly n_layer: number;
  readonly vocab_size: number;
  readonly layer_norm_epsilon: number;
}

type Weights = ReadonlyMap<string, Tensor>;

/**
 * Logits [T, V] of GPT-2 for one sequence of T ids, written out in plain loops: an implementation independent of the
 * trainer's, for measuring the stored weights.
 */
export function forwardLogits(weights: Weights, config: ModelConfig, ids: readonly number[]): Float32Array {
  const { n_embd: D, n_head: H, n_layer: L, vocab_size: V, layer_norm_epsilon: epsilon } = config;
  const T = ids.length;
  const tokens = values(weights, 'wte.weight');
  const positions = values(weights, 'wpe.weight');
  const x = Float32Array.from({ length: T * D }, (_, i) => {
    const t = Math.floor(i / D);
    return read(tokens, at(ids, t) * D + (i % D)) + read(positions, i);
  });
  for (let layer = 0; layer < L; layer++) {
    const block = `h.${layer}`;
    const qkv = linear(weights, `${block}.attn.c_attn`, norm(weights, `${block}.ln_1`, x, D, epsilon), T);
    addInto(x, linear(weights, `${block}.attn.c_proj`, attend(qkv, T, D, H), T));
    const inner = linear(weights, `${block}.mlp.c_fc`, norm(weights, `${block}.ln_2`, x, D, epsilon), T);
    addInto(x, linear(weights, `${block}.mlp.c_proj`, inner.map(gelu), T));
  }
  const last = norm(weights, 'ln_f', x, D, epsilon);
  const logits = new Float32Array(T * V);
  for (let t = 0; t < T; t++) {
    for (let v = 0; v < V; v++) {
      let sum = 0;
      for (let d = 0; d < D; d++) sum += read(last, t * D + d) * read(tokens, v * D + d);
      logits[t * V + v] = sum;
    }
  }
  return logits;
}

/** ln softmax of row t of logits [T, V]. */
export function logSoftmaxRow(logits: Float32Array, t: number, V: number): Float64Array {
  const row = Float64Array.from(logits.subarray(t * V, (t + 1) * V));
  const largest = row.reduce((a, b) => Math.max(a, b));
  const logSum = largest + Math.log(row.reduce((sum, z) => sum + Math.exp(z - largest), 0));
  return row.map((z) => z - logSum);
}

/** Element i, NaN past the end: one kind of array, so that the loops stay fast. */
function read(x: Float32Array, i: number): number {
  return x[i] ?? Number.NaN;
}

function values(weights: Weights, name: string): Float32Array {
  const tensor = weights.get(name);
  if (tensor === undefined) throw new Error(`forwardLogits: the weights must contain ${name}.`);
  return tensor.values;
}

/** Every head's softmax(q·k/√K) over the past, applied to v; qkv is [T, 3D]. */
function attend(qkv: Float32Array, T: number, D: number, H: number): Float32Array {
  const K = D / H;
  const mixed = new Float32Array(T * D);
  for (let h = 0; h < H; h++) {
    for (let t = 0; t < T; t++) {
      const scores = new Float64Array(t + 1);
      for (let s = 0; s <= t; s++) {
        let dot = 0;
        for (let k = h * K; k < (h + 1) * K; k++) dot += read(qkv, t * 3 * D + k) * read(qkv, s * 3 * D + D + k);
        scores[s] = dot / Math.sqrt(K);
      }
      const largest = scores.reduce((a, b) => Math.max(a, b));
      const exponentials = scores.map((score) => Math.exp(score - largest));
      const total = exponentials.reduce((a, b) => a + b);
      for (let k = h * K; k < (h + 1) * K; k++) {
        const sum = exponentials.reduce((sum, weight, s) => sum + weight * read(qkv, s * 3 * D + 2 * D + k), 0);
        mixed[t * D + k] = sum / total;
      }
    }
  }
  return mixed;
}

/** Rows of x times W [in, out], plus b. */
function linear(weights: Weights, name: string, x: Float32Array, rows: number): Float32Array {
  const w = values(weights, `${name}.weight`);
  const b = values(weights, `${name}.bias`);
  const inputs = x.length / rows;
  const outputs = b.length;
  const y = new Float32Array(rows * outputs);
  for (let r = 0; r < rows; r++) {
    const row = y.subarray(r * outputs, (r + 1) * outputs);
    row.set(b);
    for (let i = 0; i < inputs; i++) {
      const factor = read(x, r * inputs + i);
      for (let o = 0; o < outputs; o++) row[o] = read(row, o) + factor * read(w, i * outputs + o);
    }
  }
  return y;
}

/** (x − mean) / √(variance + ε) · scale + bias, row by row. */
function norm(weights: Weights, name: string, x: Float32Array, D: number, epsilon: number): Float32Array {
  const scale = values(weights, `${name}.weight`);
  const bias = values(weights, `${name}.bias`);
  const y = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += D) {
    const row = x.subarray(start, start + D);
    const mean = row.reduce((a, b) => a + b, 0) / D;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / D;
    for (let d = 0; d < D; d++)
      y[start + d] = ((read(row, d) - mean) / Math.sqrt(variance + epsilon)) * read(scale, d) + read(bias, d);
  }
  return y;
}

/** GPT-2's gelu: x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))). */
function gelu(x: number): number {
  return (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

function addInto(x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i] = read(x, i) + read(y, i);
}
