import { extname } from 'node:path';
import { formats, report, transformer } from '../index.ts';
import { checkFile, writeWhole } from './files.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { openPrompted, withPrompt } from './open.ts';
import { promptFirstCommand } from './options.ts';
import { portablePath } from './portable-paths.ts';
import { frameOf, jsonText } from './result.ts';

/** `tmech trace`: named activations of a prompt as a file for Python. */
export function traceCommand(invocation: Invocation) {
  return promptFirstCommand('trace', 'Named activations of a prompt as .npz (numpy.load) or .safetensors.')
    .requiredOption('-o, --out <file>', 'file to write; its ending says the format: .npz or .safetensors')
    .option(
      '--keep <names...>',
      "activations to write; * stands for one part, as in 'blocks.*.attn.pattern' (default: all)",
    )
    .action(async (text, { json, out, keep, ...given }) => {
      const options = withPrompt(text, given);
      const encode = encoderFor(out);
      const file = await checkFile('--out', out);
      const { model, prompt } = await openPrompted(options, invocation.progress);
      const { precision } = options;
      const trace = transformer.traceForward(model, prompt.ids, {
        precision,
        keep: keep ?? transformer.activationNames(model.config),
      });
      const frame = frameOf(invocation, model, prompt, { precision });
      const arrays: formats.NamedArray[] = [
        { name: 'ids', shape: [prompt.ids.length], data: BigInt64Array.from(prompt.ids, BigInt) },
        ...trace.activations.values(),
      ];
      await writeWhole(
        file,
        encode(arrays, {
          provenance: JSON.stringify(frame.provenance),
          fingerprint: JSON.stringify(model.fingerprint),
        }),
      );
      const written = arrays.map(({ name, shape, data }) => ({
        name,
        shape,
        dtype: dtypeOf(data),
      }));
      if (json) invocation.print(jsonText({ kind: 'trace', ...frame, file: portablePath(file), arrays: written }));
      else invocation.print(`${written.length} arrays of ${prompt.ids.length} tokens in ${report.printable(file)}\n`);
    });
}

type Encoder = (arrays: readonly formats.NamedArray[], metadata: Readonly<Record<string, string>>) => Uint8Array;

function encoderFor(file: string): Encoder {
  const ending = extname(file).toLowerCase();
  if (ending === '.npz')
    return (arrays, metadata) => formats.npzBytes([...arrays, textArray('metadata', JSON.stringify(metadata))]);
  if (ending === '.safetensors') return formats.safetensorsBytes;
  throw new UsageError(
    `tmech trace: --out must end in .npz or .safetensors, but it is ${file}. Choose one of the two.`,
  );
}

/** Text as UTF-8 bytes: bytes(file['metadata']).decode() in Python. */
function textArray(name: string, text: string): formats.NamedArray {
  const data = new TextEncoder().encode(text);
  return { name, shape: [data.length], data };
}

/** NumPy's name of an array's type. */
function dtypeOf(data: formats.ArrayData): string {
  if (data instanceof BigInt64Array) return 'int64';
  return data instanceof Float64Array ? 'float64' : data instanceof Float32Array ? 'float32' : 'int32';
}
