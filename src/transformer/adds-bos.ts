import type { Checkpoint } from './checkpoint/checkpoint.ts';

/**
 * Whether a tokenizer by itself puts the beginning-of-text token in front: `add_bos_token` of tokenizer_config.json where it is
 * set, else whether a TemplateProcessing step of tokenizer.json begins a single text with a special token (Llama 3 style).
 */
export function addsBos({ tokenizerFiles }: Pick<Checkpoint, 'tokenizerFiles'>): boolean {
  if (tokenizerFiles === null) return false;
  const declared = field(tokenizerFiles.config, 'add_bos_token');
  if (typeof declared === 'boolean') return declared;
  return postProcessors(field(tokenizerFiles.tokenizer, 'post_processor')).some((step) => {
    const single = field(step, 'single');
    return Array.isArray(single) && field(single[0], 'SpecialToken') !== undefined;
  });
}

function postProcessors(step: unknown): unknown[] {
  const inner = field(step, 'processors');
  if (field(step, 'type') === 'Sequence' && Array.isArray(inner)) return inner.flatMap(postProcessors);
  return field(step, 'type') === 'TemplateProcessing' ? [step] : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
