/**
 * The forward pass written down a second time, from the published descriptions of the families: nested loops in f64 over
 * the stored tensors, nothing shared with src/. It is the outside against which the pass is held on random models.
 */
import { type Family, type TinyOptions, tinyConfig, tinySizes, tinyTensors } from './tiny-model.ts';

type Rows = number[][];

export interface TextbookPass {
  /** Residual stream by name, T rows each. */
  readonly stream: ReadonlyMap<string, Rows>;
  /** Attention patterns by layer and head, T×T. */
  readonly patterns: readonly Rows[][];
  /** Logits of every position. */
  readonly logits: Rows;
}

/** What the families call the tensors that they all have. */
interface Names {
  readonly embedding: string;
  readonly positions: string | null;
  readonly layers: string;
  readonly norm1: string;
  readonly attentionOut: string;
  readonly norm2: string;
  /** W_in, or W_gate. */
  readonly mlpIn: string;
  readonly mlpOut: string;
  readonly finalNorm: string;
  readonly head: string;
  /** The field of config.json. */
  readonly activation: 'activation_function' | 'hidden_act';
}

const GPT2: Names = {
  embedding: 'wte',
  positions: 'wpe',
  layers: 'h',
  norm1: 'ln_1',
  attentionOut: 'attn.c_proj',
  norm2: 'ln_2',
  mlpIn: 'mlp.c_fc',
  mlpOut: 'mlp.c_proj',
  finalNorm: 'ln_f',
  head: 'lm_head',
  activation: 'activation_function',
};
const LLAMA: Names = {
  embedding: 'model.embed_tokens',
  positions: null,
  layers: 'model.layers',
  norm1: 'input_layernorm',
  attentionOut: 'self_attn.o_proj',
  norm2: 'post_attention_layernorm',
  mlpIn: 'mlp.gate_proj',
  mlpOut: 'mlp.down_proj',
  finalNorm: 'model.norm',
  head: 'lm_head',
  activation: 'hidden_act',
};
/** The families that are written down here; the others are held against transformers alone. */
export const TEXTBOOK = [
  'gpt2',
  'gpt_neo',
  'gpt_neox',
  'llama',
  'mistral',
  'qwen2',
] as const satisfies readonly Family[];
const NAMES: Readonly<Record<(typeof TEXTBOOK)[number], Names>> = {
  gpt2: GPT2,
  gpt_neo: { ...GPT2, attentionOut: 'attn.attention.out_proj' },
  gpt_neox: {
    embedding: 'gpt_neox.embed_in',
    positions: null,
    layers: 'gpt_neox.layers',
    norm1: 'input_layernorm',
    attentionOut: 'attention.dense',
    norm2: 'post_attention_layernorm',
    mlpIn: 'mlp.dense_h_to_4h',
    mlpOut: 'mlp.dense_4h_to_h',
    finalNorm: 'gpt_neox.final_layer_norm',
    head: 'embed_out',
    activation: 'hidden_act',
  },
  llama: LLAMA,
  mistral: LLAMA,
  qwen2: LLAMA,
};

