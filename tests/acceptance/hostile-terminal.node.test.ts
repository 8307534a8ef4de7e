/** Whatever strangers put into files, names and tokens: nothing of it acts on the terminal, in any command. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { npzBytes } from '../../src/formats/npz.ts';
import { ACTING, ACTING_CHARACTERS, actingIn, LONE_SURROGATE } from '../support/acting.ts';
import { tmech } from '../support/command-line.ts';
import { silentInvocation } from '../support/silent-invocation.ts';
import { jsonBytes, safetensorsFile, tinyConfig, tinyFiles, tinyTensors } from '../support/tiny-checkpoint.ts';

const V = 30;
/** Without control characters, as names of arrays are. */
const UNCONTROLLED = ACTING.replace(/\p{Cc}/gu, '');
/** Names in JSON may hold a lone surrogate and newlines as well. */
const NAME = `${ACTING}${LONE_SURROGATE}\n`;

let root = '';
let place = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tmech-'));
  place = join(root, ACTING.replaceAll('/', ''));
  await mkdir(join(place, 'model'), { recursive: true });
  for (const [name, bytes] of hostileCheckpoint()) await writeFile(join(place, 'model', name), bytes);
  const numbers = [0, 1, 2].map((k) => ({
    name: `${UNCONTROLLED}${k}`,
    shape: [1, 3],
    data: Float64Array.of(k, 1, 2),
  }));
  await writeFile(join(place, 'laws.npz'), npzBytes(numbers));
  await writeFile(
    join(place, 'texts.jsonl'),
    [
      [1, 2, 3],
      [4, 5],
    ]
      .map((ids) => JSON.stringify({ ids }))
      .join('\n'),
  );
  await writeFile(join(place, 'broken.jsonl'), `{"${UNCONTROLLED}": `);
  await writeFile(join(place, 'chen.json'), JSON.stringify(description()));
  const provenance = {
    package: 'transformer-mechanics',
    version: '0.1.0',
    command: ['chen', join(place, 'chen.json')],
  };
  await writeFile(join(place, 'result.json'), JSON.stringify({ provenance, [NAME]: NAME, description: { [NAME]: 1 } }));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Tokens, fields, classes and tensors with names that act. */
function hostileCheckpoint(): Map<string, Uint8Array> {
  const files = tinyFiles({ V });
  const config = { ...tinyConfig({ V }), [NAME]: NAME, torch_dtype: NAME, task_specific_params: { [NAME]: NAME } };
  const decode = (name: string) => JSON.parse(new TextDecoder().decode(files.get(name)));
  const tokenizer = decode('tokenizer.json');
  const [end] = tokenizer.added_tokens;
  const contents = Array.from({ length: V - 1 }, (_, id) => `${ACTING}${id}\n`);
  tokenizer.added_tokens = [...contents.map((content, id) => ({ ...end, id, content, special: false })), end];
  tokenizer.model.vocab = Object.fromEntries([...contents, end.content].map((content, id) => [content, id]));
  const tensors = [...tinyTensors({ V }).values()].map(({ name, shape, values }) => ({
    name: name === 'lm_head.weight' ? name : `transformer.${name}`,
    dtype: 'F32',
    shape,
    bytes: new Uint8Array(Float32Array.from(values).buffer),
  }));
  const extra = { name: NAME, dtype: 'F32', shape: [1], bytes: new Uint8Array(4) };
  return files
    .set('config.json', jsonBytes(config))
    .set('tokenizer.json', jsonBytes(tokenizer))
    .set('model.safetensors', safetensorsFile([...tensors, extra]));
}

function description(): object {
  const names = [`${NAME}a`, `${NAME}b`];
  const scores = [
    [0, 1],
    [1, 0],
  ];
  return {
    name: NAME,
    tokens: names.map((name) => ({ name })),
    blocks: [{ scores, map: [...names].reverse() }],
    text: [names[0]],
  };
}

