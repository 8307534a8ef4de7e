import { KL_MEASURES, LENS_SCORES } from '../../contract/lens.ts';
import { byRange, type Cuts } from './cut.ts';
import { rowsOf } from './rows.ts';

/** Operations of one unit of a law: an exponential and what goes with it. */
const OPERATIONS = 16;
/** A multiple of which a part's parameters are. */
const STEP = 64;

/** Lenses, row by row. */
export const LENS_CUTS: Cuts = {
  lensScores: byRange('lensScores', {
    work: ({ rows, V }) => OPERATIONS * rows * V,
    units: ({ rows }) => rows,
    part: (call, from, to) => ({
      ...call,
      logits: rowsOf(call.logits, from, to, call.V),
      p: rowsOf(call.p, from, to, call.V),
      logP: rowsOf(call.logP, from, to, call.V),
      scores: rowsOf(call.scores, from, to, LENS_SCORES.length),
      rows: to - from,
    }),
  }),
  klBackward: byRange('klBackward', {
    work: ({ rows, V }) => OPERATIONS * rows * V,
    units: ({ rows }) => rows,
    part: (call, from, to) => ({
      ...call,
      logits: rowsOf(call.logits, from, to, call.V),
      p: rowsOf(call.p, from, to, call.V),
      logP: rowsOf(call.logP, from, to, call.V),
      measures: rowsOf(call.measures, from, to, KL_MEASURES.length),
      rows: to - from,
    }),
  }),
  adamStep: byRange('adamStep', {
    work: ({ n }) => OPERATIONS * n,
    units: ({ n }) => Math.ceil(n / STEP),
    part: (call, from, to) => {
      const [start, n] = [from * STEP, Math.min(to * STEP, call.n) - from * STEP];
      const { x, m, v, g } = call;
      return {
        ...call,
        x: rowsOf(x, start, start + n, 1),
        m: rowsOf(m, start, start + n, 1),
        v: rowsOf(v, start, start + n, 1),
        g: rowsOf(g, start, start + n, 1),
        n,
      };
    },
  }),
};
