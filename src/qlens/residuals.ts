import type { Backend } from '../backend/backend.ts';
import { STEP_RESIDUALS } from '../backend/contract/state.ts';
import type { Block } from '../backend/memory.ts';
import { spectralCoefficients } from './low-rank.ts';
import type { OperatorForm } from './operator-form.ts';
import type { Residuals } from './result.ts';

/** Fractional part of the golden ratio: its multiples modulo 1 spread evenly and follow no basis vector. */
const GOLDEN = 0.6180339887498949;

/** A vector with no structure, for the unitarity of any operator. */
export function probeVector(backend: Backend, V: number): Block<'f64'> {
  const probe = backend.memory.allocate('f64', V);
  const values = probe.view();
  for (let i = 0; i < V; i++) {
    const multiple = (i + 1) * GOLDEN;
    values[i] = multiple - Math.floor(multiple) - 0.5;
  }
  return probe;
}

/** The two states of a step, the pair of {@link measureTransition}, a probe, and room for ψ_out − ψ_in; V elements each, the pair 2·V. */
export interface StepBlocks {
  readonly psiIn: Block<'f64'>;
  readonly psiOut: Block<'f64'>;
  readonly basis: Block<'f64'>;
  readonly probe: Block<'f64'>;
  readonly change: Block<'f64'>;
}

/** Measures an operator on the vectors it was made for, and its unitarity on probes; leaves ψ_out − ψ_in in `change`. */
export function residualsOf(backend: Backend, form: OperatorForm, blocks: StepBlocks): Residuals {
  const { psiIn, psiOut, basis, probe, change } = blocks;
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const { re } = spectralCoefficients(form.levels, form.rank, (level) => level.updateFactor);
    const [coefficients, update] = [form.coefficients, re].map((matrix) => {
      const block = memory.allocate('f64', 4);
      block.view().set(matrix);
      return block;
    }) as [Block<'f64'>, Block<'f64'>];
    const residuals = memory.allocate('f64', STEP_RESIDUALS.length);
    kernels.stepResiduals({ psiIn, psiOut, probe, basis, coefficients, update, change, residuals, V: psiIn.length });
    const values = residuals.view();
    return {
      mapping: values[STEP_RESIDUALS.mapping]!,
      unitarity: values[STEP_RESIDUALS.unitarity]!,
      theorem1: values[STEP_RESIDUALS.theorem1]!,
    };
  });
}
