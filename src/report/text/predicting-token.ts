import type { DysonResult } from '../../dyson/dyson-result.ts';

/** Which token's state a result is of, in words: the last token, the first token, token 5. */
export function predictingToken({ row, ids }: Pick<DysonResult, 'row' | 'ids'>): string {
  if (row === ids.length - 1) return 'the last token';
  return row === 0 ? 'the first token' : `token ${row}`;
}

/** The same without its article. */
export function tokenLabelOf(result: Pick<DysonResult, 'row' | 'ids'>): string {
  return predictingToken(result).replace(/^the /, '');
}
