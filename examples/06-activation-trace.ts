// An activation trace: an analysis of your own (what each attention head looks at from the last token), and the same arrays
// as an .npz file for Python: numpy.load('trace.npz')['blocks.0.attn.pattern'].
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formats, transformer } from '../src/index.ts';

const folder = await transformer.openNodeFolder(fileURLToPath(new URL('../models/bank', import.meta.url)));
const model = await transformer.openModel(folder);
const { ids, tokens } = transformer.promptOf(model, { text: 'the fisherman sat on the bank' });
const trace = transformer.traceForward(model, ids, {
  keep: ['blocks.*.attn.pattern', 'blocks.*.resid_post', 'logits'],
});

for (let layer = 0; layer < model.config.L; layer++) {
  const { shape, data } = transformer.activationOf(trace, `blocks.${layer}.attn.pattern`);
  const [H, T] = shape as [number, number, number];
  for (let head = 0; head < H; head++) {
    const row = Array.from(data.subarray((head * T + T - 1) * T, (head + 1) * T * T));
    const entropy = row.reduce((sum, a) => (a > 0 ? sum - a * Math.log(a) : sum), 0);
    const [most] = transformer.likeliest(row, 1) as [number];
    const attention = `${row[most]!.toFixed(2)} on “${tokens[most]?.trim()}” (position ${most})`;
    console.log(`layer ${layer} head ${head}: ${attention}, entropy ${entropy.toFixed(2)} nats`);
  }
}
const file = join(mkdtempSync(join(tmpdir(), 'tmech-')), 'trace.npz');
const idArray: formats.NamedArray = { name: 'ids', shape: [ids.length], data: BigInt64Array.from(ids, BigInt) };
writeFileSync(file, formats.npzBytes([idArray, ...trace.activations.values()]));
console.log(`${1 + trace.activations.size} arrays in ${file}`);
model.release();
