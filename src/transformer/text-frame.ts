import { FormatError } from '../core/errors.ts';
import { describeJson, isJsonObject } from '../formats/json.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { familyOf } from './checkpoint/family-table.ts';

const SOURCE = 'tokenizer.json';

/** The tokens that a tokenizer by itself puts around a text. */
export interface TextFrame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const NONE: TextFrame = { before: [], after: [] };

/**
 * What the post-processor of tokenizer.json puts around a single text. It alone decides: from version 5 on transformers does not read
 * `add_bos_token` and `add_eos_token` of tokenizer_config.json where there is a tokenizer.json, and its class GPTNeoXTokenizer, the
 * default of that family, leaves the post-processor out.
 *
 * @throws FormatError if the post-processor is damaged, or has two steps that add tokens, for which no reference exists.
 */
export function textFrame({
  config,
  tokenizerFiles,
}: {
  readonly config: Pick<Checkpoint['config'], 'family'>;
  readonly tokenizerFiles: Checkpoint['tokenizerFiles'];
}): TextFrame {
  if (tokenizerFiles === null) return NONE;
  const named = field(tokenizerFiles.config, 'tokenizer_class');
  const tokenizerClass = named ?? familyOf(config).tokenizerClass;
  if (tokenizerClass === 'GPTNeoXTokenizer' || tokenizerClass === 'GPTNeoXTokenizerFast') return NONE;
  const frames = framesOf(field(tokenizerFiles.tokenizer, 'post_processor') ?? null).filter(
    ({ before, after }) => before.length + after.length > 0,
  );
  if (frames.length > 1) throw fault('put tokens around a text in one step', `it does in ${frames.length}`);
  return frames[0] ?? NONE;
}

function framesOf(step: unknown): TextFrame[] {
  if (step === null) return [];
  switch (field(step, 'type')) {
    case 'Sequence': {
      const steps = field(step, 'processors');
      if (!Array.isArray(steps)) throw fault('list its processors', `they are ${describeJson(steps)}`);
      return steps.flatMap(framesOf);
    }
    case 'TemplateProcessing':
      return [templateFrame(step)];
    case 'RobertaProcessing':
    case 'BertProcessing':
      return [{ before: [pairId(step, 'cls')], after: [pairId(step, 'sep')] }];
    default:
      return [];
  }
}

/** `single`: special tokens, the text `A`, special tokens. */
function templateFrame(step: unknown): TextFrame {
  const single = field(step, 'single');
  const pieces: readonly unknown[] = Array.isArray(single) ? single : [];
  const texts = pieces.flatMap((piece, i) => (field(piece, 'Sequence') === undefined ? [] : [i]));
  const at = texts[0];
  if (at === undefined || texts.length > 1)
    throw fault('place a single text once', `single is ${describeJson(single)}`);
  const ids = (part: readonly unknown[]): number[] => part.flatMap((piece) => specialIds(step, piece));
  return { before: ids(pieces.slice(0, at)), after: ids(pieces.slice(at + 1)) };
}

function specialIds(step: unknown, piece: unknown): readonly number[] {
  const name = field(field(piece, 'SpecialToken'), 'id');
  const ids = typeof name === 'string' ? field(field(field(step, 'special_tokens'), name), 'ids') : undefined;
  if (Array.isArray(ids) && ids.every(isId)) return ids;
  throw fault(`give ids to its special token ${describeJson(name)}`, `they are ${describeJson(ids)}`);
}

function pairId(step: unknown, name: string): number {
  const pair = field(step, name);
  const id: unknown = Array.isArray(pair) ? pair[1] : undefined;
  if (isId(id)) return id;
  throw fault(`give ${name} as a token and its id`, `it is ${describeJson(pair)}`);
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function field(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function fault(must: string, but: string): FormatError {
  return new FormatError(
    `openModel: post_processor of ${SOURCE} must ${must}, but ${but}. Give token ids with --ids.`,
    {
      source: SOURCE,
      field: 'post_processor',
    },
  );
}
