import { characterLength, cut, type Piece } from './piece.ts';

/** Code units from the first to before the second. */
export type Span = readonly [number, number];

/** What becomes of the parts of a text that a pattern matches. */
export const BEHAVIORS = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;
export type Behavior = (typeof BEHAVIORS)[number];

interface Part {
  readonly span: Span;
  readonly matched: boolean;
}

/**
 * Splits a piece at the matches of a pattern, which must be ordered and must not overlap. Contiguous joins neighbouring
 * matches; MergedWithPrevious joins a match to the part before it, MergedWithNext to the one behind it, unless that is a
 * match itself.
 *
 * @param invert takes the matches for the parts between, and these for the matches
 */
export function splitAt(piece: Piece, matches: readonly Span[], behavior: Behavior, invert = false): Piece[] {
  const parts = partsOf(piece.text.length, matches).map((part) => ({ ...part, matched: part.matched !== invert }));
  const kept = joined(parts, behavior);
  return kept.flatMap(([from, to]) => (from < to ? [cut(piece, from, to)] : []));
}

/** The characters that pass a test, each a match. */
export function matchesOf(text: string, test: (character: string) => boolean): Span[] {
  const matches: Span[] = [];
  for (let at = 0; at < text.length; ) {
    const next = at + characterLength(text, at);
    if (test(text.slice(at, next))) matches.push([at, next]);
    at = next;
  }
  return matches;
}

/** The matches and what lies between them: the whole text, in order. */
function partsOf(length: number, matches: readonly Span[]): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const span of matches) {
    if (at < span[0]) parts.push({ span: [at, span[0]], matched: false });
    parts.push({ span, matched: true });
    at = span[1];
  }
  if (at < length) parts.push({ span: [at, length], matched: false });
  return parts;
}

function joined(parts: readonly Part[], behavior: Behavior): Span[] {
  switch (behavior) {
    case 'Removed':
      return parts.flatMap(({ span, matched }) => (matched ? [] : [span]));
    case 'Isolated':
      return parts.map(({ span }) => span);
    case 'Contiguous':
      return joinWhere(parts, (matched, before) => matched === before);
    case 'MergedWithPrevious':
      return joinWhere(parts, (matched, before) => matched && !before);
    case 'MergedWithNext':
      return joinWhere(parts.toReversed(), (matched, before) => matched && !before).toReversed();
  }
}

/** Joins a part to the one that came before, where `joins` says so; what came before the first counts as no match. */
function joinWhere(parts: readonly Part[], joins: (matched: boolean, before: boolean) => boolean): Span[] {
  const spans: Span[] = [];
  let before = false;
  for (const { span, matched } of parts) {
    const last = spans.at(-1);
    if (last !== undefined && joins(matched, before)) {
      spans[spans.length - 1] = [Math.min(last[0], span[0]), Math.max(last[1], span[1])];
    } else {
      spans.push(span);
    }
    before = matched;
  }
  return spans;
}
