import { PANEL, type PackedWeights, packedShape, scratchLength, type WeightFormat } from '../../contract/weights.ts';
import type { RealBlock } from '../../memory.ts';
import { byRange, type CallOf, type Cuts } from './cut.ts';
import { elementwise } from './elementwise.ts';
import { rowsOf } from './rows.ts';
import type { Space } from './space.ts';

/** Operations of one element of a transcendental function. */
const OPERATIONS = 20;

/** The forward pass and its adjoints. */
export const NETWORK_CUTS: Cuts = {
  linear: byRange('linear', {
    work: ({ rows, k, n }) => rows * k * n,
    units: ({ n }) => Math.ceil(n / PANEL),
    // Literals and no spreads, which cost tens of microseconds: decoding cuts a hundred small products a token.
    part: ({ x, weights, bias, y, rows, k, n, stride = n }, from, to, space) => {
      const start = from * PANEL;
      const columns = Math.min(to * PANEL, n) - start;
      return {
        x,
        weights: panelsOf(weights, k, from, to, space),
        bias: bias === null ? null : bias.part(start, columns),
        y: y.part(start, (rows - 1) * stride + columns) as RealBlock,
        rows,
        k,
        n: columns,
        stride,
      };
    },
  }),
  linearTransposed: byRange('linearTransposed', {
    work: ({ rows, k, n }) => rows * k * n,
    units: ({ rows }) => Math.ceil(rows / 8),
    part: (call, from, to, space) => {
      const [first, end] = [from * 8, Math.min(to * 8, call.rows)];
      return {
        ...call,
        x: rowsOf(call.x, first, end, call.n),
        y: rowsOf(call.y, first, end, call.k),
        weights: panelsOf(call.weights, call.k, 0, Math.ceil(call.n / PANEL), space),
        rows: end - first,
      };
    },
  }),
  attend: byRange('attend', {
    work: ({ T, first, H, K }) => T * (first + T) * H * (K + 8),
    units: ({ H }) => H,
    part: (call, from, to, space) => ({
      ...call,
      scratch: space.like(call.scratch, 2 * call.capacity),
      heads: [from, to],
    }),
  }),
  attendFrozen: byRange('attendFrozen', {
    work: ({ states, T, H, K }) => states * T * T * H * K,
    units: ({ states, H }) => (states > 1 ? states : H),
    part: (call, from, to) => {
      const { states, T, H, G, K } = call;
      if (states === 1) return { ...call, heads: [from, to] };
      return {
        ...call,
        values: rowsOf(call.values, from, to, T * G * K),
        z: rowsOf(call.z, from, to, T * H * K),
        states: to - from,
      };
    },
  }),
  attendFrozenAdjoint: byRange('attendFrozenAdjoint', {
    work: ({ states, T, H, K }) => states * T * T * H * K,
    units: ({ states }) => states,
    part: (call, from, to) => {
      const { T, H, G, K } = call;
      return {
        ...call,
        z: rowsOf(call.z, from, to, T * H * K),
        v: rowsOf(call.v, from, to, T * G * K),
        states: to - from,
      };
    },
  }),
  attendTangent: byRange('attendTangent', {
    work: ({ states, T, H, K }) => 4 * states * T * T * H * K,
    units: ({ states }) => states,
    part: (call, from, to, space) => ({ ...call, ...derivatives(call, from, to, space) }),
  }),
  attendCotangent: byRange('attendCotangent', {
    work: ({ states, T, H, K }) => 4 * states * T * T * H * K,
    units: ({ states }) => states,
    part: (call, from, to, space) => ({ ...call, ...derivatives(call, from, to, space) }),
  }),
  gate: elementwise('gate', OPERATIONS, ['z', 'r']),
  activationSlope: elementwise('activationSlope', OPERATIONS, ['z', 'r']),
  softCap: elementwise('softCap', OPERATIONS, ['x', 'y']),
};

/** What belongs to states `from` to before `to` of a derivative of attention, or of its transpose. */
function derivatives(
  { T, H, G, K, dq, dk, dv, dz, scratch }: CallOf<'attendTangent'> | CallOf<'attendCotangent'>,
  from: number,
  to: number,
  space: Space,
) {
  const [queries, keys] = [T * H * K, T * G * K];
  return {
    dq: rowsOf(dq, from, to, queries),
    dk: rowsOf(dk, from, to, keys),
    dv: rowsOf(dv, from, to, keys),
    dz: rowsOf(dz, from, to, queries),
    scratch: space.like(scratch, T),
    states: to - from,
  };
}

/** Panels `from` to before `to` of a matrix of k rows. */
function panelsOf(
  { block, format, scratch }: PackedWeights,
  k: number,
  from: number,
  to: number,
  space: Space,
): PackedWeights {
  const { length } = packedShape(format, k, PANEL);
  return { block: rowsOf(block, from, to, length), format, scratch: ownScratch(scratch, format, k, space) };
}

/** A scratch block of the part's own, where the format needs one. */
function ownScratch(
  scratch: PackedWeights['scratch'],
  format: WeightFormat,
  k: number,
  space: Space,
): PackedWeights['scratch'] {
  return scratch === null ? null : space.like(scratch, scratchLength(format, k));
}
