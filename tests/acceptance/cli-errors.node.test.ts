import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import example from '../../examples/chen-two-blocks.json' with { type: 'json' };
import { jsonText } from '../../src/cli/result.ts';
import { tmech } from '../support/command-line.ts';
import { jsonBytes, tinyConfig, tinyFiles } from '../support/tiny-checkpoint.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tmech-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Files = Map<string, Uint8Array>;

/** A checkpoint folder with one thing changed. */
async function folder(change: (files: Files) => void): Promise<string> {
  const directory = await mkdtemp(join(root, 'model-'));
  const files = tinyFiles({ V: 300 });
  change(files);
  for (const [name, bytes] of files) await writeFile(join(directory, name), bytes);
  return directory;
}

const WEIGHTS = 'model.safetensors';

/** The parsed header of the weights. */
function headerOf(files: Files): {
  header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  data: Uint8Array;
} {
  const bytes = files.get(WEIGHTS)!;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return {
    header: JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))),
    data: bytes.subarray(8 + length),
  };
}

function withHeader(files: Files, change: (header: ReturnType<typeof headerOf>['header']) => void): void {
  const { header, data } = headerOf(files);
  change(header);
  const json = jsonBytes(header);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  files.set(WEIGHTS, bytes);
}

const broken: readonly [string, (files: Files) => void, RegExp][] = [
  ['missing safetensors', (files) => files.delete(WEIGHTS), /model\.safetensors/],
  [
    'a pytorch_model.bin that is none',
    (files) => files.delete(WEIGHTS) && files.set('pytorch_model.bin', new Uint8Array(8)),
    /pytorch_model\.bin must be a zip archive/,
  ],
  ['truncated safetensors', (files) => files.set(WEIGHTS, files.get(WEIGHTS)!.slice(0, -100)), /truncated|ends|bytes/],
  [
    'offset past the end',
    (files) =>
      withHeader(files, (header) => {
        const [begin, end] = header['transformer.wte.weight']!.data_offsets;
        header['transformer.wte.weight']!.data_offsets = [begin + 1e9, end + 1e9];
      }),
    /wte\.weight|offset/,
  ],
  [
    'overlapping tensors',
    (files) =>
      withHeader(files, (header) => {
        header['transformer.ln_f.bias']!.data_offsets = header['transformer.ln_f.weight']!.data_offsets;
      }),
    /overlap|ln_f/,
  ],
  [
    'header of 2^60 bytes',
    (files) => new DataView(files.get(WEIGHTS)!.buffer).setBigUint64(0, 1n << 60n, true),
    /header|1152921504606846976/,
  ],
  [
    'wrong shape for the config',
    (files) => files.set('config.json', jsonBytes({ ...tinyConfig({ V: 300 }), n_embd: 10, n_head: 2 })),
    /must have shape|must be/,
  ],
  [
    'unknown family',
    (files) => files.set('config.json', jsonBytes({ ...tinyConfig(), model_type: 'martian' })),
    /gpt2.*llama/,
  ],
  [
    'a model that is not computed',
    (files) => files.set('config.json', jsonBytes({ ...tinyConfig(), model_type: 'mamba' })),
    /recurrent state/,
  ],
  [
    'NaN weights',
    (files) => {
      const { header, data } = headerOf(files);
      const [begin] = header['transformer.h.1.mlp.c_fc.weight']!.data_offsets;
      new DataView(data.buffer, data.byteOffset).setFloat32(begin + 8, Number.NaN, true);
    },
    /element 2 of h\.1\.mlp\.c_fc\.weight .* is NaN/,
  ],
  [
    'malformed JSON',
    (files) => files.set('config.json', new TextEncoder().encode('{"model_type": gpt2}')),
    /config\.json/,
  ],
  [
    'a field that changes the computation',
    (files) => files.set('config.json', jsonBytes({ ...tinyConfig({ V: 300 }), add_cross_attention: true })),
    /add_cross_attention/,
  ],
  [
    'a shard name with a path',
    (files) =>
      files.delete(WEIGHTS) &&
      files.set('model.safetensors.index.json', jsonBytes({ weight_map: { 'wte.weight': '../../etc/passwd' } })),
    /etc\/passwd|path/,
  ],
];

