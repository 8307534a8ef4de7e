/**
 * Checks who imports whom: {math, core} ← {backend, formats} ← linalg ← {transformer, fock, qlens} ← dyson ← analyses ← report ← index ← {cli, bench, examples}; the three
 * families never import one another, the twin is reached through its backend, WebAssembly and pointers stay in backend/wasm, process in cli, what is written to a terminal in cli/terminal.ts, and no
 * values are imported in a circle.
 */
import { fileURLToPath } from 'node:url';
import { circles, type SourceFile, sourceFiles } from './import-graph.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Places that a place may import besides itself: folders of src, its index, and the folders beside it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  math: [],
  core: [],
  backend: ['math', 'core'],
  formats: ['math', 'core'],
  linalg: ['math', 'core', 'backend', 'formats'],
  transformer: ['math', 'core', 'backend', 'formats'],
  fock: ['math', 'core', 'backend', 'linalg'],
  qlens: ['math', 'core', 'backend', 'linalg'],
  dyson: ['math', 'core', 'backend', 'linalg', 'transformer'],
  analyses: ['math', 'core', 'backend', 'linalg', 'transformer', 'fock', 'qlens', 'dyson'],
  report: ['math', 'core', 'backend', 'linalg', 'transformer', 'fock', 'qlens', 'dyson', 'analyses'],
  cli: ['core', 'index.ts', 'models'],
  'index.ts': ['core', 'backend', 'linalg', 'formats', 'transformer', 'fock', 'qlens', 'dyson', 'analyses', 'report'],
  assembly: [],
  examples: ['index.ts'],
  bench: ['index.ts', 'backend', 'fock', 'tests'],
};

/** Files under the first path are only for those under the second. */
const PRIVATE: readonly (readonly [path: string, owner: string])[] = [['src/backend/ts/', 'src/backend/']];

/** Words that only some places may use, with the places. */
const RESERVED: readonly { readonly word: RegExp; readonly places: readonly string[] }[] = [
  { word: /\bWebAssembly\./, places: ['src/backend/wasm/'] },
  { word: /\bconsole\./, places: [] },
  { word: /\bprocess\.(stdout|stderr)\.write\b/, places: ['src/cli/terminal.ts'] },
  { word: /\bprocess\.(?!getBuiltinModule)/, places: ['src/cli/'] },
  { word: /from 'node:/, places: ['src/cli/'] },
];

const files = sourceFiles(root, ['src', 'assembly', 'bench', 'examples', 'scripts', 'tests', 'training']);
const faults = [
  ...[...files].flatMap(([path, file]) => [
    ...foreignImports(path, file),
    ...privateImports(path, file),
    ...reservedWords(path, file),
  ]),
  ...circles(files).map((circle) => `these files import one another in a circle: ${circle.join(', ')}`),
];
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exitCode = 1;
}

function foreignImports(path: string, { imports }: SourceFile): string[] {
  const own = placeOf(path);
  const allowed = MAY_IMPORT[own];
  if (allowed === undefined) return [];
  return imports
    .map(({ target }) => ({ target, to: placeOf(target) }))
    .filter(({ to }) => to !== own && !allowed.includes(to))
    .map(({ target, to }) => `${path}: ${own} must not import ${to} (${target})`);
}

function privateImports(path: string, { imports }: SourceFile): string[] {
  if (!path.startsWith('src/')) return [];
  return PRIVATE.flatMap(([hidden, owner]) =>
    imports
      .filter(({ target }) => target.startsWith(hidden) && !path.startsWith(owner))
      .map(({ target }) => `${path}: ${target} is for ${owner} only`),
  );
}

/** The floor that a file stands on: its folder in src, or its top folder. */
function placeOf(path: string): string {
  const [top = '', next = ''] = path.split('/');
  return top === 'src' ? next : top;
}

function reservedWords(path: string, { text }: SourceFile): string[] {
  if (!path.startsWith('src/')) return [];
  return RESERVED.flatMap(({ word, places }) => {
    const found = word.exec(text);
    if (found === null || places.some((place) => path.startsWith(place))) return [];
    return [`${path}: '${found[0]}' belongs in ${places.join(', ')}`];
  });
}
