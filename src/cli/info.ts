import { analyses, report, transformer } from '../index.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { EMBEDDED_MODEL } from './open.ts';
import { memoryOption, plainCommand } from './options.ts';
import { jsonText } from './result.ts';

/** `tmech info`: what is in a checkpoint, without running it. Every byte is read, for the fingerprint. */
export function infoCommand(invocation: Invocation) {
  return plainCommand('info', 'What is in a checkpoint: sizes, tensors, tokenizer, SHA-256 of every file.')
    .argument('[dir]', 'checkpoint folder, or GGUF file; default: the embedded model')
    .option('-m, --model <dir>', 'the same as an option')
    .option('--tensors', 'list every tensor')
    .addOption(memoryOption())
    .action(async (dir, { json, model, tensors: listed, memory }) => {
      if (dir !== undefined && model !== undefined)
        throw new UsageError(
          'tmech info: the folder must be given once, but --model is given beside it. Leave one out.',
        );
      const { progress } = invocation;
      const folder = await transformer.openNodeFolder(dir ?? model ?? EMBEDDED_MODEL);
      const checkpoint = await transformer.openCheckpoint(folder);
      const fingerprint = await checkpoint.readWeights(() => {}, {
        onProgress: (done, total) => progress.update('reading', done, total),
      });
      progress.stop();
      const { label, config, parameterCount, ignored, warnings, tokenizerFiles } = checkpoint;
      const { family, V, D, L, H, G, K, F, maxPositions, norm, activation, gated, tied, bosId, eosIds } = config;
      const { classes, normPlacement, residual, causal, headless, headTransform } = config;
      const wiring = transformer.wiringOf(config);
      const tensors = [...checkpoint.tensors.values()].map(({ name, file, dtype, shape }) => ({
        name,
        file,
        dtype,
        shape,
      }));
      const result = {
        kind: 'info',
        provenance: analyses.originOf(invocation.args),
        label,
        family,
        sizes: { V, D, L, H, G, K, F, maxPositions },
        norm: { kind: norm.kind, eps: norm.eps, placement: normPlacement },
        ...(Object.keys(wiring).length === 0 ? {} : { wiring }),
        residual,
        causal,
        head: headless
          ? ('none' as const)
          : headTransform !== null
            ? ('masked words' as const)
            : classes === null
              ? ('tokens' as const)
              : ('classes' as const),
        classes,
        activation,
        gated,
        tied,
        positions: config.positions.kind,
        rotaryWidth: config.positions.kind === 'rotary' ? transformer.rotaryWidth(config) : null,
        bosId,
        eosIds,
        parameterCount,
        dtypes: [...new Set(tensors.map(({ dtype }) => dtype))],
        resident: await transformer.residentBytes(checkpoint),
        budget: await transformer.underBudget(checkpoint, memory),
        tokenizer: tokenizerFiles !== null,
        ignored,
        warnings,
        fingerprint,
        tensors,
      };
      if (json) invocation.print(jsonText(result));
      else invocation.print(infoText(result, listed === true));
    });
}

interface Info {
  readonly label: string;
  readonly family: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly parameterCount: number;
  readonly dtypes: readonly string[];
  readonly resident: Readonly<Record<string, number>>;
  readonly budget: transformer.BudgetOutcome;
  readonly tied: boolean;
  readonly tokenizer: boolean;
  readonly positions: string;
  readonly rotaryWidth: number | null;
  readonly activation: string;
  readonly gated: boolean;
  readonly norm: { readonly kind: string; readonly eps: number; readonly placement: string };
  readonly wiring?: Readonly<Record<string, number | boolean | string>>;
  readonly residual: string;
  readonly causal: boolean;
  readonly head: 'tokens' | 'masked words' | 'classes' | 'none';
  readonly classes: readonly string[] | null;
  readonly ignored: readonly string[];
  readonly warnings: readonly string[];
  readonly fingerprint: Readonly<Record<string, string>>;
  readonly tensors: readonly {
    readonly name: string;
    readonly file: string;
    readonly dtype: string;
    readonly shape: readonly number[];
  }[];
}