describe('bad input gives one line in the grammar of errors, exit 1 and nothing half-written', () => {
  it.each(broken)('%s', async (_title, change, message) => {
    const model = await folder(change);
    const out = join(root, 'never');
    await rm(out, { recursive: true, force: true });
    await expectFailure(['analyze', '--model', model, '--prompt', 'ab', '--out', out], message);
    expect(existsSync(out) ? await readdir(out) : []).toEqual([]);
  });

  it.each([
    ['empty prompt', ['--prompt', ''], /empty/],
    ['prompt longer than the context', ['--prompt', 'a'.repeat(40)], /at most 16 tokens.*40/],
    ['id outside the vocabulary', ['--ids', '1,300'], /ids\[1\] is 300/],
  ] as const)('%s', async (_title, args, message) => {
    const model = await folder(() => {});
    for (const command of ['next', 'chen', 'qlens', 'dyson', 'analyze']) {
      const out = command === 'analyze' ? ['--out', join(root, 'never')] : [];
      await expectFailure([command, '--model', model, ...args, ...out], message);
    }
  });

  it('text without a tokenizer, a folder that is none, an output directory that cannot be', async () => {
    const model = await folder((files) => files.delete('tokenizer.json'));
    await expectFailure(['next', '--model', model, '--prompt', 'a'], /--ids/);
    await expectFailure(['next', '--model', join(root, 'nowhere'), '--prompt', 'a'], /nowhere/);
    const file = join(root, 'file');
    await writeFile(file, 'x');
    await expectFailure(
      ['analyze', '--model', model, '--ids', '1', '--out', join(file, 'sub')],
      /--out must name a directory/,
    );
    await expectFailure(
      ['trace', '--model', model, '--ids', '1', '--out', join(file, 'sub', 'x.npz')],
      /--out must name a directory/,
    );
    const broken = await folder((files) => files.set('tokenizer.json', jsonBytes({ model: 5 })));
    await expectFailure(['next', '--model', broken, '--prompt', 'a'], /^error: openTokenizer: /);
    expect((await tmech('next', '--model', broken, '--ids', '1')).stderr).toMatch(/^warning: openTokenizer: /);
    await writeFile(join(root, 'not.json'), '{');
    await expectFailure(['chen', join(root, 'not.json')], /must hold JSON/);
    await expectFailure(['rerun', join(root, 'not.json')], /must hold JSON/);
  });
});

/** The worked example with one thing changed, in a file. */
async function description(name: string, change: object): Promise<string> {
  const path = join(root, `${name}.json`);
  await writeFile(path, JSON.stringify({ ...example, ...change }));
  return path;
}

describe('a description that is no model gives its reason', () => {
  const [first, second] = example.blocks;
  it.each([
    [
      'closure',
      { blocks: [{ ...first, WV: second!.WQ.map((row) => row.map((x) => 3 * x)) }] },
      [],
      /nearest token.* is 2 away/,
    ],
    ['cutoff', { cutoff: 4 }, [], /cut-off M must be at least n \+ L = 3 \+ 2, but it is 4/],
    ['mixture', { text: undefined, mixture: [{ text: ['x0'], weight: 0.9 }] }, [], /weights that sum to 1 .* to 0\.9/],
    ['token', { text: ['x0', 'x9'] }, [], /text\[1\] of .* must be one of x0, x1, but it is "x9"/],
    ['rows', { tokens: example.tokens.map((token) => ({ ...token, embedding: [1, 0] })) }, [], /have the same row/],
    ['vacuum', { text: [], vacuum: 'x9' }, [], /vacuum of .* "x9"/],
    ['heads', { blocks: [{ heads: [first], WO: first!.WQ }] }, [], /heads\[0\]/],
    [
      'strings',
      { steps: 60, cutoff: undefined },
      ['--enumerate'],
      /at most 10000000000 strings, but it may have .* Use lumping or trajectories/,
    ],
    [
      'several',
      { blocks: [{ heads: [{ scores: first!.WQ }], map: ['x0', 'x1'] }] },
      ['--statistics', '5'],
      /single-head/,
    ],
    ['wide', {}, ['--quantum', '--sectors', '12'], /at most|must fit|bytes/],
  ] as const)('%s', async (name, change, args, message) => {
    await expectFailure(['chen', await description(name, change), ...args], message);
  });
});

