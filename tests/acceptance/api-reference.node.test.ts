/** docs/api, which `npm run docs:api` writes: what a reader can see without TypeScript. `npm run check` holds it against the doc comments. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headingsOf } from '../../scripts/markdown-headings.ts';
import * as face from '../../src/index.ts';

const folder = 'docs/api';
const pages = readdirSync(folder).sort();
const textOf = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]));
const ADVICE = 'Bring docs/api up to date: npm run docs:api';

/** Names by page, of everything that exists when the program runs. */
function* namesIn(module: object, path: readonly string[]): Generator<readonly [page: string, name: string]> {
  for (const [name, value] of Object.entries(module)) {
    if (value?.[Symbol.toStringTag] === 'Module') yield* namesIn(value, [...path, name]);
    else yield [`${path.join('-') || 'index'}.md`, name];
  }
}

describe('docs/api', () => {
  it('names every value of src/index.ts and its namespaces', () => {
    const missing = [...namesIn(face, [])].filter(([page, name]) => {
      const headings = headingsOf(textOf.get(page) ?? '').map(({ text }) => text.replaceAll('\\', ''));
      return !headings.includes(name) && !headings.includes(`${name}()`);
    });
    expect(missing, ADVICE).toEqual([]);
  });

  it.each(pages)('has links that lead somewhere: %s', (page) => {
    for (const [, target = ''] of textOf.get(page)!.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file, anchor] = target.split('#') as [string, string?];
      const text = textOf.get(file || page);
      expect(text, target).toBeDefined();
      if (anchor !== undefined) expect(anchorsOf(file || page), target).toContain(anchor);
    }
  });

  it('has pages that a browser shows, and no path of a machine', () => {
    for (const page of pages) {
      expect(statSync(join(folder, page)).size).toBeLessThan(2 ** 18);
      expect(textOf.get(page)).not.toMatch(/\/(home|work|Users|tmp)\//);
    }
    const size = [...textOf.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(size).toBeLessThan(1e6);
  });
});

const anchors = new Map<string, ReadonlySet<string>>();

function anchorsOf(page: string): ReadonlySet<string> {
  const known = anchors.get(page);
  if (known !== undefined) return known;
  const text = textOf.get(page)!;
  const ids = Array.from(text.matchAll(/<a id="([^"]+)">/g), ([, id]) => id!);
  const found = new Set([...ids, ...headingsOf(text).map(({ anchor }) => anchor)]);
  anchors.set(page, found);
  return found;
}
