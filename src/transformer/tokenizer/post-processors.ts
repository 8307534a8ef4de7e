import { Fields } from './fields.ts';

const TYPES = ['BertProcessing', 'ByteLevel', 'RobertaProcessing', 'Sequence', 'TemplateProcessing'] as const;

/** Post-processors add special tokens around a text and change no others; which of them is not known is refused. */
export function checkPostProcessor(value: unknown, path: string): void {
  const fields = new Fields(value, path);
  if (fields.word('type', TYPES) !== 'Sequence') return;
  const inner = fields.at('processors');
  fields.list('processors').forEach((step, i) => {
    checkPostProcessor(step, `${inner}[${i}]`);
  });
}
