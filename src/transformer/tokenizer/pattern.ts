import { Fields, refuse } from './fields.ts';
import type { Fuel } from './regex/fuel.ts';
import { Regex } from './regex/regex.ts';
import { RegexFault } from './regex/scanner.ts';
import type { Span } from './split.ts';

/** What finds the places where a component of tokenizer.json acts. */
export interface Pattern {
  matches(text: string): Span[];
}

/** A pattern {"String": …} or {"Regex": …}. @throws FormatError if it is none, or a regular expression that is not read. */
export function readPattern(
  value: unknown,
  path: string,
  fuel: Fuel,
  { mayBeEmpty }: { readonly mayBeEmpty: boolean },
): Pattern {
  const fields = new Fields(value, path);
  const isRegex = fields.has('Regex');
  const name = isRegex ? 'Regex' : 'String';
  const source = fields.text(name);
  fields.done();
  const pattern = isRegex ? regexAt(source, fields.at(name), fuel) : exactly(source);
  const empty = pattern instanceof Regex ? pattern.matchesEmpty : source === '';
  if (empty && !mayBeEmpty) refuse(fields.at(name), 'match some character', 'it may match the empty text');
  return pattern;
}

/** A regular expression of tokenizer.json. @throws FormatError naming what of it is not read. */
export function regexAt(source: string, path: string, fuel: Fuel): Regex {
  try {
    return new Regex(source, fuel);
  } catch (fault) {
    if (!(fault instanceof RegexFault)) throw fault;
    refuse(path, 'be a regular expression that this package reads', `it has ${fault.message}`);
  }
}

/** Every place where a text stands; the empty one stands before every character and at the end. */
function exactly(sought: string): Pattern {
  return {
    matches(text) {
      const found: Span[] = [];
      if (text === '') return found;
      if (sought === '') {
        for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) found.push([at, at]);
        return [...found, [text.length, text.length]];
      }
      for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length))
        found.push([at, at + sought.length]);
      return found;
    },
  };
}
