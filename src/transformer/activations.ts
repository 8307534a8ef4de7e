import { DomainError } from '../core/errors.ts';
import { notAmong } from '../core/names.ts';
import type { TransformerConfig } from './config.ts';

/** One named activation of a pass: row-major data of the given shape. */
export interface Activation {
  /** Name, such as `blocks.0.attn.pattern`. */
  readonly name: string;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** The numbers, row-major, in the precision of the pass. */
  readonly data: Float32Array | Float64Array;
}

/**
 * Names of every activation of a model in the order the pass meets them:
 * `embed`, `blocks.{i}.` + `resid_pre | ln1.scale | attn.q_norm.scale, attn.k_norm.scale (where queries and keys have norms) | attn.q | attn.k | attn.v | attn.pattern | attn.out | resid_mid | ln2.scale |
 * mlp.pre | mlp.pre_linear (gated only) | mlp.post | mlp.out | resid_post`, `final_norm.scale`, `final_norm`, `logits`. In a
 * post-norm block `ln1.scale` follows `attn.out` and `ln2.scale` follows `mlp.out`, and such a model has no `final_norm`; a parallel
 * block has no `resid_mid`.
 */
export function activationNames(config: TransformerConfig): string[] {
  const norms = config.queryKeyNorm === null ? [] : ['attn.q_norm.scale', 'attn.k_norm.scale'];
  const attention = [...norms, 'attn.q', 'attn.k', 'attn.v', 'attn.pattern', 'attn.out'];
  const mlp = ['mlp.pre', ...(config.gated ? ['mlp.pre_linear'] : []), 'mlp.post', 'mlp.out'];
  const pre = config.normPlacement === 'pre';
  const normed = (scale: string, sublayer: readonly string[]) => (pre ? [scale, ...sublayer] : [...sublayer, scale]);
  const block = [
    'resid_pre',
    ...normed('ln1.scale', attention),
    ...(config.residual === 'sequential' ? ['resid_mid'] : []),
    ...normed('ln2.scale', mlp),
    'resid_post',
  ];
  const blocks = Array.from({ length: config.L }, (_, i) => block.map((name) => `blocks.${i}.${name}`)).flat();
  return ['embed', ...blocks, ...(pre ? ['final_norm.scale', 'final_norm'] : []), 'logits'];
}

/**
 * The names that `patterns` select; `*` stands for one part between dots (`blocks.*.attn.pattern`).
 *
 * @throws DomainError naming a pattern that selects nothing.
 */
export function selectActivations(config: TransformerConfig, patterns: Iterable<string>): Set<string> {
  const names = activationNames(config);
  const selected = new Set<string>();
  for (const pattern of patterns) {
    const parts = pattern.split('.');
    const found = names.filter((name) => {
      const own = name.split('.');
      return own.length === parts.length && parts.every((part, i) => part === '*' || part === own[i]);
    });
    if (found.length === 0) {
      throw new DomainError(
        `selectActivations: a name must select activations (* stands for one part), but ${notAmong(pattern, names, 'activations')}. See the trace page of the docs for all names.`,
      );
    }
    for (const name of found) selected.add(name);
  }
  return selected;
}
