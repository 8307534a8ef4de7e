import type { FormatError } from '../core/errors.ts';
import { describeJson } from './json.ts';

const LAYOUTS = ['coordinate', 'array'] as const;
/** `unsigned-integer` is SciPy's. */
const FIELDS = ['real', 'complex', 'integer', 'unsigned-integer', 'pattern'] as const;
const SYMMETRIES = ['general', 'symmetric', 'skew-symmetric', 'hermitian'] as const;

export type MarketField = (typeof FIELDS)[number];
export type MarketSymmetry = (typeof SYMMETRIES)[number];

/** What the first line of a MatrixMarket file says. */
export interface MarketHeader {
  readonly layout: (typeof LAYOUTS)[number];
  readonly field: MarketField;
  readonly symmetry: MarketSymmetry;
}

/**
 * Reads the first line of a MatrixMarket file: `%%MatrixMarket matrix`, a layout, a field and a symmetry, in any case.
 *
 * @param fault makes the error of “the file must …”.
 */
export function marketHeader(line: string, fault: (message: string) => FormatError): MarketHeader {
  const [start = '', object, ...words] = line.split(/\s+/);
  if (!/^%%MatrixMarket$/i.test(start)) {
    const [, marks] = /^(%*)MatrixMarket$/i.exec(start) ?? [];
    const found =
      marks === undefined
        ? 'it does not'
        : `it begins with ${marks === '' ? 'no' : marks.length} % instead of two, so that other readers take the line for ${marks === '%' ? 'a comment' : 'something else'}`;
    throw fault(`begin with “%%MatrixMarket”, but ${found}`);
  }
  if (!/^matrix$/i.test(object ?? '')) throw fault(`hold a matrix, but its header says ${describeJson(object)}`);
  const choose = <T extends string>(what: string, choices: readonly T[], at: number): T => {
    const found = choices.find((choice) => choice === words[at]?.toLowerCase());
    if (found !== undefined) return found;
    throw fault(`have the ${what} ${choices.join(', ')} in its header, but it has ${describeJson(words[at])}`);
  };
  const layout = choose('layout', LAYOUTS, 0);
  const field = choose('field', FIELDS, 1);
  const symmetry = choose('symmetry', SYMMETRIES, 2);
  if (words.length > 3) throw fault(`end its header after the symmetry, but ${describeJson(words[3])} follows`);
  if (layout === 'array' && field === 'pattern')
    throw fault('have the layout coordinate for a pattern, but it has array');
  if (symmetry === 'hermitian' && field !== 'complex') throw fault(`be complex to be hermitian, but it is ${field}`);
  if (symmetry === 'skew-symmetric' && (field === 'pattern' || field === 'unsigned-integer')) {
    throw fault(`have values of both signs to be skew-symmetric, but its field is ${field}`);
  }
  return { layout, field, symmetry };
}
