/**
 * Compares ids of tokenizers from GGUF metadata with those that tests/golden/make-gguf-tokenizers.py --lines wrote into a folder, and prints a row for each:
 *
 *     npx tsx scripts/compare-gguf-tokenizers.ts FOLDER [NAME …]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { ggufTokenizer } from '../src/transformer/checkpoint/gguf/tokenizer/tokenizer.ts';
import { readPipeline } from '../src/transformer/tokenizer/pipeline.ts';
import { type GgufTokenizerCase, metadataOf } from '../tests/support/gguf-tokenizers.ts';

const [folder, ...wanted] = argv.slice(2);
if (folder === undefined)
  throw new Error(
    'compare-gguf-tokenizers: a folder must be given, but there is none. Make one with make-gguf-tokenizers.py --lines.',
  );
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const lines = read('lines.json') as readonly string[];

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.case.json'))
  .sort()) {
  const found = read(file) as GgufTokenizerCase & { readonly ids: readonly (readonly number[])[] };
  if (wanted.length > 0 && !wanted.includes(found.name)) continue;
  for (const pre of found.names ?? [undefined]) {
    const started = performance.now();
    const pipeline = readPipeline(ggufTokenizer(metadataOf(found, pre))!.tokenizer);
    const wrong = lines.flatMap((line, i) => (pipeline.encode(line).join() === found.ids[i]!.join() ? [] : [i]));
    const seconds = (performance.now() - started) / 1000;
    console.log(`${file} ${pre ?? ''}: ${wrong.length} of ${lines.length} lines differ (${seconds.toFixed(1)} s)`);
    for (const i of wrong.slice(0, 3))
      console.log(JSON.stringify(lines[i]), found.ids[i]!.join(), 'here', pipeline.encode(lines[i]!).join());
  }
}
