import { ShapeError } from '../core/errors.ts';
import { checkNamedArrays, type NamedArray } from './named-array.ts';

/**
 * A matrix as a MatrixMarket file: every element in the `array` layout, or those that are not zero in the `coordinate` layout.
 * Numbers are written with as many digits as tell them apart, so that reading gives the same bits (of −0, only `array` keeps the sign).
 *
 * @throws ShapeError unless the array has two axes and fits its shape.
 * @source R. F. Boisvert, R. Pozo, K. A. Remington, The Matrix Market Exchange Formats, NISTIR 5935 (1996)
 */
export function matrixMarketBytes(
  array: NamedArray,
  { layout = 'array' }: { readonly layout?: 'array' | 'coordinate' } = {},
): Uint8Array {
  checkNamedArrays('matrixMarketBytes', [array]);
  const { name, shape, data, complex = false } = array;
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined || shape.length !== 2) {
    throw new ShapeError(`matrixMarketBytes: ${name} must have two axes, but its shape is [${shape.join(', ')}].`);
  }
  const floats = data instanceof Float32Array || data instanceof Float64Array;
  const field = complex ? 'complex' : floats ? 'real' : 'integer';
  const lines: string[] = [];
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) {
      const at = i * columns + j;
      const parts = complex ? [data[2 * at]!, data[2 * at + 1]!] : [data[at]!];
      if (layout === 'array') lines.push(parts.map(numberText).join(' '));
      else if (parts.some((part) => Number(part) !== 0)) {
        lines.push(`${i + 1} ${j + 1} ${parts.map(numberText).join(' ')}`);
      }
    }
  }
  const sizes = layout === 'array' ? `${rows} ${columns}` : `${rows} ${columns} ${lines.length}`;
  const head = `%%MatrixMarket matrix ${layout} ${field} general\n${sizes}\n`;
  return new TextEncoder().encode(lines.length === 0 ? head : `${head}${lines.join('\n')}\n`);
}

function numberText(value: number | bigint): string {
  if (Object.is(value, -0)) return '-0';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return Number.isNaN(value) ? 'nan' : String(value);
}
