/** Products by transposes that leave out rows of zeros: functionals of one token have nothing else until attention spreads them. */
import type { RealBlock } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import type { LinearWeights } from '../transformer/weights.ts';
import { rowsOf } from './steps.ts';

/**
 * y = x Wᵀ without bias, row by row, with the bits of the product of all rows: a row of zeros gives one.
 *
 * @param rows of x, `weights.n` wide; y has as many, `weights.k` wide
 */
export function transposedProduct(
  { backend: { memory, kernels } }: Model,
  { weights, k, n }: LinearWeights,
  x: RealBlock,
  y: RealBlock,
  rows: number,
): void {
  const present = presentRows(x, rows, n);
  if (present.length === rows) {
    kernels.linearTransposed({ x, weights, y, rows, k, n });
    return;
  }
  y.view().fill(0);
  if (present.length === 0) return;
  memory.scope(() => {
    const few = (width: number) => memory.allocate(x.kind, present.length * width) as RealBlock;
    const [from, to] = [few(n), few(k)];
    for (const [i, row] of present.entries()) copyRow(x, row, from, i, n);
    kernels.linearTransposed({ x: from, weights, y: to, rows: present.length, k, n });
    for (const [i, row] of present.entries()) copyRow(to, i, y, row, k);
  });
}

/** Rows that are not all zeros, in order. */
function presentRows(x: RealBlock, rows: number, width: number): number[] {
  const view = x.view();
  const present: number[] = [];
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * width;
    let at = row * width;
    while (at < end && view[at] === 0) at++;
    if (at < end) present.push(row);
  }
  return present;
}

function copyRow(from: RealBlock, row: number, to: RealBlock, target: number, width: number): void {
  rowsOf(to, target, 1, width)
    .view()
    .set(rowsOf(from, row, 1, width).view());
}
