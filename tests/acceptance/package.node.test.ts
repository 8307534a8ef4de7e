/** Each part of the package can be imported by itself, and brings nothing along that it does not stand on. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-package-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

const HOOKS = `import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  appendFileSync(process.env.TMECH_LOADED, url + '\\n');
  return next(url, context);
}`;
const REGISTER = `import { register } from 'node:module';
register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(HOOKS)}`)});`;

/** Runs a program inside the package, which is its own dependency there: what it printed, and the folders of dist/ that were loaded. */
async function loadedBy(name: string, program: string) {
  const list = join(work, name);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(REGISTER)}`, '--input-type=module', '-e', program],
    { cwd: root, encoding: 'utf8', env: { ...process.env, TMECH_LOADED: list } },
  );
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const urls = (await readFile(list, 'utf8')).split('\n');
  const folders = urls.flatMap((url) => /\/dist\/([^/]+)\//.exec(url)?.[1] ?? []);
  return { stdout, folders: [...new Set(folders)].sort() };
}

it('eigenvalues come without a report', async () => {
  const { stdout, folders } = await loadedBy(
    'eigenvalues',
    `import { openBackend } from 'transformer-mechanics/backend';
     import { eig, Matrix } from 'transformer-mechanics/linalg';
     const { values } = eig(await openBackend(), Matrix.fromRows([[2, 1], [1, 2]]));
     console.log([...values].sort().join(' '));`,
  );
  expect(stdout).toBe('0 0 1 3\n');
  expect(folders).toEqual(['backend', 'core', 'formats', 'linalg', 'math']);
});

const NUMBERS = ['backend', 'core', 'formats', 'linalg', 'math'];
it.each([
  ['errors', ['core']],
  ['formats', ['core', 'formats', 'math']],
  ['backend', ['backend', 'core', 'math']],
  ['linalg', NUMBERS],
  ['fock', [...NUMBERS, 'fock']],
  ['qlens', [...NUMBERS, 'qlens']],
  ['transformer', ['backend', 'core', 'formats', 'math', 'transformer']],
  ['dyson', [...NUMBERS, 'dyson', 'transformer']],
  ['analyses', [...NUMBERS, 'analyses', 'dyson', 'fock', 'qlens', 'transformer']],
  ['report', [...NUMBERS, 'analyses', 'dyson', 'fock', 'qlens', 'report', 'transformer']],
])('transformer-mechanics/%s stands on what is below it', async (part, allowed) => {
  const { stdout, folders } = await loadedBy(
    part,
    `import * as part from 'transformer-mechanics/${part}'; console.log(Object.keys(part).length > 0);`,
  );
  expect(stdout).toBe('true\n');
  expect(folders.filter((folder) => !allowed.includes(folder))).toEqual([]);
  expect(folders).toContain(part === 'errors' ? 'core' : part);
});

it('a part and the whole are the same code', async () => {
  const { stdout } = await loadedBy(
    'same',
    `import * as whole from 'transformer-mechanics';
     import * as linalg from 'transformer-mechanics/linalg';
     import { DomainError } from 'transformer-mechanics/errors';
     console.log(whole.linalg.eig === linalg.eig, whole.DomainError === DomainError);`,
  );
  expect(stdout).toBe('true true\n');
});
