/**
 * Checks who imports whom: core ← {backend, formats} ← linalg ← {transformer, fock, qlens} ← dyson ← report ← index ← {cli, bench, examples}; the three
 * families never import one another, WebAssembly and pointers stay in backend/wasm, process in cli, what is written to a terminal in cli/terminal.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders (under src, unless they begin with ../) that a folder may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  backend: ['core'],
  formats: ['core'],
  linalg: ['core', 'backend', 'formats'],
  transformer: ['core', 'backend', 'formats'],
  fock: ['core', 'backend', 'linalg'],
  qlens: ['core', 'backend', 'linalg'],
  dyson: ['core', 'backend', 'linalg', 'transformer'],
  parallel: ['core', 'backend', 'linalg', 'fock'],
  report: ['core', 'backend', 'linalg', 'transformer', 'fock', 'qlens', 'dyson'],
  cli: ['index.ts'],
  'index.ts': ['core', 'backend', 'linalg', 'formats', 'transformer', 'fock', 'qlens', 'dyson', 'parallel', 'report'],
};

/** Words that only some places may use, with the places. */
const RESERVED: readonly { readonly word: RegExp; readonly places: readonly string[] }[] = [
  { word: /\bWebAssembly\./, places: ['backend/wasm/'] },
  { word: /\bconsole\./, places: [] },
  { word: /\bprocess\.(stdout|stderr)\.write\b/, places: ['cli/terminal.ts'] },
  { word: /\bprocess\.(?!getBuiltinModule)/, places: ['cli/'] },
  { word: /from 'node:/, places: ['cli/'] },
];

const faults: string[] = [];
for (const file of filesUnder(join(root, 'src'))) {
  const path = relative(join(root, 'src'), file);
  const text = withoutComments(readFileSync(file, 'utf8'));
  checkImports(path, text);
  for (const { word, places } of RESERVED) {
    const found = word.exec(text);
    if (found !== null && !places.some((place) => path.startsWith(place)))
      faults.push(`${path}: '${found[0]}' belongs in ${places.join(', ')}`);
  }
}
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exitCode = 1;
}

function checkImports(path: string, text: string): void {
  const own = path.split('/')[0]!;
  for (const [, target] of text.matchAll(/from '(\.[^']+)'/g)) {
    const to = relative(join(root, 'src'), join(root, 'src', dirname(path), target!)).split('/')[0]!;
    if (to !== own && !(MAY_IMPORT[own] ?? []).includes(to))
      faults.push(`${path}: ${own} must not import ${to} (${target})`);
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
