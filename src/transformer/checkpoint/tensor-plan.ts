import type { TransformerConfig } from '../config.ts';
import type { ModelFamily } from './family.ts';
import { plannedTensors } from './planned-tensors.ts';

/** What a configuration asks of the weight files. */
export interface TensorPlan {
  /** Shape of every tensor the model uses, by canonical name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** The canonical name of a stored one. */
  canonicalName(stored: string): string;
  /** true for a tensor (by canonical name) that checkpoints of this family carry without need: masks, tied heads. */
  isSpare(name: string): boolean;
  /** The part of a larger model that a tensor (by canonical name) belongs to, if it is another than this one; else null. */
  otherPart(name: string): string | null;
  /** The tensors of the head's transform, by canonical name; none without one. */
  readonly transform: readonly string[];
  /** The two tensors that are one where the unembedding is tied, by canonical name; null in a family without such a pair. */
  readonly head: { readonly embedding: string; readonly unembedding: string } | null;
}

/** What the files of a family must hold for a configuration. */
export function tensorPlan(family: ModelFamily, config: TransformerConfig): TensorPlan {
  const [embedding, unembedding] = [weightName(family, 'embedding'), weightName(family, 'unembedding')];
  const head =
    config.classes === null && !config.headless && embedding !== null && unembedding !== null
      ? { embedding, unembedding }
      : null;
  const shapes = new Map(plannedTensors(family, config).map(({ name, shape }) => [name, shape]));
  const rows = family.tensors.filter(([, part]) => part === 'headDense' || part === 'headNorm').map(([name]) => name);
  const ofTransform = (name: string) => rows.some((row) => name.startsWith(`${row}.`));
  return {
    shapes,
    transform: [...shapes.keys()].filter(ofTransform),
    canonicalName: canonicalNames(family),
    isSpare: (name) => (family.spares?.test(name) ?? false) || (config.tied && name === head?.unembedding),
    otherPart: (name) =>
      family.others
        ?.exec(name)
        ?.slice(1)
        .find((part) => part !== undefined) ?? null,
    head,
  };
}

/** The canonical name of a matrix outside of the layers; null in a family without it. */
export function weightName({ tensors }: ModelFamily, part: 'embedding' | 'positions' | 'unembedding'): string | null {
  const row = tensors.find(([, held]) => held === part);
  return row === undefined ? null : `${row[0]}.weight`;
}

/** Respells names, resolves aliases, takes off what a larger model puts around, and puts the prefix where the rows have it, or takes it off where they do not. */
function canonicalNames({
  tensors,
  prefix = '',
  aliases,
  wrapped = [],
  respelt = (name) => name,
}: ModelFamily): (stored: string) => string {
  const body = tensors.map(([name]) => `${name}.`).filter((name) => name.startsWith(prefix));
  const tops = new Set(body.map((name) => firstPart(name.slice(prefix.length))));
  return (stored) => {
    const found = respelt(stored);
    const [around, instead] = wrapped.find(([part]) => found.startsWith(part)) ?? ['', ''];
    const name = instead + found.slice(around.length);
    const alias = aliases?.get(name);
    if (alias !== undefined) return alias;
    if (body.length === 0) return name.startsWith(prefix) ? name.slice(prefix.length) : name;
    return tops.has(firstPart(name)) ? prefix + name : name;
  };
}

/** Up to the first dot, with it; empty without one. */
function firstPart(name: string): string {
  return name.slice(0, name.indexOf('.') + 1);
}
