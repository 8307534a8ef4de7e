import { CodeSet } from './code-set.ts';

/** Code points that are equal but for their case (simple case folding of Unicode), the given one included. */
export function caseVariants(code: number): readonly number[] {
  const pattern = new RegExp(`^\\u{${code.toString(16)}}$`, 'iu');
  const variants = (tables().byKey.get(foldKey(code)) ?? []).filter((other) =>
    pattern.test(String.fromCodePoint(other)),
  );
  return variants.includes(code) ? variants : [code, ...variants];
}

/** The set with all case variants of its members. */
export function ignoringCase(set: CodeSet): CodeSet {
  return new CodeSet((code) => caseVariants(code).some((variant) => set.has(variant)));
}

/** Texts of several characters that some single character equals but for case, such as ss for ß; in lower case. */
export function longFoldings(): ReadonlySet<string> {
  return tables().long;
}

/** Whether a character equals a longer text but for case, as ß does ss. */
export function foldsToSeveral(code: number): boolean {
  return tables().several.has(code);
}

interface Tables {
  readonly byKey: ReadonlyMap<number, readonly number[]>;
  readonly long: ReadonlySet<string>;
  readonly several: ReadonlySet<number>;
}

let made: Tables | null = null;

function tables(): Tables {
  return (made ??= makeTables());
}

function makeTables(): Tables {
  const byKey = new Map<number, number[]>();
  const long = new Set<string>();
  const several = new Set<number>();
  for (let code = 0; code <= 0x1ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
    if (lower === character && upper === character) continue;
    const key = foldKey(code);
    byKey.set(key, [...(byKey.get(key) ?? []), code]);
    const folded = isSingle(upper) ? lower : upper.toLowerCase();
    if (isSingle(folded)) continue;
    several.add(code);
    long.add(folded);
  }
  return { byKey, long, several };
}

function foldKey(code: number): number {
  const character = String.fromCodePoint(code);
  const upper = character.toUpperCase();
  const lower = (isSingle(upper) ? upper : character).toLowerCase();
  return isSingle(lower) ? lower.codePointAt(0)! : code;
}

function isSingle(text: string): boolean {
  return Array.from(text).length === 1;
}
