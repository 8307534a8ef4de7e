import { foldsToSeveral, ignoringCase } from './case-folding.ts';
import { type CodeSet, codeRange, complement, intersection, union } from './code-set.ts';
import { classEscape, codeEscape } from './parse-escapes.ts';
import { POSIX_NAMES, propertySet } from './properties.ts';
import type { Scanner } from './scanner.ts';

const MOST_BRACKETS = 100;
const LAST_CODE = 0x1ffff;

/** The set between brackets; the first [ has been taken. */
export function parseBrackets(scanner: Scanner, ignoreCase: boolean, depth = 0): CodeSet {
  if (depth > MOST_BRACKETS) scanner.fail(`brackets nested more than ${MOST_BRACKETS} deep`);
  const negative = scanner.take('^');
  const terms: CodeSet[] = [];
  let members: CodeSet[] = [];
  for (let first = true; !scanner.take(']'); first = false) {
    if (scanner.take('&&')) {
      if (members.length === 0) scanner.fail('&& without a set before it');
      terms.push(union(members));
      members = [];
    } else {
      members.push(member(scanner, ignoreCase, depth, first));
    }
  }
  if (members.length === 0) scanner.fail('empty brackets');
  terms.push(union(members));
  const inside = terms.length === 1 ? terms[0]! : intersection(terms);
  if (!ignoreCase) return negative ? complement(inside) : inside;
  const folded = ignoringCase(inside);
  if (negative) return complement(folded);
  if (hasLongFolding(folded)) scanner.fail('brackets with a letter that equals several but for case');
  return folded;
}

/** One character, range or class. */
function member(scanner: Scanner, ignoreCase: boolean, depth: number, first: boolean): CodeSet {
  if (scanner.sees('[:')) {
    const posix = scanner.takeMatch(/\[:(\^?)(\w+):\]/y);
    if (posix === null || !POSIX_NAMES.includes(posix[2] ?? '')) scanner.fail('[: without a known name');
    const set = propertySet(posix[2] ?? '')!;
    return posix[1] === '^' ? complement(set) : set;
  }
  if (scanner.take('[')) return parseBrackets(scanner, ignoreCase, depth + 1);
  if (scanner.sees('-') && !first && !scanner.sees('-]')) scanner.fail('a - between sets');
  const low = single(scanner);
  if (typeof low !== 'number') return low;
  if (!scanner.sees('-') || scanner.sees('-]')) return codeRange(low, low);
  scanner.next();
  const high = scanner.sees('[') ? scanner.fail('a range to a set') : single(scanner);
  if (typeof high !== 'number' || high < low) scanner.fail('a range that is none');
  return codeRange(low, high);
}

/** A code point, or the set of an escape. */
function single(scanner: Scanner): number | CodeSet {
  if (!scanner.take('\\')) return scanner.next();
  const set = classEscape(scanner, true);
  if (set !== null) return set;
  if (scanner.take('b')) return 8;
  return codeEscape(scanner);
}

function hasLongFolding(set: CodeSet): boolean {
  for (let code = 0; code <= LAST_CODE; code++) if (foldsToSeveral(code) && set.has(code)) return true;
  return false;
}
