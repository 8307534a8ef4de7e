/** Builds the package into dist/: the WebAssembly core, the ES modules with their types, bundled files for browsers. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildWasm } from './build-wasm.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

buildWasm();
rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [`${root}node_modules/@typescript/native/bin/tsc`, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
copyFileSync(`${root}build/core.wasm`, `${root}dist/core.wasm`);
chmodSync(`${root}dist/cli/main.js`, 0o755);
await bundle('dist/index.js', 'dist/browser.js');

async function bundle(from: string, to: string): Promise<void> {
  await build({
    entryPoints: [root + from],
    outfile: root + to,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
  });
}
