import { PieceIndex } from './piece-index.ts';

/** Most merges that are read or made: the largest vocabularies known have about 600,000. */
export const MOST_MERGES = 1 << 22;

/** A piece that may be merged from two others. */
export interface Mergeable {
  readonly text: string;
  readonly id: number;
  /** The higher, the earlier. */
  readonly score: number;
}

/** Longest piece, in characters, that is taken apart: trainers stop at 16, or some dozens. */
export const LONGEST_PIECE = 512;

type Pair = readonly [left: string, right: string];

/**
 * The merges of a vocabulary that has scores instead: every way to cut a piece into two others, by falling score; of equal score the longer left part first, then
 * the longer right one, then the smaller id. So transformers' converters write a SentencePiece vocabulary of BPE as tokenizer.json, and it is that which models are
 * used with; SentencePiece itself takes of equal scores what stands further left, which tells only where a piece overlaps itself, as in a run of one character.
 *
 * @param parts texts that may be parts, different from one another
 * @returns null if there are more than {@link MOST_MERGES}.
 * @source Kudo and Richardson, “SentencePiece”, arXiv:1808.06226
 * @cost linear in the lengths of the pieces, beside sorting their scores.
 */
export function mergesByScore(pieces: readonly Mergeable[], parts: readonly string[]): Pair[] | null {
  const index = new PieceIndex(parts);
  const ordered = [...pieces].sort((a, b) => b.score - a.score || a.id - b.id);
  const merges: Pair[] = [];
  for (let from = 0; from < ordered.length; ) {
    let to = from + 1;
    while (to < ordered.length && ordered[to]!.score === ordered[from]!.score) to++;
    const equals: Pair[] = [];
    for (let i = from; i < to && equals.length <= MOST_MERGES; i++) addCuts(equals, ordered[i]!.text, index);
    if (to - from > 1) equals.sort(longestFirst);
    for (const pair of equals) merges.push(pair);
    if (merges.length > MOST_MERGES) return null;
    from = to;
  }
  return merges;
}

/** The ways to cut a piece into two others, the longest left part first. */
function addCuts(merges: Pair[], piece: string, index: PieceIndex): void {
  index.look(piece);
  for (let at = piece.length - 1; at > 0; at--) {
    const left = index.begin(at);
    const right = left === null ? null : index.end(at);
    if (left !== null && right !== null) merges.push([left, right]);
  }
}

function longestFirst(a: Pair, b: Pair): number {
  return characters(b[0]) - characters(a[0]) || characters(b[1]) - characters(a[1]);
}

function characters(text: string): number {
  return Array.from(text).length;
}
