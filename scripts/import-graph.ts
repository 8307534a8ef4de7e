/** Which file imports which, and where such imports run in a circle. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** One import or re-export of a file of the repository. */
export interface Import {
  /** Path from the root of the file that is imported. */
  readonly target: string;
  /** False for `import type` and `export type`, which leave nothing in the compiled file. */
  readonly value: boolean;
}

/** A file without its comments, and what it imports. */
export interface SourceFile {
  readonly text: string;
  readonly imports: readonly Import[];
}

/** All TypeScript files under the folders of `root`, by path from the root. */
export function sourceFiles(root: string, folders: readonly string[]): Map<string, SourceFile> {
  const paths = folders.flatMap((folder) => filesUnder(root, folder));
  return new Map(
    paths.map((path) => {
      const text = withoutComments(readFileSync(join(root, path), 'utf8'));
      return [path, { text, imports: importsOf(path, text) }];
    }),
  );
}

function filesUnder(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return filesUnder(root, path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function importsOf(path: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)(\s+type)?\b[^;'"]*?(?:from\s+)?'(\.[^']+)'/gm);
  return [...statements].map(([, type, target]) => ({
    target: sourcePath(normalize(join(dirname(path), target ?? ''))),
    value: type === undefined,
  }));
}

/** Sources of the assembly import one another without an ending. */
function sourcePath(path: string): string {
  return path.endsWith('.ts') ? path : `${path}.ts`;
}

/** The sets of files that import one another's values in a circle, each sorted (Tarjan 1972: strong components). */
export function circles(files: ReadonlyMap<string, SourceFile>): string[][] {
  const places = new Map<string, { readonly index: number; lowest: number; open: boolean }>();
  const path: string[] = [];
  const found: string[][] = [];
  const visit = (file: string) => {
    const place = { index: places.size, lowest: places.size, open: true };
    places.set(file, place);
    path.push(file);
    const targets = (files.get(file)?.imports ?? []).filter(({ value }) => value).map(({ target }) => target);
    for (const target of targets) {
      const seen = places.get(target);
      if (seen === undefined) place.lowest = Math.min(place.lowest, visit(target).lowest);
      else if (seen.open) place.lowest = Math.min(place.lowest, seen.index);
    }
    if (place.lowest === place.index) {
      const component = path.splice(path.indexOf(file));
      for (const member of component) {
        const closed = places.get(member);
        if (closed !== undefined) closed.open = false;
      }
      if (component.length > 1 || targets.includes(file)) found.push(component.sort());
    }
    return place;
  };
  for (const file of files.keys()) if (!places.has(file)) visit(file);
  return found;
}
