import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { BlockLaw } from '../block-law.ts';
import type { ChenModel } from '../chen-model.ts';
import { frameOfModel, type Label, labelOf } from '../labelled.ts';
import { lawOfStep, type NextTokenLaw } from '../next-token-law.ts';
import { applyChannel } from './apply-channel.ts';
import { type CertifyStepOptions, certifyStep } from './certify-step.ts';
import type { CoherentResult, QuantumBlock, QuantumResult, QuantumWitness } from './quantum-result.ts';
import { cutInformation } from './schmidt.ts';
import { FactoredState } from './states.ts';
import { StringBasis } from './string-basis.ts';
import { type StepKind, stepChannel } from './string-channel.ts';
import { extensionWitness } from './witness.ts';

/** Options of `runQuantum`. */
export interface RunQuantumOptions {
  /** Channels are certified on all texts of up to this many tokens; default as many as 16 strings allow, at least 1. */
  readonly sectors?: number | undefined;
  /** Called while the channels are certified, with the images of matrix units done; the coherent state is the last part. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Strings on which a channel is certified by default. */
const STRINGS = 16;
/** A coherent state of more strings is refused. */
const MOST_AMPLITUDES = 4096;
/** Nor of longer strings: every cut costs as much as all their tokens. */
const LONGEST_STRING = 1024;

/**
 * What a model of Chen's kind is off the diagonal: certificates of the extensions of every block's step, inputs on which they differ,
 * and the entanglement that the coherent step makes of the text.
 *
 * @throws as {@link certifyStep}: CapacityError where the sectors are too large; DomainError for a bad `sectors`.
 * @accuracy as {@link certifyStep} and {@link cutInformation}
 * @example
 * const { blocks, coherent } = runQuantum(backend, modelOfDescription(JSON.parse(text)), { sectors: 2 });
 */
export function runQuantum(backend: Backend, model: ChenModel, options: RunQuantumOptions = {}): QuantumResult {
  const { laws, start, vacuumToken } = model;
  const { sectors = defaultSectors(start.V), onProgress } = options;
  checkInteger('runQuantum', 'sectors', sectors, 1);
  const basis = StringBasis.sectors(start.V, 0, sectors);
  const label = labelOf(model);
  const total = laws.reduce((sum, law) => sum + (extensionsOf(law).length + 1) * basis.size ** 2, 1);
  let done = 0;
  const onImage = () => onProgress?.(++done, total);
  const blocks = laws.map(
    (law, i): QuantumBlock => ({
      block: i + 1,
      ...blockOf(backend, law, basis, { vacuumToken, onImage }, label),
    }),
  );
  const coherent = coherentOf(backend, model);
  onProgress?.(total, total);
  return {
    kind: 'chen-quantum',
    ...frameOfModel(model),
    parameters: { ...model.parameters, sectors },
    strings: basis.size,
    blocks,
    ...(typeof coherent === 'string'
      ? { coherent: null, coherentRefused: coherent }
      : { coherent, coherentRefused: null }),
  };
}

function defaultSectors(V: number): number {
  let sectors = 1;
  for (let count = 1 + V, power = V; count + power * V <= STRINGS; sectors++) count += power *= V;
  return sectors;
}

function extensionsOf(law: NextTokenLaw): StepKind[] {
  return law instanceof BlockLaw ? ['history', 'outcome', 'position'] : ['history', 'outcome'];
}

function blockOf(
  backend: Backend,
  law: NextTokenLaw,
  basis: StringBasis,
  { vacuumToken, onImage }: CertifyStepOptions,
  label: Label,
): Omit<QuantumBlock, 'block'> {
  const extensions = extensionsOf(law);
  const steps = [...extensions, 'coherent' as const].map((kind) => ({
    step: kind,
    ...certifyStep(backend, kind, law, basis, { vacuumToken, onImage }),
  }));
  const channels = extensions.map((kind) => ({ kind, channel: stepChannel(kind, law, { vacuumToken }) }));
  const witnesses = channels.flatMap((one, i) =>
    channels.slice(i + 1).map((other): QuantumWitness => {
      const { strings, distance } = extensionWitness(backend, one.channel, other.channel, basis);
      const labels = strings.map((string) => Array.from(string, label));
      return { steps: [one.kind, other.kind], strings: [labels[0]!, labels[1]!], distance };
    }),
  );
  return { certificates: steps, witnesses };
}

/** The coherent state, or why it is refused. */
function coherentOf(backend: Backend, { laws, start, steps, vacuumToken }: ChenModel): CoherentResult | string {
  if (start.count > 1) return `the model must start from one text, but it starts from a mixture of ${start.count}.`;
  const longest = start.longest + steps;
  if (longest > LONGEST_STRING)
    return `a string must have at most ${LONGEST_STRING} tokens, but the last has ${longest}. Take fewer steps.`;
  let state = FactoredState.pure(start.V, [{ text: start.string(0), amplitude: 1 }]);
  for (let step = 1; step <= steps; step++) {
    // One Kraus operator leaves one column: the state stays pure.
    state = applyChannel(stepChannel('coherent', lawOfStep(laws, step), { vacuumToken }), state) as FactoredState;
    const strings = state.basis.size;
    if (strings > MOST_AMPLITUDES)
      return `the state must have at most ${MOST_AMPLITUDES} strings, but it has ${strings} after step ${step}. Take fewer steps.`;
  }
  const n = start.longest;
  const cuts = Array.from({ length: Math.max(0, steps - 1) }, (_, i) => {
    const positions = Array.from({ length: n + i + 1 }, (_, position) => position);
    const { schmidt, entanglement, classical } = cutInformation(backend, state, positions);
    return { after: i + 1, schmidt: [...schmidt].filter((s) => s > 0), entanglement, classical };
  });
  return { strings: state.basis.size, cuts };
}