export function textbookForward(options: TinyOptions, ids: readonly number[]): TextbookPass {
  const weights = tinyTensors(options);
  const tensor = (name: string) => weights.get(name)!;
  const vector = (name: string) => [...tensor(name).values];
  const matrix = (name: string): Rows => {
    const { shape, values } = tensor(name);
    return Array.from({ length: shape[0]! }, (_, r) => [...values.subarray(r * shape[1]!, (r + 1) * shape[1]!)]);
  };
  const { family = 'gpt2' } = options;
  const [neo, neox, mistral, qwen2] = ['gpt_neo', 'gpt_neox', 'mistral', 'qwen2'].map((name) => family === name);
  const llama = family === 'llama' || mistral || qwen2;
  const names = NAMES[family as (typeof TEXTBOOK)[number]];
  const { D, L, H, G, K } = tinySizes(options);
  const config = tinyConfig(options);
  const stream = new Map<string, Rows>();
  const patterns: Rows[][] = [];
  const act = activationByName(config[names.activation] as string);

  const norm = (x: Rows, name: string): Rows =>
    x.map((row) => {
      const mean = llama ? 0 : sum(row) / D;
      const scale = Math.sqrt(sum(row.map((v) => (v - mean) ** 2)) / D + 1e-5);
      const beta = llama ? null : vector(`${name}.bias`);
      return row.map((v, c) => ((v - mean) / scale) * vector(`${name}.weight`)[c]! + (beta?.[c] ?? 0));
    });
  const bias = (name: string, n: number) =>
    weights.has(`${name}.bias`) ? vector(`${name}.bias`) : new Array<number>(n).fill(0);
  /** Conv1D keeps [in, out], Linear [out, in]. */
  const outIn = family !== 'gpt2';
  const project = (x: Rows, name: string): Rows => {
    const w = matrix(`${name}.weight`);
    const columns = outIn ? w.length : w[0]!.length;
    const b = bias(name, columns);
    return x.map((row) => b.map((offset, j) => offset + sum(row.map((v, i) => v * (outIn ? w[j]![i]! : w[i]![j]!)))));
  };

  const table = matrix(`${names.embedding}.weight`);
  const places = names.positions === null ? null : matrix(`${names.positions}.weight`);
  let x = ids.map((id, t) => table[id]!.map((v, c) => v + (places?.[t]?.[c] ?? 0)));
  stream.set('embed', x);
  for (let i = 0; i < L; i++) {
    const layer = `${names.layers}.${i}`;
    const entering = x;
    const normed = norm(x, `${layer}.${names.norm1}`);
    const [q, k, v] = llama
      ? ['q', 'k', 'v'].map((name) => project(normed, `${layer}.self_attn.${name}_proj`))
      : neo
        ? ['q', 'k', 'v'].map((name) => project(normed, `${layer}.attn.attention.${name}_proj`))
        : neox
          ? [0, 1, 2].map((part) =>
              // Head by head: its q, its k, its v.
              project(normed, `${layer}.attention.query_key_value`).map((row) =>
                range(H).flatMap((h) => row.slice((3 * h + part) * K, (3 * h + part + 1) * K)),
              ),
            )
          : [0, 1, 2].map((part) =>
              project(normed, `${layer}.attn.c_attn`).map((row) => row.slice(part * D, (part + 1) * D)),
            );
    if (llama) for (const rows of [q!, k!]) rotate(rows, K, K);
    if (neox) for (const rows of [q!, k!]) rotate(rows, K, options.rotary ?? 2);
    const heads: Rows[] = [];
    // Every second layer of GPT-Neo, all but the first of Qwen2 and all of Mistral, if they have windows, see the last few positions only.
    const window =
      neo && i % 2 === 1
        ? (config.window_size as number)
        : mistral || (qwen2 && i > 0 && config.use_sliding_window)
          ? ((config.sliding_window as number | null) ?? Infinity)
          : Infinity;
    const mixed = ids.map(() => [] as number[]);
    for (let h = 0; h < H; h++) {
      const g = Math.floor(h / (H / G));
      const pattern = ids.map((_, t) => {
        const scores = ids.slice(0, t + 1).map((__, j) => {
          if (t - j >= window) return -Infinity;
          return sum(range(K).map((c) => q![t]![h * K + c]! * k![j]![g * K + c]!)) / (neo ? 1 : Math.sqrt(K));
        });
        const highest = Math.max(...scores);
        const weightsOf = scores.map((s) => Math.exp(s - highest));
        return ids.map((___, j) => (weightsOf[j] ?? 0) / sum(weightsOf));
      });
      heads.push(pattern);
      for (const [t, row] of mixed.entries()) {
        row.push(...range(K).map((c) => sum(pattern[t]!.map((a, j) => a * v![j]![g * K + c]!))));
      }
    }
    patterns.push(heads);
    x = add(x, project(mixed, `${layer}.${names.attentionOut}`));
    const parallel = neox && (options.parallel ?? true);
    if (!parallel) stream.set(`blocks.${i}.resid_mid`, x);
    const inner = norm(parallel ? entering : x, `${layer}.${names.norm2}`);
    const up = llama ? project(inner, `${layer}.mlp.up_proj`) : null;
    const hidden = project(inner, `${layer}.${names.mlpIn}`).map((row, t) =>
      row.map((z, f) => act(z) * (up?.[t]?.[f] ?? 1)),
    );
    x = add(x, project(hidden, `${layer}.${names.mlpOut}`));
    stream.set(`blocks.${i}.resid_post`, x);
  }
  const final = norm(x, names.finalNorm);
  const head = weights.has(`${names.head}.weight`) ? matrix(`${names.head}.weight`) : table;
  return { stream, patterns, logits: final.map((row) => head.map((w) => sum(w.map((v, c) => v * row[c]!)))) };
}

/** The first R of every head's K coordinates. */
function rotate(rows: Rows, K: number, R: number): void {
  rows.forEach((row, t) => {
    for (let base = 0; base < row.length; base += K) {
      for (let c = 0; c < R / 2; c++) {
        const angle = t * 10000 ** ((-2 * c) / R);
        const [a, b] = [row[base + c]!, row[base + c + R / 2]!];
        row[base + c] = a * Math.cos(angle) - b * Math.sin(angle);
        row[base + c + R / 2] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
  });
}

function activationByName(name: string): (z: number) => number {
  switch (name) {
    case 'gelu_new':
      return (z) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)));
    case 'silu':
      return (z) => z / (1 + Math.exp(-z));
    case 'relu':
      return (z) => Math.max(0, z);
    case 'gelu':
      return (z) => z * normalCdfByQuadrature(z);
    default:
      throw new Error(`no textbook activation ${name}`);
  }
}

/** Φ(z) = ½ + ∫₀^z φ by Simpson's rule on 2,000 panels: error below 1e-13 for |z| ≤ 10. */
function normalCdfByQuadrature(z: number): number {
  const steps = 2000;
  const h = z / steps;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let total = density(0) + density(z);
  for (let i = 1; i < steps; i++) total += (i % 2 === 0 ? 2 : 4) * density(i * h);
  return 0.5 + (total * h) / 3;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const add = (a: Rows, b: Rows): Rows => a.map((row, t) => row.map((v, c) => v + b[t]![c]!));
