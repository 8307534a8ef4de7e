import { clipEnd, printable } from './printable.ts';

/** What a stage of the residual stream comes after, or what kind of sublayer a name is. */
export type StageKind = 'attention' | 'mlp' | 'other';

const STAGE = /^blocks\.(\d+)(?:\.(attn|resid_mid|mlp|resid_post))?$/;

/** The kind of a stage (`blocks.3.resid_mid` comes after attention) or of a sublayer (`blocks.3.attn`). */
export function stageKind(name: string): StageKind {
  const [, , part] = STAGE.exec(name) ?? [];
  if (part === undefined) return 'other';
  return part === 'attn' || part === 'resid_mid' ? 'attention' : 'mlp';
}

/** A short name: `3 attn` for `blocks.3.attn` and for `blocks.3.resid_mid`, the stage after it, `3 block` for `blocks.3`; other names are clipped. */
export function stageLabel(name: string): string {
  const [, block, part] = STAGE.exec(name) ?? [];
  if (block === undefined) return clipEnd(printable(name), 14);
  return `${block} ${part === undefined ? 'block' : part === 'attn' || part === 'resid_mid' ? 'attn' : 'mlp'}`;
}

/** What leads from each of these stages to the next. */
export function stepBetween(names: readonly string[]): 'sublayer' | 'block' {
  return names.some((name) => /^blocks\.\d+$/.test(name)) ? 'block' : 'sublayer';
}

/** The block's number in a name, null if there is none. */
export function blockOf(name: string): number | null {
  const [, block] = STAGE.exec(name) ?? [];
  return block === undefined ? null : Number(block);
}

const CHANNEL = /^(blocks\.\d+\.attn)\.(?:head\.(\d+)|(bias|norm))$/;

/** A path in short: `0 attn h2 → 1 mlp`, `0 attn norm → 0 mlp`; `embed` for none. */
export function pathLabel(channels: readonly string[]): string {
  if (channels.length === 0) return 'embed';
  const label = (name: string) => {
    const [, attention, head, rest] = CHANNEL.exec(name) ?? [];
    if (attention === undefined) return stageLabel(name);
    return `${stageLabel(attention)} ${rest ?? `h${head}`}`;
  };
  return channels.map(label).join(' → ');
}
