import { basename, join, resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { analyses, FormatError, formats, report, transformer, VERSION } from '../index.ts';
import { checkDirectory, writeAll, writeWhole } from './files.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { backendFrom } from './open.ts';
import { backendOption, integer, plainCommand, seed, threadsOption } from './options.ts';
import { portablePath } from './portable-paths.ts';
import type { Progress } from './progress.ts';
import { readJson } from './read-files.ts';
import { jsonText, placeIn } from './result.ts';
import { terminalLooks } from './terminal.ts';

const DEFAULT_OUT = 'tmech-qlens-sentiment';

/** `tmech reproduce`: published experiments, start to end. */
export function reproduceCommand(invocation: Invocation) {
  return new Command('reproduce')
    .description('Repeats a published experiment from training to tables.')
    .addCommand(sentimentCommand(invocation));
}

function sentimentCommand(invocation: Invocation) {
  const { print, writes, progress } = invocation;
  return plainCommand(
    'qlens-sentiment',
    'The sentiment experiment of the QLens paper: trains its toy model, its lenses, and compares the operators of attention and MLP.',
  )
    .option('--sentihood <dir>', 'folder with the JSON files of SentiHood; default: a synthetic corpus')
    .option(
      '--embeddings <dir>',
      'GPT-2 checkpoint whose tokenizer, embeddings and positions the model starts from, as in the paper',
    )
    .option('--texts <n>', `texts of the synthetic corpus; default ${analyses.SYNTHETIC_TEXTS}`, integer(10, 1_000_000))
    .option(
      '--seeds <n>',
      'models to train, each with its own split',
      integer(1, 1000),
      analyses.SENTIMENT_DEFAULTS.seeds,
    )
    .addOption(
      new Option('--seed <n>', 'the first seed; the others follow')
        .argParser(seed)
        .default(String(analyses.SENTIMENT_DEFAULTS.seed)),
    )
    .option('--epochs <n>', 'times every text is seen', integer(0, 10_000), analyses.SENTIMENT_DEFAULTS.epochs)
    .option(
      '--permutations <n>',
      'relabellings of every test',
      integer(1, 10_000_000),
      analyses.SENTIMENT_DEFAULTS.permutations,
    )
    .addOption(backendOption())
    .addOption(threadsOption())
    .option(
      '-o, --out <dir>',
      `where report, figures and models go (default: ${DEFAULT_OUT}; with --json nothing is written unless this is given)`,
    )
    .action(async ({ json, out, sentihood, embeddings, texts, seeds, epochs, permutations, ...options }) => {
      if (sentihood !== undefined && texts !== undefined) {
        throw new UsageError(
          'tmech reproduce: --texts must come without --sentihood, but both are given. Leave one out.',
        );
      }
      const wanted = writes && (out !== undefined || !json);
      const directory = wanted ? await checkDirectory('--out', out ?? DEFAULT_OUT) : null;
      const first = BigInt(options.seed);
      const count = texts ?? analyses.SYNTHETIC_TEXTS;
      const sentences =
        sentihood === undefined ? analyses.syntheticSentences(first, count) : await sentihoodFrom(sentihood);
      const start = embeddings === undefined ? null : await embeddingsFrom(embeddings, progress);
      const backend = await backendFrom(options);
      const name = sentihood === undefined ? 'synthetic corpus' : `SentiHood in ${basename(resolve(sentihood))}`;
      const result = await analyses.reproduceSentiment(backend, name, sentences, {
        seeds,
        seed: first,
        epochs,
        permutations,
        embeddings: start,
        onProgress: (stage, done, total) => progress.update(stage, done, total),
        onModel: async (which, files) => {
          if (directory === null) return;
          await writeAll(join(directory, `seed-${which}`), files);
        },
      });
      const corpus = sentihood === undefined ? { texts: count } : { sentihood: portablePath(sentihood) };
      const data = {
        kind: 'qlens-sentiment',
        provenance: analyses.provenanceOf(backend, 'f64', invocation.args),
        parameters: {
          ...corpus,
          ...(embeddings === undefined ? {} : { embeddings: portablePath(embeddings) }),
          seeds,
          seed: options.seed,
          epochs,
          permutations,
          ...analyses.sentimentParameters(start),
        },
        ...result,
      };
      if (directory !== null) {
        await writeAll(join(directory, 'figures'), report.renderDataSetFigures(result.first));
        await writeWhole(join(directory, 'report.html'), report.renderSentimentPage(result, VERSION));
        await writeWhole(join(directory, 'report.json'), jsonText(data));
      }
      progress.stop();
      if (json) print(jsonText(data));
      else {
        print(report.renderSentiment(result, terminalLooks()));
        if (directory !== null) {
          const [page, data, models] = ['report.html', 'report.json', 'seed-*'].map((name) => placeIn(directory, name));
          print(`\nReport: ${page}\nData:   ${data}\nModels: ${models}\n`);
        }
      }
    });
}

async function embeddingsFrom(path: string, progress: Progress): Promise<transformer.PretrainedEmbeddings> {
  if (path === '') throw new UsageError('tmech reproduce: --embeddings must name a folder, but it is empty.');
  const checkpoint = await transformer.openCheckpoint(await transformer.openNodeFolder(path));
  const embeddings = await transformer.readEmbeddings(checkpoint, {
    onProgress: (done, total) => progress.update('reading', done, total),
  });
  progress.stop();
  return embeddings;
}

/** Single-opinion texts of all JSON files of a folder, in the order of their names. */
async function sentihoodFrom(path: string): Promise<analyses.Sentence[]> {
  if (path === '') throw new UsageError('tmech reproduce: --sentihood must name a folder, but it is empty.');
  const folder = await transformer.openNodeFolder(path);
  const names = (await folder.names()).filter((name) => name.endsWith('.json')).sort();
  if (names.length === 0) {
    throw new FormatError(
      `tmech reproduce: ${path} must hold the JSON files of SentiHood, but it has none. Check the path.`,
      { source: path },
    );
  }
  const sentences: analyses.Sentence[] = [];
  for (const name of names) sentences.push(...formats.sentihoodSentences(await readJson(join(path, name)), name));
  return sentences;
}