describe('a wrong command line gives exit 2', () => {
  it.each([
    [['bogus']],
    [['next', '--bogus']],
    [['next']],
    [['next', '--prompt', 'a', '--ids', '1']],
    [['next', '--prompt', 'a', '-k', '0']],
    [['next', '--prompt', 'a', '--least', '0']],
    [['next', '--prompt', 'a', '--least', '1.5']],
    [['next', '--prompt', 'a', '--least', 'most']],
    [['next', '--prompt', 'a', '--precision', 'f16']],
    [['analyze', '--prompt', 'a', '--seed', '-1']],
    [['analyze', '--prompt', 'a', '--temperature', 'NaN']],
    [['chen', '--prompt', 'a', '--top-p', '1.5']],
    [['chen', 'examples/chen-two-blocks.json', '--top-k', '2']],
    [['trace', '--prompt', 'a', '--out', 'x.txt']],
  ])('%j', async (args) => {
    const { code, stdout, stderr } = await tmech(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: /);
  });

  it.each([
    [['next', 'the', 'bank'], 'Text of several words needs quotes around it.'],
    [['dyson', 'acelerate'], 'Did you mean accelerate? Give a prompt of this word with --prompt.'],
    [['dyson', '-m', 'x', 'lyapunov', 'hi'], 'options must come after lyapunov, but --model stands before it.'],
    [['dyson', '--heads', 'rank-collapse', 'hi'], 'options must come after rank-collapse, but --heads stands before'],
    [['dyson', '-p', 'hi', 'accelerate'], 'options must come after accelerate, but --prompt stands before it.'],
    [['dyson', 'lyapunov', 'hi', '--max-bytes', '5GiB'], 'at most 4294967296'],
    [['next', '-m', 'nowhere'], 'the prompt must come from either --prompt or --ids, but neither is given.'],
    [['dyson', 'lyapunov', 'hi', '--ids', '1'], 'the prompt must come once'],
    [['chen'], 'there must be a description, --prompt or --ids, but there is none of them.'],
    [['chen', 'the bank'], 'A prompt goes with --prompt.'],
    [['spectra', '--operator', 'step', 'the bank'], 'both are given. A prompt goes with --prompt.'],
    [['qlens', 'the bank', '--rows', 'logits'], '--rows must come with --laws, but it does not.'],
  ])('%j is told why', async (args, reason) => {
    const { code, stdout, stderr } = await tmech(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(reason);
  });

  it('a prompt of one word is one, unless it is nearly a command', async () => {
    expect((await tmech('dyson', 'bank')).code).toBe(0);
    expect((await tmech('dyson', '--prompt', 'acelerate')).code).toBe(0);
    expect((await tmech('dyson', 'rank-collapse', 'the bank')).stdout).toContain('Rank collapse');
  });

  it('help and version give exit 0', async () => {
    for (const args of [
      ['--help'],
      ['--version'],
      ['analyze', '--help'],
      ['chen', '--help'],
      ['rerun', '--help'],
      ['info', '--help'],
    ]) {
      const { code, stdout, stderr } = await tmech(...args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).not.toBe('');
    }
  });
});

async function expectFailure(args: readonly string[], message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await tmech(...args);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^error: [^\n]*, but [^\n]*\.\n$/);
  expect(stderr).toMatch(message);
  expect(code).toBe(1);
}

describe('files from other systems', () => {
  const texts = async (name: string, content: string | Uint8Array) => {
    const path = join(root, name);
    await writeFile(path, content);
    return tmech('lens', 'eval', '--texts', path);
  };

  it('may begin with a byte-order mark, end lines as Windows does, and hold U+2028 in JSON', async () => {
    const { code, stderr, stdout } = await texts('windows.jsonl', '\ufeff"the bank"\r\n{"text": "the\u2028 bank"}\r\n');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('of 2 texts');
    const path = join(root, 'marked.json');
    await writeFile(path, `\ufeff${JSON.stringify(example)}`);
    expect(await tmech('chen', path)).toMatchObject({ code: 0, stderr: '' });
  });

  it('must hold something, and have an ending that is known', async () => {
    const path = join(root, 'nothing.txt');
    await writeFile(path, '');
    await expectFailure(['qlens', '--texts', path], /Check that the file is not empty\.$/m);
    await expectFailure(['qlens', '--laws', path], /but it is '.*nothing\.txt'\. Change its ending/);
  });

  it('must be UTF-8', async () => {
    const latin = await texts('latin.txt', Uint8Array.of(0x61, 0x0a, 0xe9, 0x0a));
    expect([latin.code, latin.stderr]).toEqual([
      1,
      expect.stringMatching(/line 2 of .*latin\.txt must hold UTF-8 text, but/),
    ]);
    const path = join(root, 'utf16.json');
    await writeFile(path, Buffer.from('\ufeff{}', 'utf16le'));
    expect((await tmech('chen', path)).stderr).toMatch(/must hold UTF-8 text, but its bytes are not\./);
  });
});

describe('systems too large', () => {
  it.each([
    ['--enumerate', /at most \d+ strings, but it may have/],
    ['--statistics', '10', /the frequencies must fit in .* Take fewer steps/],
  ])('chen %s refuses 2^50 steps at once', async (...given) => {
    const message = given.pop() as RegExp;
    const path = join(root, 'long.json');
    await writeFile(path, JSON.stringify({ ...example, steps: 2 ** 50, cutoff: undefined }));
    const { code, stderr } = await tmech('chen', path, ...(given as string[]));
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  });

  it('a result whose JSON is longer than a string can be is a CapacityError', () => {
    const long = {
      toJSON() {
        throw new RangeError('Invalid string length');
      },
    };
    expect(() => jsonText(long)).toThrow(
      'tmech: the JSON of the result must be one string, but it is too long (Invalid string length). Ask for less',
    );
  });

  it('chen --quantum refuses 300 tokens at once', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `t${i}`);
    const scores = names.map(() => names.map(() => 0));
    const path = join(root, 'wide.json');
    const tokens = names.map((name) => ({ name }));
    await writeFile(path, JSON.stringify({ name: 'wide', tokens, blocks: [{ scores, map: names }], text: ['t0'] }));
    const { code, stderr } = await tmech('chen', path, '--quantum');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/the images of all matrix units must have .* Use fewer sectors/),
    ]);
  });
});
