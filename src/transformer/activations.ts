import { DomainError } from '../core/errors.ts';
import { notAmong } from '../core/names.ts';
import type { TransformerConfig } from './config.ts';
import { type NormPart, normParts } from './weights.ts';

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
 * `embed_norm.scale`, `embed`, `blocks.{i}.` + `resid_pre | ln1.scale | attn.q_raw | attn.k_raw | attn.v_raw | attn.q_norm.scale | attn.k_norm.scale | attn.q | attn.k | attn.v | attn.pattern | attn.raw | ln1_post.scale |
 * attn.out | resid_mid | ln2.scale | mlp.pre | mlp.pre_linear (gated only) | mlp.post | mlp.raw | ln2_post.scale | mlp.out | resid_post`,
 * `final_norm.scale`, `final_norm`, `logits`. Scales are there where their norm is, `attn.raw` and `mlp.raw` where a norm follows the sublayer before its
 * output is added. In a post-norm block `ln1.scale` follows `attn.out` and `ln2.scale` follows `mlp.out`; a parallel block has no
 * `resid_mid`, and where it has one norm no `ln2.scale`.
 */
export function activationNames(config: TransformerConfig): string[] {
  const norms = config.queryKeyNorm === null ? [] : ['attn.q_norm.scale', 'attn.k_norm.scale'];
  const raw = config.clampQkv === null ? [] : ['attn.q_raw', 'attn.k_raw', 'attn.v_raw'];
  const attention = [...raw, ...norms, 'attn.q', 'attn.k', 'attn.v', 'attn.pattern'];
  const mlp = ['mlp.pre', ...(config.gated ? ['mlp.pre_linear'] : []), 'mlp.post'];
  const block = (i: number): string[] => {
    const norms = normParts(config, i);
    const scale = (part: NormPart, name: string) => (norms.has(part) ? [`${name}.scale`] : []);
    const sublayer = (n: 1 | 2, inner: readonly string[], name: string): string[] => {
      const own = scale(`norm${n}`, `ln${n}`);
      const after = scale(`norm${n}Post`, `ln${n}_post`);
      const out = [...inner, ...(after.length > 0 ? [`${name}.raw`] : []), ...after, `${name}.out`];
      return config.normPlacement === 'post' ? [...out, ...own] : [...own, ...out];
    };
    return [
      'resid_pre',
      ...sublayer(1, attention, 'attn'),
      ...(config.residual === 'sequential' ? ['resid_mid'] : []),
      ...sublayer(2, mlp, 'mlp'),
      'resid_post',
    ].map((name) => `blocks.${i}.${name}`);
  };
  return [
    ...(config.embeddingNorm ? ['embed_norm.scale'] : []),
    'embed',
    ...Array.from({ length: config.L }, (_, i) => block(i)).flat(),
    ...(config.finalNorm ? ['final_norm.scale', 'final_norm'] : []),
    'logits',
  ];
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
