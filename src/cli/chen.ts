import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { fock } from '../index.ts';
import { chenSample } from './chen-sample.ts';
import { CHEN_WAYS, type ChenWay, checkWay } from './chen-usage.ts';
import { runWay } from './chen-ways.ts';
import { outDirectory, writeAll, writeWhole } from './files.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { integer, option, promptCommand, renyiOrders } from './options.ts';
import { jsonText } from './result.ts';

/** `tmech chen`: Chen's model of a JSON description, or of a checkpoint and a prompt. */
export function chenCommand(invocation: Invocation) {
  return promptCommand(
    'chen',
    "Open quantum system (Chen): a JSON description of blocks, or a checkpoint's next-token law on a prompt.",
  )
    .argument('[description]', 'JSON description of tokens, blocks and text (see --schema)')
    .option('--schema', 'print the JSON Schema of descriptions')
    .option('--lump', 'exact numbers of every step of a description, in polynomial time and without its strings')
    .option('--renyi <list>', 'with --lump: orders of Rényi entropies, for example 0.5,2,inf', renyiOrders)
    .option('--enumerate', 'sums over all strings of a description, none of them stored')
    .option('--statistics <n>', 'frequencies in n trajectories of a description', integer(1, 2 ** 36))
    .addOption(new Option('--workers <n>', 'an earlier name of --threads').argParser(integer(1, 64)).hideHelp())
    .option('--quantum', 'channels of a description: certificates, where extensions differ, entanglement')
    .option('--sectors <n>', 'with --quantum: certify on all texts of up to n tokens', integer(1, 64))
    .option('--sample <file>', 'write trajectories to a .jsonl or .parquet file; continues a file it began')
    .option('-o, --out <dir>', 'where the JSON and the figures go (default: nowhere)')
    .addOption(option.top)
    .addOption(option.depth)
    .addOption(option.maxStrings)
    .addOption(option.trajectories)
    .addOption(option.seed)
    .addOption(option.temperature)
    .addOption(option.topK)
    .addOption(option.topP)
    .action(async (path, { json, schema, out, workers, ...options }, self) => {
      if (schema) {
        invocation.print(jsonText(fock.descriptionJsonSchema()));
        return;
      }
      const given = self.options
        .map((known) => known.attributeName())
        .filter((name) => self.getOptionValueSource(name) === 'cli')
        .map((name) => (name === 'workers' ? 'threads' : name));
      const { threads = workers } = options;
      const way: ChenWay = CHEN_WAYS.find((name) => given.includes(name)) ?? 'tree';
      checkWay(way, given, path !== undefined);
      if (path !== undefined && extname(path) === '' && !existsSync(path))
        throw new UsageError(
          'tmech chen: what stands by itself must be a description in a file, but there is no such file. A prompt goes with --prompt.',
        );
      if (way === 'sample') {
        await chenSample(invocation, { ...options, threads, path, json, file: options.sample! });
        return;
      }
      const directory = await outDirectory(invocation, out);
      const { data, text, files } = await runWay(invocation, way, {
        ...options,
        threads,
        path,
        maxStrings: path === undefined || given.includes('maxStrings') ? options.maxStrings : undefined,
      });
      invocation.progress.stop();
      if (directory !== null) {
        await writeAll(directory, files());
        await writeWhole(join(directory, `${data.kind}.json`), jsonText(data));
      }
      invocation.print(json ? jsonText(data) : text());
    });
}
