import { caseVariants, foldsToSeveral, longFoldings } from './case-folding.ts';
import { CodeSet, codeRange, complement } from './code-set.ts';
import { type Anchor, holds, type Node, widthOf } from './node.ts';
import { parseBrackets } from './parse-brackets.ts';
import { classEscape, codeEscape } from './parse-escapes.ts';
import { Scanner } from './scanner.ts';

interface Flags {
  readonly ignoreCase: boolean;
  /** Whether . takes line ends too. */
  readonly dotAll: boolean;
}

const ANCHORS: Readonly<Record<string, Anchor>> = {
  A: 'text-start',
  z: 'text-end',
  Z: 'last-line-end',
  b: 'word-edge',
  B: 'no-word-edge',
};
/** Most copies of a part that a counted repetition may ask for. */
const MOST_REPEATS = 1000;
/** Deepest nesting of groups. */
const MOST_GROUPS = 100;
const NEWLINE = 0x0a;

/**
 * Parses a regular expression in Oniguruma's syntax, the part of it that needs no memory of what groups matched.
 *
 * @throws RegexFault naming what is not read.
 */
export function parseRegex(source: string): Node {
  const scanner = new Scanner(source);
  const node = choice(scanner, { ignoreCase: false, dotAll: false }, 0);
  if (!scanner.done) scanner.fail('an unmatched )');
  return node;
}

function choice(scanner: Scanner, flags: Flags, depth: number): Node {
  if (depth > MOST_GROUPS) scanner.fail(`groups nested more than ${MOST_GROUPS} deep`);
  const branches = [sequence(scanner, flags, depth)];
  while (scanner.take('|')) branches.push(sequence(scanner, flags, depth));
  return branches.length === 1 ? branches[0]! : { kind: 'choice', branches };
}

function sequence(scanner: Scanner, flags: Flags, depth: number): Node {
  const parts: Node[] = [];
  let letters = '';
  while (!scanner.done && !scanner.sees('|') && !scanner.sees(')')) {
    const literal = new Literal();
    const part = scanner.take('(') ? group(scanner, flags, depth, parts.length === 0) : atom(scanner, flags, literal);
    if (part === null) continue;
    letters = literal.code === null ? '' : letters + String.fromCodePoint(literal.code).toLowerCase();
    if (flags.ignoreCase && [...longFoldings()].some((folding) => letters.endsWith(folding)))
      scanner.fail(`letters that equal a single one but for case (${letters})`);
    parts.push(repeated(scanner, part));
  }
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}

/** The character that an atom stands for, if it stands for one. */
class Literal {
  code: number | null = null;
}

function atom(scanner: Scanner, flags: Flags, literal: Literal): Node {
  if (scanner.take('[')) return { kind: 'set', set: parseBrackets(scanner, flags.ignoreCase) };
  if (scanner.take('.')) return { kind: 'set', set: flags.dotAll ? ANY : NOT_NEWLINE };
  if (scanner.take('^')) return { kind: 'anchor', anchor: 'line-start' };
  if (scanner.take('$')) return { kind: 'anchor', anchor: 'line-end' };
  if (['*', '+', '?'].some((mark) => scanner.sees(mark))) scanner.fail('a repetition of nothing');
  if (scanner.take('\\')) {
    const anchor = ANCHORS[scanner.peek()];
    if (anchor !== undefined) {
      scanner.next();
      return { kind: 'anchor', anchor };
    }
    if (scanner.take('R')) return LINE_BREAK;
    const set = classEscape(scanner, false);
    if (set !== null) return { kind: 'set', set };
    return character(scanner, codeEscape(scanner), flags, literal);
  }
  return character(scanner, scanner.next(), flags, literal);
}

function character(scanner: Scanner, code: number, flags: Flags, literal: Literal): Node {
  literal.code = code;
  if (!flags.ignoreCase) return { kind: 'set', set: codeRange(code, code) };
  if (foldsToSeveral(code)) scanner.fail(`${String.fromCodePoint(code)} without regard to case`);
  const variants = caseVariants(code);
  return { kind: 'set', set: new CodeSet((other) => variants.includes(other)) };
}

/**
 * The ( has been taken; null for a comment.
 *
 * @param first whether it begins a branch: options there hold for it and all branches behind it
 */
