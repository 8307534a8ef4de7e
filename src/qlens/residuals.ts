import type { Backend } from '../backend/backend.ts';
import type { Block } from '../backend/memory.ts';
import { applyLowRank, spectralCoefficients, transposed } from './low-rank.ts';
import type { OperatorForm } from './operator-form.ts';
import type { Residuals } from './result.ts';

/** Fractional part of the golden ratio: its multiples modulo 1 spread evenly and follow no basis vector. */
const GOLDEN = 0.6180339887498949;

/** Work space of {@link residualsOf}: three vectors of V elements, one of them the fixed probe. */
export interface ResidualWork {
  readonly probe: Block<'f64'>;
  readonly first: Block<'f64'>;
  readonly second: Block<'f64'>;
}

export function residualWork(backend: Backend, V: number): ResidualWork {
  const [probe, first, second] = [0, 1, 2].map(() => backend.memory.allocate('f64', V)) as [
    Block<'f64'>,
    Block<'f64'>,
    Block<'f64'>,
  ];
  const values = probe.view();
  for (let i = 0; i < V; i++) values[i] = (((i + 1) * GOLDEN) % 1) - 0.5;
  return { probe, first, second };
}

/** Measures an operator on the vectors it was made for, and its unitarity on probes; leaves ψ_out − ψ_in in `first`. `basis` holds its basis vectors. */
export function residualsOf(
  backend: Backend,
  form: OperatorForm,
  basis: Block<'f64'>,
  psiIn: Block<'f64'>,
  psiOut: Block<'f64'>,
  { probe, first, second }: ResidualWork,
): Residuals {
  const adjoint = transposed(form.coefficients, form.rank);
  const unitarityOn = (x: Block<'f64'>): number => {
    applyLowRank(backend, basis, form.coefficients, 1, x, second);
    applyLowRank(backend, basis, adjoint, 1, second, second);
    const norm = norm2(x.view());
    return norm === 0 ? 0 : distance2(second.view(), x.view()) / norm;
  };
  const difference = first.view();
  const [before, after] = [psiIn.view(), psiOut.view()];
  for (let i = 0; i < difference.length; i++) difference[i] = after[i]! - before[i]!;
  const unitarity = Math.max(unitarityOn(psiIn), unitarityOn(first), unitarityOn(probe));

  const { re } = spectralCoefficients(form.levels, form.rank, (level) => level.updateFactor);
  applyLowRank(backend, basis, re, 0, psiIn, second);
  const theorem1 = distance2(second.view(), first.view());

  applyLowRank(backend, basis, form.coefficients, 1, psiIn, second);
  return { mapping: distance2(second.view(), psiOut.view()), unitarity, theorem1 };
}

function norm2(x: Float64Array): number {
  let square = 0;
  for (let i = 0; i < x.length; i++) square += x[i]! * x[i]!;
  return Math.sqrt(square);
}

function distance2(x: Float64Array, y: Float64Array): number {
  let square = 0;
  for (let i = 0; i < x.length; i++) square += (x[i]! - y[i]!) * (x[i]! - y[i]!);
  return Math.sqrt(square);
}
