import { count } from './numerals.ts';

/** What stands in the place of things left out, as `… 2 more`. */
export function more(left: number, what?: string): string {
  return `… ${count(left)} more${what === undefined ? '' : ` ${what}`}`;
}