function group(scanner: Scanner, flags: Flags, depth: number, first: boolean): Node | null {
  const inside = (own = flags): Node => {
    const body = choice(scanner, own, depth + 1);
    if (!scanner.take(')')) scanner.fail('a ( without its )');
    return body;
  };
  if (!scanner.take('?')) return inside();
  if (scanner.take('#')) {
    while (!scanner.take(')')) scanner.next();
    return null;
  }
  if (scanner.take(':')) return inside();
  if (scanner.take('>')) return { kind: 'atomic', body: inside() };
  if (scanner.take('=')) return { kind: 'look', body: inside(), behind: false, negative: false };
  if (scanner.take('!')) return { kind: 'look', body: inside(), behind: false, negative: true };
  if (scanner.take('<=')) return behind(scanner, inside(), false);
  if (scanner.take('<!')) return behind(scanner, inside(), true);
  if (scanner.takeMatch(/<[A-Za-z_]\w*>|'[A-Za-z_]\w*'/y) !== null) return inside();
  const options = scanner.takeMatch(/([im]*)(?:-([im]*))?([:)])/y);
  if (options === null) scanner.fail('a group of an unknown kind');
  const [, on = '', off = '', end] = options;
  const own = {
    ignoreCase: (flags.ignoreCase || on.includes('i')) && !off.includes('i'),
    dotAll: (flags.dotAll || on.includes('m')) && !off.includes('m'),
  };
  if (end === ':') return inside(own);
  if (!first) scanner.fail('options in the middle of a branch');
  return choice(scanner, own, depth + 1);
}

function behind(scanner: Scanner, body: Node, negative: boolean): Node {
  if (widthOf(body)[1] > MOST_REPEATS) scanner.fail('a look behind without a bound');
  if (holds(body, LINE_BREAK)) scanner.fail('\\R in a look behind');
  return { kind: 'look', body, behind: true, negative };
}

function repeated(scanner: Scanner, part: Node): Node {
  let node = part;
  for (let times = 0; ; times++) {
    const counts = quantifier(scanner);
    if (counts === null) return node;
    if (node.kind === 'anchor' || node.kind === 'look') scanner.fail('a repeated position');
    const [least, most, counted] = counts;
    if (times > 1 || (times > 0 && !counted && most !== Number.POSITIVE_INFINITY)) scanner.fail('stacked repetitions');
    if (most > 1 && widthOf(node)[0] === 0) scanner.fail('a repetition of what may be empty');
    const lazy = scanner.take('?');
    if (lazy && least === most) scanner.fail('{n}? ');
    const possessive = !lazy && !counted && scanner.take('+');
    node = { kind: 'repeat', body: node, least, most, mode: lazy ? 'lazy' : possessive ? 'possessive' : 'greedy' };
  }
}

/** Least, most, and whether they were given in braces. */
function quantifier(scanner: Scanner): readonly [number, number, boolean] | null {
  if (scanner.take('*')) return [0, Number.POSITIVE_INFINITY, false];
  if (scanner.take('+')) return [1, Number.POSITIVE_INFINITY, false];
  if (scanner.take('?')) return [0, 1, false];
  const braces = scanner.takeMatch(/\{(\d*)(,?)(\d*)\}/y);
  if (braces === null) return null;
  const [whole, first = '', comma, second = ''] = braces;
  if (first === '' && second === '') scanner.fail(whole);
  const least = first === '' ? 0 : Number(first);
  const most = comma === '' ? least : second === '' ? Number.POSITIVE_INFINITY : Number(second);
  if (least > MOST_REPEATS || (most !== Number.POSITIVE_INFINITY && most > MOST_REPEATS) || most < least)
    scanner.fail(whole);
  return [least, most, true];
}

const ANY = new CodeSet(() => true);
const NOT_NEWLINE = complement(codeRange(NEWLINE, NEWLINE));
/** \R: CR LF, which is never taken apart, or one character that ends a line. */
const LINE_BREAK: Node = {
  kind: 'atomic',
  body: {
    kind: 'choice',
    branches: [
      {
        kind: 'sequence',
        parts: [
          { kind: 'set', set: codeRange(0x0d, 0x0d) },
          { kind: 'set', set: codeRange(NEWLINE, NEWLINE) },
        ],
      },
      {
        kind: 'set',
        set: new CodeSet((code) => (code >= 0x0a && code <= 0x0d) || [0x85, 0x2028, 0x2029].includes(code)),
      },
    ],
  },
};
