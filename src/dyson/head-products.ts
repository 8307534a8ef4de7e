import type { Backend } from '../backend/backend.ts';
import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { type CompressedProduct, compressProduct, Matrix } from '../linalg/index.ts';
import { cos, sin } from '../math/trig.ts';
import { frequenciesOf, type RotaryTable, rotaryTableOf } from '../transformer/config.ts';
import type { Model } from '../transformer/model.ts';
import { columnsOfMatrix } from '../transformer/resident-columns.ts';
import type { LinearWeights } from '../transformer/weights.ts';

/** Options of the products of a head's weights. */
export interface HeadOptions {
  /** Multiply by the norm's weight γ where the residual stream comes in; default false. A LayerNorm's centring is left out, and so is a norm after the sublayer. Only where a norm stands before attention. */
  readonly foldNorm?: boolean;
}

/** A head's product with the factors that it is made of. */
export interface HeadProduct extends CompressedProduct {
  /** D×K: W_V, or W_Q (with the weight of the queries' norm, turned by the offset); times γ with `foldNorm`. */
  readonly left: Matrix;
  /** K×D: W_O, or W_Kᵀ (with the weight of the keys' norm). */
  readonly right: Matrix;
}

/**
 * W_V W_O of a head (D×D, row convention): what the head moves through the residual stream. A query head of a grouped model takes the value
 * head of its group. A cut of the values between the two is left out.
 *
 * @throws DomainError unless layer and head exist, and for `foldNorm` of a post-norm model.
 * @accuracy exact weights in f64; then as {@link compressProduct}.
 * @cost O(D·K²)
 * @source N. Elhage et al., A Mathematical Framework for Transformer Circuits (2021).
 * @example
 * const { core, compressed } = outputValueProduct(model, 2, 3);
 */
export function outputValueProduct(model: Model, layer: number, head: number, options: HeadOptions = {}): HeadProduct {
  const { weights, group } = placeOf('outputValueProduct', model, layer, head, options);
  const { K, D } = model.config;
  const left = columnsOf(model.backend, weights.v, group * K, K);
  if (options.foldNorm === true) timesRows(left, weights.norm1!.gamma.view());
  const all = columnsOf(model.backend, weights.out, 0, D);
  const right = new Matrix(K, D, all.data.slice(head * K * D, (head + 1) * K * D));
  return { left, right, ...compressProduct(model.backend, left, right) };
}

/**
 * W_Q W_Kᵀ of a head (D×D, row convention), without the factor on the scores: the score of a query x and a key y is x·(W_Q W_Kᵀ)·yᵀ. With
 * rotary positions it depends on the distance of the two: W_Q R W_Kᵀ, R turning by `offset` = (query's position − key's position). Where queries and keys have norms their weights
 * are in it, W_Q γ_q R γ_k W_Kᵀ, and a score is this over the scales of both (centring and β of a LayerNorm are left out).
 *
 * @throws DomainError unless layer and head exist, or for an offset in a layer without rotary positions.
 * @accuracy, @cost, @source as {@link outputValueProduct}.
 */
export function keyQueryProduct(
  model: Model,
  layer: number,
  head: number,
  options: HeadOptions & { readonly offset?: number } = {},
): HeadProduct {
  const where = 'keyQueryProduct';
  const { weights, group } = placeOf(where, model, layer, head, options);
  const { K, D } = model.config;
  const { offset = 0, foldNorm = false } = options;
  const [left, keys] = [
    columnsOf(model.backend, weights.q, head * K, K),
    columnsOf(model.backend, weights.k, group * K, K),
  ];
  if (foldNorm) for (const one of [left, keys]) timesRows(one, weights.norm1!.gamma.view());
  if (weights.qNorm !== null) timesColumns(left, weights.qNorm.gamma.view(), head * K);
  if (weights.kNorm !== null) timesColumns(keys, weights.kNorm.gamma.view(), group * K);
  checkInteger(where, 'offset', offset, -(2 ** 31), 2 ** 31);
  const table = rotaryTableOf(model.config, layer);
  if (table !== null) turn(left, table, offset);
  else if (offset !== 0) {
    throw new DomainError(
      `${where}: offset must be 0 where nothing turns, but it is ${offset}. Layer ${layer} has no rotary positions.`,
    );
  }
  const right = new Matrix(K, D);
  for (let i = 0; i < D; i++) for (let k = 0; k < K; k++) right.data[k * D + i] = keys.data[i * K + k]!;
  return { left, right, ...compressProduct(model.backend, left, right) };
}

function placeOf(where: string, model: Model, layer: number, head: number, { foldNorm = false }: HeadOptions) {
  const { L, H, G, normPlacement } = model.config;
  checkInteger(where, 'layer', layer, 0, L - 1);
  checkInteger(where, 'head', head, 0, H - 1);
  const weights = model.weights.layers[layer]!;
  if (foldNorm && (normPlacement === 'post' || weights.norm1 === null)) {
    throw new DomainError(
      `${where}: foldNorm must be false where norms follow the sublayers, but it is true, and ${model.label} has no norm where the stream comes in. Leave it out.`,
    );
  }
  return { weights, group: Math.floor((head * G) / H) };
}

/** Columns `first` … of a resident matrix. */
export function columnsOf(backend: Backend, matrix: LinearWeights, first: number, count: number): Matrix {
  const { k } = matrix;
  const columns = columnsOfMatrix(backend, matrix, first, count);
  const result = new Matrix(k, count);
  for (let j = 0; j < count; j++) for (let i = 0; i < k; i++) result.data[i * count + j] = columns[j * k + i]!;
  return result;
}

/** Multiplies row i by factors[i]. */
export function timesRows({ rows, columns, data }: Matrix, factors: Float64Array): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) data[i * columns + j]! *= factors[i]!;
}

/** Multiplies column j by the factor of coordinate `first` + j of all heads; one head's factors serve each. */
function timesColumns({ rows, columns, data }: Matrix, factors: Float64Array, first: number): void {
  const start = first % factors.length;
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) data[i * columns + j]! *= factors[start + j]!;
}

/** Every row as a query at position `offset` of the shortest sequence that has one, in the half-split pairing of its first coordinates, with the factor of query and key. */
function turn({ rows, columns, data }: Matrix, table: RotaryTable, offset: number): void {
  const { factor } = table;
  // Two tokens so far apart stand in a sequence at least this long.
  const frequencies = frequenciesOf(table, Math.abs(offset) + 1);
  const half = frequencies.length;
  for (let i = 0; i < rows; i++) {
    for (let pair = 0; pair < half; pair++) {
      const [at, other] = [i * columns + pair, i * columns + pair + half];
      const angle = offset * frequencies[pair]!;
      const [c, s] = [cos(angle) * factor * factor, sin(angle) * factor * factor];
      const [x, y] = [data[at]!, data[other]!];
      data[at] = x * c - y * s;
      data[other] = y * c + x * s;
    }
  }
}
