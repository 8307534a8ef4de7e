/**
 * The forward pass of any wiring written down a second time: nested loops in f64 over the open weights of a wired model, nothing shared with
 * src/. It is the outside against which the pass is held.
 */
import type { OpenLinear, WiredModel } from './wired-model.ts';

type Rows = number[][];

/** Every activation but patterns, q, k and v, by name. */
export function wiredForward(
  { config, linears, norms }: WiredModel,
  ids: readonly number[],
): ReadonlyMap<string, number[]> {
  const { L, H, G, K, causal, normPlacement, residual, sharedNorm, norm: kind } = config;
  const seen = new Map<string, number[]>();
  const keep = (name: string, rows: Rows): Rows => {
    seen.set(name, rows.flat());
    return rows;
  };
  const affine = ({ matrix, bias }: OpenLinear, x: Rows): Rows =>
    x.map((row) => matrix.map((w, j) => sum(w.map((value, i) => value * row[i]!)) + (bias?.[j] ?? 0)));
  const norm = (name: string, scale: string, x: Rows): Rows => {
    const { gamma, beta } = norms.get(name)!;
    const scales: number[] = [];
    const rows = x.map((row, r) => {
      // Where each head has weights of its own, rows are heads.
      const first = (r * row.length) % gamma.length;
      const mean = kind.kind === 'layer' ? sum(row) / row.length : 0;
      const sigma = Math.sqrt(sum(row.map((value) => (value - mean) ** 2)) / row.length + kind.eps);
      scales.push(sigma);
      return row.map((value, c) => ((value - mean) / sigma) * gamma[first + c]! + (beta?.[c] ?? 0));
    });
    seen.set(`${scale}.scale`, scales);
    return rows;
  };
  const scaled = (factor: number, x: Rows): Rows => x.map((row) => row.map((value) => factor * value));
  const act = ACTIVATIONS[config.activation];

  /** The first coordinates of every head of a row turned, as complex numbers times factor·e^{iωt}. */
  const turned = (i: number, row: readonly number[], t: number): number[] => {
    const table = config.positions.kind === 'rotary' ? config.positions.layers[i]! : null;
    if (table === null) return [...row];
    const half = table.frequencies.length;
    return row.map((value, at) => {
      const c = at % K;
      if (c >= 2 * half) return value;
      const angle = t * table.frequencies[c % half]!;
      const other = c < half ? -row[at + half]! : row[at - half]!;
      return table.factor * (value * Math.cos(angle) + other * Math.sin(angle));
    });
  };

  const attention = (i: number, x: Rows): Rows => {
    const [q, k, v] = ['q', 'k', 'v'].map((part) => {
      let rows = affine(linears.get(`layers.${i}.${part}`)!, x);
      const c = config.clampQkv;
      if (c !== null) {
        keep(`blocks.${i}.attn.${part}_raw`, rows);
        rows = rows.map((row) => row.map((value) => (value > c ? c : value < -c ? -c : value)));
      }
      const name = `layers.${i}.${part}Norm`;
      if (norms.has(name)) {
        const { per } = config.queryKeyNorm!;
        const width = per === 'vector' ? rows[0]!.length : K;
        const parts = rows.flatMap((row) =>
          range(row.length / width).map((h) => row.slice(h * width, (h + 1) * width)),
        );
        const normed = norm(name, `blocks.${i}.attn.${part}_norm`, parts);
        const each = parts.length / rows.length;
        rows = rows.map((_, t) => normed.slice(t * each, (t + 1) * each).flat());
      }
      return part === 'v' ? rows : rows.map((row, t) => turned(i, row, t));
    }) as [Rows, Rows, Rows];
    const mixed = x.map((_, t) =>
      range(H).flatMap((h) => {
        const g = Math.floor((h * G) / H);
        const among = range(causal ? t + 1 : x.length);
        const e = among.map((j) => {
          if (Math.abs(j - t) >= config.attentionWindow[i]!) return 0;
          const [product, cap] = [sum(range(K).map((c) => q[t]![h * K + c]! * k[j]![g * K + c]!)), config.scoreCap];
          const score = config.attentionScale[i]! * product;
          const slope = config.positions.kind === 'alibi' ? config.positions.slopes[h]! : 0;
          return Math.exp((cap === null ? score : cap * Math.tanh(score / cap)) + slope * (j - t));
        });
        return range(K).map((c) => sum(among.map((j) => (e[j]! / sum(e)) * v[j]![g * K + c]!)));
      }),
    );
    return affine(linears.get(`layers.${i}.out`)!, mixed);
  };
  const mlp = (i: number, x: Rows): Rows => {
    const up = config.gated ? affine(linears.get(`layers.${i}.up`)!, x) : null;
    const hidden = affine(linears.get(`layers.${i}.pre`)!, x).map((row, t) =>
      row.map((z, f) => act(z) * (up?.[t]?.[f] ?? 1)),
    );
    return affine(linears.get(`layers.${i}.down`)!, hidden);
  };

  let x = scaled(
    config.embeddingScale,
    ids.map((id) => [...linears.get('embedding')!.matrix[id]!]),
  );
  const into = linears.get('embeddingIn');
  if (into !== undefined) x = affine(into, x);
  const [positions, types] = [linears.get('positions')?.matrix, linears.get('tokenTypes')?.matrix];
  x = x.map((row, t) => row.map((value, c) => value + (positions?.[t]?.[c] ?? 0) + (types?.[0]?.[c] ?? 0)));
  if (config.embeddingNorm) x = norm('embeddingNorm', 'embed_norm', x);
  keep('embed', x);
  for (let i = 0; i < L; i++) {
    const block = `blocks.${i}`;
    /** What a sublayer gives, what it adds to the stream, and the stream after it. */
    const sublayer = (n: 1 | 2, name: string, f: (i: number, x: Rows) => Rows, from: Rows): Rows => {
      const own = `layers.${i}.norm${n === 2 && sharedNorm ? 1 : n}`;
      const read = normPlacement !== 'post' && norms.has(own) ? norm(own, `${block}.ln${own.at(-1)}`, from) : from;
      let out = f(i, read);
      if (norms.has(`layers.${i}.norm${n}Post`)) {
        keep(`${block}.${name}.raw`, out);
        out = norm(`layers.${i}.norm${n}Post`, `${block}.ln${n}_post`, out);
      }
      return keep(`${block}.${name}.out`, scaled(config.residualScale, out));
    };
    const follow = (n: 1 | 2, y: Rows): Rows =>
      normPlacement === 'post' ? norm(`layers.${i}.norm${n}`, `${block}.ln${n}`, y) : y;
    keep(`${block}.resid_pre`, x);
    if (residual === 'parallel') {
      x = add(add(x, sublayer(1, 'attn', attention, x)), sublayer(2, 'mlp', mlp, x));
    } else {
      x = keep(`${block}.resid_mid`, follow(1, add(x, sublayer(1, 'attn', attention, x))));
      x = follow(2, add(x, sublayer(2, 'mlp', mlp, x)));
    }
    keep(`${block}.resid_post`, x);
  }
  if (config.finalNorm) x = keep('final_norm', norm('finalNorm', 'final_norm', x));
  const out = linears.get('embeddingOut');
  if (out !== undefined) x = affine(out, x);
  const c = config.logitCap;
  const logits = scaled(config.logitScale, affine(linears.get('unembedding')!, x));
  keep('logits', c === null ? logits : logits.map((row) => row.map((s) => c * Math.tanh(s / c))));
  return seen;
}

const ACTIVATIONS: Readonly<Record<WiredModel['config']['activation'], (z: number) => number>> = {
  gelu: (z) => z * normalCdf(z),
  gelu_tanh: (z) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3))),
  gelu_bloom: (z) => 0.5 * z * (1 + Math.tanh(0.79788456 * z * (1 + 0.044715 * z * z))),
  silu: (z) => z / (1 + Math.exp(-z)),
  relu: (z) => Math.max(0, z),
};

/** Φ(z) = ½ + ∫₀^z φ by Simpson's rule on 2,000 panels. */
function normalCdf(z: number): number {
  const steps = 2000;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  const inner = range(steps - 1).map((i) => (i % 2 === 0 ? 4 : 2) * density(((i + 1) * z) / steps));
  return 0.5 + ((density(0) + density(z) + sum(inner)) * z) / steps / 3;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const add = (a: Rows, b: Rows): Rows => a.map((row, t) => row.map((value, c) => value + b[t]![c]!));
