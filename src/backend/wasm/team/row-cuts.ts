import { byRange, type CallOf, type Cut, type Cuts } from './cut.ts';
import { elementwise, STEP } from './elementwise.ts';
import { rowsOf } from './rows.ts';

/** Operations that go with an element of a norm, and with one that is read and written alone. */
const [NORM, MOVE] = [4, 2];
/** The cut of a norm by the rows of x, y and scale. */
function norm<Name extends 'layerNorm' | 'rmsNorm'>(name: Name): Cut<CallOf<Name>> {
  return byRange(name, {
    work: ({ rows, D }) => NORM * rows * D,
    units: ({ rows }) => rows,
    part: (call, from, to) => ({
      ...call,
      x: rowsOf(call.x, from, to, call.D),
      y: rowsOf(call.y, from, to, call.D),
      scale: rowsOf(call.scale, from, to, 1),
      rows: to - from,
    }),
  });
}

/** Rows of one prompt, several prompts or states of it, as norms with frozen scales see them: a part has whole prompts, or rows of the only one. */
function frozenNorm<Name extends 'frozenNorm' | 'frozenNormAdjoint'>(name: Name): Cut<CallOf<Name>> {
  return byRange(name, {
    work: ({ rows, D }) => NORM * rows * D,
    units: ({ rows, T }) => (rows === T ? T : rows / T),
    part: (call, from, to) => {
      const { D, T, rows, scale } = call;
      const [first, end] = rows === T ? [from, to] : [from * T, to * T];
      return {
        ...call,
        x: rowsOf(call.x, first, end, D),
        y: rowsOf(call.y, first, end, D),
        scale: rows === T ? rowsOf(scale, from, to, 1) : scale,
        rows: end - first,
        T: rows === T ? end - first : T,
      };
    },
  });
}

/** Norms, sums, products and rotations, row by row. */
export const ROW_CUTS: Cuts = {
  layerNorm: norm('layerNorm'),
  rmsNorm: norm('rmsNorm'),
  frozenNorm: frozenNorm('frozenNorm'),
  frozenNormAdjoint: frozenNorm('frozenNormAdjoint'),
  add: elementwise('add', MOVE, ['x', 'y']),
  multiply: byRange('multiply', {
    work: ({ n }) => MOVE * n,
    units: ({ n, period }) => (n === period ? Math.ceil(n / STEP) : n % period === 0 ? n / period : 1),
    part: ({ x, r, y, n, period }, from, to) => {
      const unit = n === period ? STEP : period;
      const [start, end] = [from * unit, Math.min(to * unit, n)];
      return {
        x: rowsOf(x, start, end, 1),
        r: n === period ? rowsOf(r, start, end, 1) : r,
        y: rowsOf(y, start, end, 1),
        n: end - start,
        period: n === period ? end - start : period,
      };
    },
  }),
  ropeRotate: byRange('ropeRotate', {
    work: ({ rows, heads, R }) => NORM * rows * heads * R,
    units: ({ rows }) => rows,
    part: (call, from, to) => ({
      ...call,
      x: rowsOf(call.x, from, to, call.heads * call.K),
      cosTable: rowsOf(call.cosTable, from, to, call.R / 2),
      sinTable: rowsOf(call.sinTable, from, to, call.R / 2),
      rows: to - from,
    }),
  }),
};