/** At most ten names, as JSON where they could act on a terminal. */
function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => (/^[\p{L}\p{N} _-]+$/u.test(name) ? name : JSON.stringify(name)));
  return shown.join(', ') + (names.length > 10 ? `, … (${names.length})` : '');
}

/** Where norms stand, if not before sublayers. */
const PLACES: Readonly<Record<string, string>> = {
  post: ' after sublayers',
  output: ' of the outputs of sublayers',
  sandwich: ' before and after sublayers',
};

/** Total, then each type. */
function residentText(resident: Info['resident']): string {
  const sizes = Object.values(resident);
  const parts = Object.entries(resident).map(([type, bytes]) => `${type} ${sizeText(bytes)}`);
  return `${sizeText(sizes.reduce((sum, size) => sum + size, 0))}: ${parts.join(', ')}`;
}

/** What a budget leaves in the files, and the least one. */
function budgetText({ least, streamed }: transformer.BudgetOutcome): string {
  const opens = `opens with --memory ${least}`;
  if (streamed === null) return opens;
  const { budget, bytesPerSweep } = streamed;
  return `${sizeText(bytesPerSweep)} are read in every sweep over the layers under ${sizeText(budget)}; ${opens}`;
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function infoText(info: Info, listed: boolean): string {
  const files = new Set(info.tensors.map(({ file }) => file)).size;
  const rows: [string, string][] = [
    ['checkpoint', info.label],
    ['family', info.family],
    ['parameters', info.parameterCount.toLocaleString('en')],
    [
      'sizes',
      Object.entries(info.sizes)
        .map(([name, value]) => `${name} ${value}`)
        .join('  '),
    ],
    [
      'weights',
      `${info.dtypes.join(', ')}, ${info.tensors.length} tensors, ${info.head === 'none' ? 'no head' : `${info.head === 'masked words' ? 'head of masked words, ' : ''}unembedding ${info.tied ? 'tied' : 'of its own'}`}`,
    ],
    ['resident', residentText(info.resident)],
    ['budget', budgetText(info.budget)],
    [
      'block',
      `${info.norm.kind} norm (eps ${info.norm.eps})${PLACES[info.norm.placement] ?? ''}, ${info.residual === 'parallel' ? 'attention and MLP in parallel, ' : ''}${info.positions} positions${info.rotaryWidth === null || info.rotaryWidth === info.sizes.K ? '' : ` on ${info.rotaryWidth} of ${info.sizes.K} coordinates`}, ${info.gated ? 'gated ' : ''}${info.activation}${info.causal ? '' : ', every token sees all'}`,
    ],
    ...(info.wiring === undefined
      ? []
      : [
          [
            'besides',
            Object.entries(info.wiring)
              .map(([part, value]) => `${part} ${value}`)
              .join(', '),
          ] as [string, string],
        ]),
    ...(info.classes === null ? [] : [['classes', listOf(info.classes)] as [string, string]]),
    ['tokenizer', info.tokenizer ? 'yes' : 'no: give token ids with --ids'],
    ...(info.ignored.length > 0
      ? [
          [
            'not used',
            `${info.ignored.length} tensors (${info.ignored.slice(0, 3).join(', ')}${info.ignored.length > 3 ? ', …' : ''})`,
          ] as [string, string],
        ]
      : []),
    ...info.warnings.map((warning) => ['warning', warning] as [string, string]),
    ...Object.entries(info.fingerprint).map(([file, hash]) => ['sha256', `${hash}  ${file}`] as [string, string]),
    ...(listed
      ? info.tensors.map(
          ({ name, file, dtype, shape }) =>
            ['tensor', `${name}  ${dtype} [${shape.join(', ')}]${files > 1 ? `  ${file}` : ''}`] as [string, string],
        )
      : []),
  ];
  return rows.map(([name, value]) => `${name.padEnd(12)}${report.printable(value)}\n`).join('');
}
