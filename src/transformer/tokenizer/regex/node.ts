import type { CodeSet } from './code-set.ts';

export type Anchor =
  | 'text-start'
  | 'text-end'
  | 'last-line-end'
  | 'line-start'
  | 'line-end'
  | 'word-edge'
  | 'no-word-edge';

/** A regular expression, parsed. */
export type Node =
  | { readonly kind: 'set'; readonly set: CodeSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly body: Node;
      readonly least: number;
      readonly most: number;
      readonly mode: 'greedy' | 'lazy' | 'possessive';
    }
  | { readonly kind: 'look'; readonly body: Node; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'atomic'; readonly body: Node }
  | { readonly kind: 'anchor'; readonly anchor: Anchor };

/** Fewest and most characters that a match of a node has. */
export function widthOf(node: Node): readonly [number, number] {
  switch (node.kind) {
    case 'set':
      return [1, 1];
    case 'sequence': {
      const widths = node.parts.map(widthOf);
      return [sum(widths.map(([least]) => least)), sum(widths.map(([, most]) => most))];
    }
    case 'choice': {
      const widths = node.branches.map(widthOf);
      return [Math.min(...widths.map(([least]) => least)), Math.max(...widths.map(([, most]) => most))];
    }
    case 'repeat': {
      const [least, most] = widthOf(node.body);
      return [least * node.least, most === 0 ? 0 : most * node.most];
    }
    case 'atomic':
      return widthOf(node.body);
    case 'look':
    case 'anchor':
      return [0, 0];
  }
}

/** Whether a node is within another. */
export function holds(node: Node, sought: Node): boolean {
  if (node === sought) return true;
  if (node.kind === 'sequence') return node.parts.some((part) => holds(part, sought));
  if (node.kind === 'choice') return node.branches.some((branch) => holds(branch, sought));
  return 'body' in node && holds(node.body, sought);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
