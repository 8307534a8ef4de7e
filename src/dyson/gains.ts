/** How much a frozen map can enlarge the rows of a state. */
import type { RealBlock } from '../backend/memory.ts';
import { compressProduct, identity, Matrix, multiply, singularValues } from '../linalg/index.ts';
import type { TransformerConfig } from '../transformer/config.ts';
import type { Model } from '../transformer/model.ts';
import type { AttentionParts } from './frozen-body.ts';
import type { FrozenNorm } from './frozen-norm.ts';
import type { FrozenParts, FrozenSublayer } from './frozen-sublayer.ts';
import { columnsOf, timesRows } from './head-products.ts';

/** Numbers that are mapped at once. */
const NUMBERS_AT_ONCE = 2 ** 20;

/**
 * T×T numbers c ≥ 0 with ‖(V x)_t‖₂ ≤ Σ_s c[t][s]·‖x_s‖₂ for every state x. Of attention
 *
 *     c[t][s] = Σ_h A^(h)[t][s]·‖diag(γ) W_V^(h) W_O^(h) N_t‖₂ / σ_s
 *
 * (where values are cut ‖γ W_V‖·‖W_O N_t‖ in its place; the centring of the norm before is a projection and enlarges nothing) without γ and σ where no norm stands before it, without the norm N_t of
 * token t where none follows it, times the factor on the output; and ‖N_t − 1‖₂ on the diagonal where it follows the sum with the stream; of an MLP the diagonal of ‖M_t‖₂, M_t the D×D map of token t.
 *
 * @accuracy an upper bound, to the rounding of the singular values and, for an MLP, of the trace's precision.
 * @cost a singular value decomposition of order K for each head; D applications and T decompositions of order D for an MLP.
 */
export function gainOf(model: Model, T: number, sublayer: Pick<FrozenSublayer, 'parts' | 'apply'>): Float64Array {
  const { parts } = sublayer;
  if (parts.kind === 'mlp') return mlpGain(model, T, parts.gate.kind, sublayer);
  const gain = parts.kind === 'bias' ? new Float64Array(T * T) : attentionGain(model, T, parts);
  if (parts.sum && parts.after !== null) {
    for (let t = 0; t < T; t++) gain[t * (T + 1)]! += normGain(model, parts.after, t);
  }
  return gain;
}

/** Of two maps a and b, one after the other, as a block takes them: b a + a + b. */
export function gainOfBlock(model: Model, T: number, a: Float64Array, b: Float64Array): Float64Array {
  const { data } = multiply(model.backend, new Matrix(T, T, b), new Matrix(T, T, a));
  return data.map((value, i) => value + a[i]! + b[i]!);
}

function attentionGain(
  { backend, config }: Model,
  T: number,
  { before, after, factor, v, out, pattern, cut, H, G }: FrozenParts & AttentionParts,
): Float64Array {
  const K = v.n / G;
  const scalesOf = (norm: FrozenNorm | null) => norm?.scale.view().slice() ?? new Float64Array(T).fill(1);
  const [read, written, weights] = [scalesOf(before), scalesOf(after), pattern.block().view().slice()];
  const rows = columnsOf(backend, out, 0, config.D).data;
  const gain = new Float64Array(T * T);
  for (let h = 0; h < H; h++) {
    const left = columnsOf(backend, v, Math.floor((h * G) / H) * K, K);
    if (before !== null) timesRows(left, before.norm.gamma.view());
    const right = new Matrix(K, config.D, rows.slice(h * K * config.D, (h + 1) * K * config.D));
    if (after !== null) normaliseRows(right, config, after.norm.gamma.view(), 1);
    const largest = (matrix: Matrix) => singularValues(backend, matrix)[0]!;
    const product = () =>
      K <= config.D ? compressProduct(backend, left, right).compressed : multiply(backend, left, right);
    // A cut between the two enlarges nothing, but another one for each token stands there.
    const size = Math.abs(factor) * (cut === null ? largest(product()) : largest(left) * largest(right));
    for (let t = 0; t < T; t++)
      for (let s = 0; s < T; s++) gain[t * T + s]! += (weights[(h * T + t) * T + s]! * size) / read[s]! / written[t]!;
  }
  return gain;
}

/** ‖N_t − 1‖₂. */
function normGain({ backend, config }: Model, { norm, scale }: FrozenNorm, t: number): number {
  const map = identity(config.D);
  normaliseRows(map, config, norm.gamma.view(), scale.view()[t]!);
  for (let c = 0; c < config.D; c++) map.data[c * (config.D + 1)]! -= 1;
  return singularValues(backend, map)[0]!;
}

/** Every row x as γ ⊙ (x − mean)/σ, or γ ⊙ x/σ. */
function normaliseRows(
  { rows, columns, data }: Matrix,
  { norm }: TransformerConfig,
  gamma: Float64Array,
  sigma: number,
): void {
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    const centre = norm.kind === 'layer' ? row.reduce((sum, value) => sum + value, 0) / columns : 0;
    for (let c = 0; c < columns; c++) row[c] = ((row[c]! - centre) * gamma[c]!) / sigma;
  }
}

/** One state for every component: row t of its image is a row of M_t. */
function mlpGain(
  { backend, config: { D } }: Model,
  T: number,
  precision: RealBlock['kind'],
  sublayer: Pick<FrozenSublayer, 'apply'>,
): Float64Array {
  const maps = Array.from({ length: T }, () => new Matrix(D, D));
  const atOnce = Math.max(1, Math.floor(NUMBERS_AT_ONCE / (T * D)));
  for (let first = 0; first < D; first += atOnce) {
    const count = Math.min(atOnce, D - first);
    backend.memory.scope(() => {
      const [x, y] = [0, 1].map(() => backend.memory.allocate(precision, count * T * D) as RealBlock);
      const from = x!.view();
      for (let i = 0; i < count; i++) for (let t = 0; t < T; t++) from[(i * T + t) * D + first + i] = 1;
      sublayer.apply(x!, y!, count);
      const to = y!.view();
      for (const [t, { data }] of maps.entries())
        for (let i = 0; i < count; i++) data.set(to.subarray((i * T + t) * D, (i * T + t + 1) * D), (first + i) * D);
    });
  }
  const gain = new Float64Array(T * T);
  for (const [t, map] of maps.entries()) gain[t * (T + 1)] = singularValues(backend, map)[0]!;
  return gain;
}
