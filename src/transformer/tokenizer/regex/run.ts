import type { Program, Step } from './compile.ts';
import type { Fuel } from './fuel.ts';
import type { Anchor } from './node.ts';
import { WORD } from './properties.ts';

const FAILED = -1;
const NO_SPAN = -1;

/**
 * Runs a program at one place of a text, by backtracking.
 *
 * @param target where the match must end; default: anywhere
 * @returns where the match ends, or −1
 */
export function run(program: Program, text: string, start: number, fuel: Fuel, target = FAILED): number {
  /** What to try next, three numbers each: step, place, and for a span that gives back characters the place it must keep. */
  const trials: number[] = [];
  let at = start;
  let index = 0;
  for (;;) {
    fuel.burn(1);
    const step = program[index]!;
    let next = index + 1;
    switch (step.op) {
      case 'span':
        at = takeSpan(step, text, at, fuel, index + 1, trials);
        break;
      case 'try':
        trials.push(step.second, at, NO_SPAN);
        next = step.first;
        break;
      case 'jump':
        next = step.to;
        break;
      case 'anchor':
        if (!holds(step.anchor, text, at)) at = FAILED;
        break;
      case 'look':
        if (looks(step, text, at, fuel) === step.negative) at = FAILED;
        break;
      case 'atomic':
        at = run(step.program, text, at, fuel);
        break;
      case 'end':
        if (target === FAILED || at === target) return at;
        at = FAILED;
    }
    index = next;
    if (at === FAILED) {
      if (trials.length === 0) return FAILED;
      const keep = trials.pop()!;
      at = trials.pop()!;
      index = trials.pop()!;
      if (keep !== NO_SPAN) {
        at = before(text, at);
        if (at > keep) trials.push(index, at, keep);
      }
    }
  }
}

function takeSpan(
  { set, least, most, keeps }: Step & { op: 'span' },
  text: string,
  from: number,
  fuel: Fuel,
  next: number,
  trials: number[],
): number {
  let [at, taken, keep] = [from, 0, least === 0 ? from : FAILED];
  while (taken < most && at < text.length) {
    const code = text.codePointAt(at)!;
    if (!set.has(code)) break;
    at += code > 0xffff ? 2 : 1;
    if (++taken === least) keep = at;
  }
  fuel.burn(taken);
  if (taken < least) return FAILED;
  if (!keeps && at > keep) trials.push(next, at, keep);
  return at;
}

function looks({ program, back }: Step & { op: 'look' }, text: string, at: number, fuel: Fuel): boolean {
  if (back === null) return run(program, text, at, fuel) !== FAILED;
  const [least, most] = back;
  let from = at;
  for (let characters = 0; characters <= most; characters++) {
    if (characters >= least && run(program, text, from, fuel, at) !== FAILED) return true;
    if (from === 0) return false;
    from = before(text, from);
  }
  return false;
}

function holds(anchor: Anchor, text: string, at: number): boolean {
  switch (anchor) {
    case 'text-start':
      return at === 0;
    case 'text-end':
      return at === text.length;
    case 'last-line-end':
      return at === text.length || (at === text.length - 1 && text[at] === '\n');
    case 'line-start':
      return at === 0 || (at < text.length && text[at - 1] === '\n');
    case 'line-end':
      return at === text.length || text[at] === '\n';
    case 'word-edge':
      return isWord(text, at) !== isWord(text, before(text, at), at);
    case 'no-word-edge':
      return isWord(text, at) === isWord(text, before(text, at), at);
  }
}

/** Whether a character of a word stands at a place; false where that is not before `end`. */
function isWord(text: string, at: number, end = text.length): boolean {
  return at < end && WORD.has(text.codePointAt(at)!);
}

/** Where the character before a place begins. */
function before(text: string, at: number): number {
  const low = text.charCodeAt(at - 1);
  return Math.max(at - (low >= 0xdc00 && low <= 0xdfff ? 2 : 1), 0);
}
