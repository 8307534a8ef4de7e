import type { GgufTensor } from '../../../formats/gguf/tensor-table.ts';
import { GGML_TYPES } from '../../../formats/gguf/types.ts';
import type { StoredTensor } from '../../../formats/safetensors-header.ts';
import type { TransformerConfig } from '../../config.ts';
import { type LinearPart, linearSizes, type NormPart } from '../../weights.ts';
import type { ModelFamily, TensorRow } from '../family.ts';
import type { GgufArchitecture } from './architectures.ts';
import { isRopeTensor } from './rope-tensors.ts';

type Part = 'embedding' | 'positions' | 'tokenTypes' | NormPart | LinearPart;

/** What a tensor may hold: one part or several; the first that the family has as a tensor counts. */
export type HeldParts = readonly (readonly Part[])[];

/**
 * What tensors of llama.cpp hold, by their names without `blk.0.` and `.weight`. W_in of an MLP without a gate is called as W_up of one with a gate, and so
 * are both in one.
 */
const PARTS: Readonly<Record<string, HeldParts>> = {
  token_embd: [['embedding']],
  token_embd_norm: [['embeddingNorm']],
  token_types: [['tokenTypes']],
  position_embd: [['positions']],
  output_norm: [['finalNorm']],
  output: [['unembedding']],
  attn_norm: [['norm1']],
  attn_q: [['q']],
  attn_k: [['k']],
  attn_v: [['v']],
  attn_qkv: [['q', 'k', 'v']],
  attn_q_norm: [['qNorm']],
  attn_k_norm: [['kNorm']],
  attn_output: [['out']],
  attn_output_norm: [['norm1']],
  post_attention_norm: [['norm1Post']],
  ffn_norm: [['norm2']],
  ffn_gate: [['pre']],
  ffn_up: [['pre', 'up'], ['up'], ['pre']],
  ffn_down: [['down']],
  post_ffw_norm: [['norm2Post']],
  layer_output_norm: [['norm2']],
};

/** Tensors without use, which old converters wrote. */
const SPARE = /^blk\.\d+\.attn_rot_embd\.weight$/;

/**
 * The family as its GGUF files have it: converters store all matrices [out, in], q, k and v one below the other, norms of single heads in one tensor, and
 * here the names are those of the rows.
 */
export function ggufFamily(
  family: ModelFamily,
  config: TransformerConfig,
  { rotaryPairs, others }: GgufArchitecture,
): ModelFamily {
  const { aliases: _aliases, spares: _spares, others: _others, renamed, ...rest } = family;
  const pairs = rotaryPairs ?? family.rotaryPairs;
  const names = renamed?.(config) ?? {};
  return {
    ...rest,
    ...(pairs === undefined ? {} : { rotaryPairs: pairs }),
    ...(others === undefined ? {} : { others: others.tensors }),
    tensors: family.tensors.map((row): TensorRow => {
      const name = (names[row[0]] ?? row[0]).replace('.%', '');
      return row.length === 3 ? [name, row[1], 'stacked'] : [name, row[1]];
    }),
  };
}

/**
 * The tensors of a file under the names of a family's rows. Those that no row has keep their names; those that say how positions turn are left out.
 *
 * @param own what tensors of the architecture hold, where it is not what their names usually mean
 */
export function renamedTensors(
  tensors: readonly GgufTensor[],
  family: ModelFamily,
  config: TransformerConfig,
  own: Readonly<Record<string, HeldParts>>,
): StoredTensor[] {
  const known = new Map(Object.entries({ ...PARTS, ...own }));
  return tensors.flatMap((tensor) => {
    if (isRopeTensor(tensor.name) || SPARE.test(tensor.name)) return [];
    const [, layer, stem, kind] = /^(?:blk\.(\d{1,9})\.)?(\w+)\.(weight|bias)$/.exec(tensor.name) ?? [];
    const choices = known.get(stem ?? '') ?? [];
    const named = (row: string): string => `${layer === undefined ? row : row.replace('#', layer)}.${kind}`;
    for (const parts of choices) {
      const row = rowOf(family, parts);
      // Of one token type tools keep the row alone.
      const shape = stem === 'token_types' && tensor.shape.length === 1 ? [1, ...tensor.shape] : tensor.shape;
      if (row !== undefined && row.includes('#') === (layer !== undefined))
        return [{ ...tensor, shape, name: named(row) }];
      const rows = parts.map((part) => rowOf(family, [part]));
      if (parts.length > 1 && rows.every((each) => each?.includes('#')) && layer !== undefined && stem === 'attn_qkv')
        return split(
          tensor,
          parts as readonly LinearPart[],
          rows.map((each) => named(each!)),
          config,
        );
    }
    return [tensor];
  });
}

/** The name of the row that holds just these parts. */
function rowOf({ tensors }: ModelFamily, parts: readonly Part[]): string | undefined {
  return tensors.find((row) => (row.length === 3 ? row[1].join() : row[1]) === parts.join())?.[0];
}

/** A tensor whose rows are those of several parts, one below the other, as one tensor for each. Left whole where the sizes do not fit. */
function split(
  tensor: GgufTensor,
  parts: readonly LinearPart[],
  names: readonly string[],
  config: TransformerConfig,
): StoredTensor[] {
  const sizes = linearSizes(config);
  const [rows = 0, ...rest] = tensor.shape;
  const { elements } = GGML_TYPES.get(tensor.dtype)!;
  const whole = rest.length > 0 || elements === 1;
  if (!whole || parts.reduce((sum, part) => sum + sizes[part].n, 0) !== rows) return [tensor];
  const unit = (tensor.end - tensor.begin) / rows;
  let begin = tensor.begin;
  return parts.map((part, i) => {
    const end = begin + sizes[part].n * unit;
    const piece = { name: names[i]!, dtype: tensor.dtype, shape: [sizes[part].n, ...rest], begin, end };
    begin = end;
    return piece;
  });
}
