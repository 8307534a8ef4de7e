import { CapacityError } from '../../core/errors.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { checkDense } from './complex.ts';
import { checkBasis, checkSameTokens, type StringBasis, StringCollector } from './string-basis.ts';
import { checkStringChannel, type StringChannel } from './string-channel.ts';

/** Element re + i·im of a Kraus operator. */
export interface KrausElement {
  /** Index of the string reached, in `output`. */
  readonly row: number;
  /** Index of the string it comes from, in `input`. */
  readonly column: number;
  /** Real part. */
  readonly re: number;
  /** Imaginary part. */
  readonly im: number;
}

/** One Kraus operator restricted to some strings, as its elements that are not 0. */
export interface KrausTable {
  /** Name of the environment's state e of K_e = ⟨e|W. */
  readonly environment: string;
  /** The elements that are not 0. */
  readonly elements: readonly KrausElement[];
}

/** The Kraus operators of a channel on some strings: sparse, over the strings they reach. */
export interface KrausTables {
  /** The strings that the channel acts on. */
  readonly input: StringBasis;
  /** The strings reached, in the order in which they are. */
  readonly output: StringBasis;
  /** One table for each state of the environment. */
  readonly tables: readonly KrausTable[];
}

/** Largest number of elements that are stored. */
const MOST_ELEMENTS = 1 << 22;
const BYTES_PER_ELEMENT = 64;

/**
 * The Kraus operators of a channel on the strings of a basis.
 *
 * @param mostOutputs the number of strings that may be reached, for what will make dense matrices of them.
 * @throws ShapeError unless basis and channel have the same tokens; CapacityError for more than 2²² elements, or more strings reached.
 * @cost one dilation for each string.
 */
export function krausTables(channel: StringChannel, input: StringBasis, mostOutputs = Infinity): KrausTables {
  checkStringChannel('krausTables', 'channel', channel);
  checkBasis('krausTables', 'input', input);
  checkSameTokens('krausTables', input.V, channel.V);
  const collector = new StringCollector();
  const byEnvironment = new Map<string, KrausElement[]>();
  let count = 0;
  for (const [column, string] of input.strings.entries()) {
    for (const { string: image, re, im, environment } of channel.dilate(string)) {
      if (++count > MOST_ELEMENTS) {
        throw new CapacityError(
          `krausTables: the Kraus operators must have at most ${MOST_ELEMENTS} elements, but they have more. Use fewer strings.`,
          2 * MOST_ELEMENTS * BYTES_PER_ELEMENT,
        );
      }
      const element = { row: collector.placeOf(image), column, re, im };
      if (element.row >= mostOutputs) {
        throw new CapacityError(
          `krausTables: the channel must reach at most ${mostOutputs} strings, but from ${input.size} strings over ${input.V} tokens it reaches more. Use fewer sectors or fewer tokens.`,
        );
      }
      const known = byEnvironment.get(environment);
      if (known === undefined) byEnvironment.set(environment, [element]);
      else known.push(element);
    }
  }
  const tables = Array.from(byEnvironment, ([environment, elements]) => ({ environment, elements }));
  return { input, output: collector.basis(input.V), tables };
}

/** The Kraus operators as dense matrices, output × input. @throws CapacityError if together they need more than 256 MiB. */
export function denseKraus({ input, output, tables }: KrausTables): ComplexMatrix[] {
  checkDense('denseKraus', 'the Kraus operators', output.size * tables.length, input.size);
  return tables.map(({ elements }) => {
    const matrix = new ComplexMatrix(output.size, input.size);
    for (const { row, column, re, im } of elements) matrix.data.set([re, im], 2 * (row * input.size + column));
    return matrix;
  });
}

/** K a */
export function applyTable({ elements }: KrausTable, rows: number, a: ComplexMatrix): ComplexMatrix {
  const { columns } = a;
  const b = new ComplexMatrix(rows, columns);
  for (const { row, column, re, im } of elements) {
    for (let c = 0; c < columns; c++) {
      const [to, from] = [2 * (row * columns + c), 2 * (column * columns + c)];
      const [x, y] = [a.data[from]!, a.data[from + 1]!];
      b.data[to]! += re * x - im * y;
      b.data[to + 1]! += re * y + im * x;
    }
  }
  return b;
}

/** b += K a K† for any square matrix a, Hermitian or not. */
export function addConjugated({ elements }: KrausTable, a: ComplexMatrix, b: ComplexMatrix): void {
  for (const left of elements) {
    for (const right of elements) {
      const from = 2 * (left.column * a.columns + right.column);
      const [x, y] = [a.data[from]!, a.data[from + 1]!];
      if (x === 0 && y === 0) continue;
      const re = left.re * right.re + left.im * right.im;
      const im = left.im * right.re - left.re * right.im;
      const to = 2 * (left.row * b.columns + right.row);
      b.data[to]! += re * x - im * y;
      b.data[to + 1]! += re * y + im * x;
    }
  }
}