/** Command lines of every command; `@` stands for the folder. */
const LINES: readonly string[][] = [
  ['analyze', '-m', '@/model', '--ids', '1,2,3', '--out', '@/out'],
  ['analyze', '-m', '@/model', '--ids', '1,2,3', '--json'],
  ['next', '-m', '@/model', '--ids', '1,2,3', '--greedy', '3'],
  ['next', '-m', '@/model', '--ids', '1,2,3', '--json'],
  ['next', '-m', '@/model', `@${ACTING}`],
  ['next', '-m', '@/nowhere', 'a'],
  ['chen', '@/chen.json', '--out', '@/out'],
  ['chen', '@/chen.json', '--json'],
  ['chen', '@/chen.json', '--lump'],
  ['chen', '@/chen.json', '--enumerate'],
  ['chen', '@/chen.json', '--statistics', '20'],
  ['chen', '@/chen.json', '--quantum'],
  ['chen', '@/chen.json', '--sample', '@/sample.jsonl'],
  ['chen', '@/broken.jsonl'],
  ['chen', '-m', '@/model', '--ids', '1,2'],
  ['qlens', '-m', '@/model', '--ids', '1,2,3'],
  ['qlens', '-m', '@/model', '--texts', '@/texts.jsonl', '--no-umap', '--permutations', '9'],
  ['qlens', '--laws', '@/laws.npz'],
  ['qlens', '--laws', '@/laws.npz', '--stages', ACTING],
  ['qlens', '--laws', '@/broken.jsonl'],
  ['qlens', '-m', '@/model', '--ids', '1,2', '--lens', '@/lens'],
  ['dyson', '-m', '@/model', '--ids', '1,2,3', '--paths', '3', '--score', '--ablate', 'blocks.0.attn.out'],
  ['dyson', '-m', '@/model', '--ids', '1,2,3', '--ablate', ACTING],
  ['dyson', 'accelerate', '-m', '@/model', '--prompt', ACTING],
  ['dyson', 'lyapunov', '-m', '@/model', '--ids', '1,2,3'],
  ['dyson', 'rank-collapse', '-m', '@/model', '--ids', '1,2,3'],
  ['spectra', '@/laws.npz'],
  ['spectra', '@/laws.npz', '--tensor', `${UNCONTROLLED}1`, '--grid', '3'],
  ['spectra', '@/chen.json'],
  ['spectra', '--operator', 'attention', '-m', '@/model', '--ids', '1,2,3', '--grid', '3'],
  ['lens', 'train', '-m', '@/model', '--texts', '@/texts.jsonl', '--steps', '1', '--out', '@/lens.safetensors'],
  ['lens', 'eval', '-m', '@/model', '--texts', '@/texts.jsonl'],
  ['trace', '-m', '@/model', '--ids', '1,2,3', '-o', '@/trace.npz'],
  ['trace', '-m', '@/model', '--ids', '1,2,3', '-o', '@/trace.npz', '--keep', ACTING],
  ['info', '@/model', '--tensors'],
  ['info', '@/model', '--json'],
  ['reproduce', 'qlens-sentiment', '--sentihood', '@/model', '--out', '@/out'],
  ['rerun', '@/result.json'],
  ['rerun', '@/result.json', '--json'],
  ['rerun', '@/broken.jsonl'],
  [ACTING],
  ['next', `--${ACTING}`],
  ['next', '-k', ACTING],
  ['lens', ACTING, '--help'],
];

it.each(LINES.map((line) => [line.slice(0, 6).join(' ').replaceAll(ACTING, '…'), line] as const))(
  '%s',
  async (_name, line) => {
    const { code, stdout, stderr } = await tmech(...line.map((word) => word.replace(/^@/, place)));
    expect([actingIn(stdout), actingIn(stderr)]).toEqual([null, null]);
    expect(stderr).not.toContain('fault of tmech');
    expect(stdout.length + stderr.length).toBeGreaterThan(0);
    expect([0, 1, 2]).toContain(code);
  },
);

it('nor in the pages and figures that are written', async () => {
  const out = join(place, 'pages');
  const at = (name: string) => join(place, name);
  await tmech('analyze', '-m', at('model'), '--ids', '1,2,3', '--out', join(out, 'analyze'));
  await tmech('chen', at('chen.json'), '--out', join(out, 'chen'));
  await tmech(
    'qlens',
    '-m',
    at('model'),
    '--texts',
    at('texts.jsonl'),
    '--permutations',
    '9',
    '--out',
    join(out, 'qlens'),
  );
  await tmech('spectra', at('laws.npz'), '--tensor', `${UNCONTROLLED}1`, '--grid', '3', '--out', join(out, 'spectra'));
  const names = (await readdir(out, { recursive: true })).filter((name) => /\.(html|svg|json)$/.test(name));
  expect(names.filter((name) => name.endsWith('.html'))).toHaveLength(3);
  expect(names.filter((name) => name.endsWith('.svg')).length).toBeGreaterThan(10);
  for (const name of names) expect(actingIn(await readFile(join(out, name), 'utf8')), name).toBeNull();
});

it('no command is missing here', () => {
  const program = createProgram(silentInvocation());
  const leaves = (command: CommandUnknownOpts, path: readonly string[]): string[] => [
    ...(command.commands.length === 0 || command.registeredArguments.length > 0 ? [path.join(' ')] : []),
    ...command.commands.flatMap((sub) => leaves(sub, [...path, sub.name()])),
  ];
  for (const path of leaves(program, [])) {
    expect(
      LINES.some((line) => line.join(' ').startsWith(`${path} `)),
      path,
    ).toBe(true);
  }
});

it('what acts is spelled out, not left out', async () => {
  const { stdout } = await tmech('info', join(place, 'model'), '--tensors');
  const short = new Map([['\r', '\\r']]);
  for (const [what, character] of ACTING_CHARACTERS) {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    expect(stdout, what).toContain(short.get(character) ?? `⟨U+${code}⟩`);
  }
});
