import { KL_MEASURES, LENS_SCORES } from '../../contract/lens.ts';
import type { Block } from '../../memory.ts';
import { byRange, type CallOf, type Cut, type Cuts } from './cut.ts';
import { elementwise } from './elementwise.ts';
import { rowsOf } from './rows.ts';

/** Operations of one unit of a law: an exponential and what goes with it. */
const OPERATIONS = 16;
/** The cut of a kernel that compares the law of each row of logits with another, and writes `length` numbers of each into `results`. */
function rowByRow<Name extends 'lensScores' | 'klBackward'>(
  name: Name,
  results: keyof CallOf<Name>,
  length: number,
): Cut<CallOf<Name>> {
  return byRange(name, {
    work: ({ rows, V }) => OPERATIONS * rows * V,
    units: ({ rows }) => rows,
    part: (call, from, to) => ({
      ...call,
      logits: rowsOf(call.logits, from, to, call.V),
      p: rowsOf(call.p, from, to, call.V),
      logP: rowsOf(call.logP, from, to, call.V),
      [results]: rowsOf(call[results] as Block, from, to, length),
      rows: to - from,
    }),
  });
}

/** Lenses, row by row, and the steps of their parameters. */
export const LENS_CUTS: Cuts = {
  lensScores: rowByRow('lensScores', 'scores', LENS_SCORES.length),
  klBackward: rowByRow('klBackward', 'measures', KL_MEASURES.length),
  adamStep: elementwise('adamStep', OPERATIONS, ['x', 'm', 'v', 'g']),
};
