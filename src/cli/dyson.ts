import { Option } from '@commander-js/extra-typings';
import { dyson, report, transformer } from '../index.ts';
import { dysonAccelerateCommand } from './dyson-accelerate.ts';
import { dysonLyapunovCommand, dysonRankCollapseCommand } from './dyson-stability.ts';
import { outDirectory, writeAll } from './files.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { openPrompted, positionFrom, withPrompt } from './open.ts';
import { idList, integer, option, promptFirstCommand } from './options.ts';
import { frameOf, jsonText, promptLine } from './result.ts';
import { terminalLooks } from './terminal.ts';

/** `tmech dyson`: orders, second-order map, attribution, renormalisation; paths and interventions on request. */
export function dysonCommand(invocation: Invocation) {
  return promptFirstCommand(
    'dyson',
    'Dyson series: frozen operators, all orders, second-order map, direct logit attribution, renormalisation, paths, interventions.',
  )
    .enablePositionalOptions()
    .addCommand(dysonAccelerateCommand(invocation))
    .addCommand(dysonLyapunovCommand(invocation))
    .addCommand(dysonRankCollapseCommand(invocation))
    .addOption(
      new Option('--steps <kind>', 'what an operator is: a sublayer or a whole block')
        .choices(['sublayer', 'block'] as const)
        .default(dyson.DYSON_DEFAULTS.steps),
    )
    .addOption(option.position)
    .option('--paths <n>', 'list the n largest paths to a logit', integer(1, 1_000_000))
    .option('--heads', 'paths run through single heads')
    .option('--token <id>', 'token whose logit is explained; default the likeliest', integer(0))
    .option('--against <id>', 'token whose logit is subtracted', integer(0))
    .option(
      '--budget <n>',
      `most operator applications of the path search; default ${dyson.DYSON_DEFAULTS.paths.budget}`,
      integer(1),
    )
    .option('--ablate <names...>', 'activations set to zero; * stands for one part between dots')
    .option('--mean', '--ablate puts the mean over the tokens instead')
    .option('--patch <names...>', 'activations taken from another prompt')
    .option('--from <text>', 'that prompt, with as many tokens')
    .option('--from-ids <list>', 'its token ids instead of text', idList)
    .option('--score', 'attributions beside the ablation of every sublayer')
    .option('-o, --out <dir>', 'where dyson.json and the figures go')
    .action(async (text, { json, out, ...given }) => {
      const options = withPrompt(text, given);
      const { progress } = invocation;
      checkCompany(options);
      const directory = await outDirectory(invocation, out);
      const { precision, steps, token, against } = options;
      const { model, prompt } = await openPrompted(options, progress);
      const at = positionFrom(model, prompt, options.position);
      const aim = { ...(token === undefined ? {} : { token }), ...(against === undefined ? {} : { against }) };
      const result = dyson.runDyson(model, prompt.ids, {
        precision,
        ...at,
        steps,
        ...(options.paths === undefined
          ? {}
          : {
              paths: {
                count: options.paths,
                heads: options.heads ?? false,
                ...aim,
                ...(options.budget === undefined ? {} : { budget: options.budget }),
              },
            }),
        onProgress: (done, total) => progress.update('Dyson series', done, total),
      });
      const interventions = interventionsOf(model, prompt, options);
      const intervention =
        interventions.length === 0
          ? null
          : dyson.interventionEffect(model, prompt.ids, interventions, { precision, ...at, ...aim });
      const ablations = options.score
        ? dyson.scoreAblations(model, prompt.ids, {
            precision,
            ...at,
            kind: options.mean ? 'mean' : 'zero',
            ...(token === undefined ? {} : { token }),
          })
        : null;
      progress.stop();
      const frame = frameOf(invocation, model, prompt, { ...parametersOf(options), ...at });
      const data = { kind: 'dyson', ...frame, ...result, intervention, ablations };
      if (directory !== null) {
        await writeAll(directory, [['dyson.json', jsonText(data)], ...report.renderDysonFigures(result)]);
      }
      if (json) {
        invocation.print(jsonText(data));
        return;
      }
      invocation.print(promptLine(prompt) + report.renderDyson(result, terminalLooks()));
      if (intervention !== null)
        invocation.print(
          report.renderIntervention(
            intervention,
            model.unitText(intervention.token),
            model.unitText(intervention.changedTop),
          ),
        );
      if (ablations !== null) invocation.print(`\n${report.renderAblations(ablations, terminalLooks())}`);
    });
}

/** Options that do nothing by themselves, and those that use them. */
const COMPANY = {
  heads: ['paths'],
  budget: ['paths'],
  token: ['paths', 'ablate', 'patch', 'score'],
  against: ['paths', 'ablate', 'patch'],
  mean: ['ablate', 'score'],
} as const;

/** @throws UsageError for an option that nothing would use. */
function checkCompany(options: Readonly<Record<string, unknown>>): void {
  for (const [name, users] of Object.entries(COMPANY)) {
    if (options[name] === undefined || users.some((user) => options[user] !== undefined)) continue;
    const flags = users.map((user) => `--${user}`).join(' or ');
    throw new UsageError(
      `tmech: --${name} must come with ${flags}, but none of them is given. Add one or leave it out.`,
    );
  }
}

/** Options that determine the numbers, as results carry them. */
function parametersOf(options: {
  readonly precision: 'f32' | 'f64';
  readonly [name: string]: unknown;
}): { precision: 'f32' | 'f64' } & Record<string, string | number> {
  const names = [
    'steps',
    'paths',
    'heads',
    'token',
    'against',
    'budget',
    'ablate',
    'mean',
    'patch',
    'from',
    'fromIds',
    'score',
  ];
  const given = names.flatMap((name) => {
    const value = options[name];
    if (value === undefined) return [];
    return [
      [name, typeof value === 'number' ? value : Array.isArray(value) ? value.join(' ') : String(value)] as const,
    ];
  });
  return { precision: options.precision, ...Object.fromEntries(given) };
}

interface InterventionOptions {
  readonly precision: 'f32' | 'f64';
  readonly ablate?: readonly string[] | undefined;
  readonly mean?: true | undefined;
  readonly patch?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly fromIds?: readonly number[] | undefined;
}

/** @throws UsageError for patches without the prompt they come from, or the reverse. */
function interventionsOf(
  model: transformer.Model,
  { ids, bos }: transformer.Prompt,
  { precision, ablate = [], mean, patch = [], from, fromIds }: InterventionOptions,
): transformer.Intervention[] {
  const kind = mean ? 'mean' : 'zero';
  const ablations = ablate.map((name) => ({ kind, name }) as const);
  if (patch.length === 0 && from === undefined && fromIds === undefined) return ablations;
  if (patch.length === 0 || (from === undefined) === (fromIds === undefined))
    throw new UsageError(
      'tmech: patches must come from one other prompt, but --patch and either --from or --from-ids are not both given.',
    );
  const source = fromIds === undefined ? { text: from!, bos } : { ids: fromIds };
  const other = transformer.promptOf(model, source);
  return [...ablations, ...dyson.patchesFrom(model, other.ids, ids, patch, precision)];
}
