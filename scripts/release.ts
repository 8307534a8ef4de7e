/**
 * Makes a release of what is on main: `npm run release -- 0.2.0`. Sets the version in its four places, closes the section “Unreleased” of
 * the changelog, writes docs/api, runs all tests, commits and tags. Publishing (`npm publish`, `git push --follow-tags`) stays with the one who releases.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const version = process.argv[2] ?? '';
const today = new Date().toISOString().slice(0, 10);

if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) fail(`version must be like 0.2.0, but it is '${version}'`);
if (git('status', '--porcelain') !== '') fail('the working tree must be clean, but it is not');
if (git('branch', '--show-current') !== 'main') fail('the branch must be main, but it is not');
if (git('tag', '--list', `v${version}`) !== '') fail(`v${version} must be new, but it is a tag already`);

replace('package.json', /"version": "[^"]+"/, `"version": "${version}"`);
replace('src/core/version.ts', /VERSION = '[^']+'/, `VERSION = '${version}'`);
replace('CITATION.cff', /^version: .*$/m, `version: ${version}`);
replace('CITATION.cff', /^date-released: .*$/m, `date-released: ${today}`);
replace('CHANGELOG.md', /^## Unreleased$/m, `## Unreleased\n\n## ${version} (${today})`);
run('npm', 'install', '--package-lock-only', '--ignore-scripts');
run('npm', 'run', 'docs:api');
run('npm', 'test');
run('git', 'commit', '--all', '--message', `Release ${version}`);
run('git', 'tag', '--annotate', `v${version}`, '--message', `Release ${version}`);

function replace(file: string, what: RegExp, by: string): void {
  const text = readFileSync(root + file, 'utf8');
  if (!what.test(text)) fail(`${file} must contain ${what}, but it does not`);
  writeFileSync(root + file, text.replace(what, by));
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { cwd: root, stdio: 'inherit' });
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}

function fail(message: string): never {
  process.stderr.write(`release: ${message}.\n`);
  process.exit(1);
}
