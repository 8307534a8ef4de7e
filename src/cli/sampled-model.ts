import { analyses, fock, type transformer } from '../index.ts';
import { type ChenOptions, described } from './chen-ways.ts';
import type { Invocation } from './invocation.ts';
import { openPrompted } from './open.ts';

/** A model to sample, and what its results say of it. */
export interface SampledModel {
  readonly chen: fock.ChenModel;
  readonly computing: analyses.Computing;
  readonly precision: analyses.Provenance['precision'];
  /** What of its weights stays in files; null where nothing does. */
  readonly streamed: transformer.Model['streamed'];
  /** Where the law is from. */
  readonly source: object;
  /** Trajectories sampled and written together. */
  readonly chunk: number;
  release(): void;
}

/** A description's laws take microseconds. */
const DESCRIBED_CHUNK = 1024;
/** As many histories as go through one pass of a checkpoint. */
const CHECKPOINT_CHUNK = 32;

export function sampledModel(invocation: Invocation, options: ChenOptions): Promise<SampledModel> {
  return options.path === undefined ? ofCheckpoint(invocation, options) : ofDescription(options);
}

async function ofDescription(options: ChenOptions): Promise<SampledModel> {
  const { description, model } = await described(options);
  return {
    chen: model,
    computing: analyses.WITHOUT_BACKEND,
    precision: 'f64',
    streamed: null,
    source: { description },
    chunk: DESCRIBED_CHUNK,
    release: () => {},
  };
}

async function ofCheckpoint(invocation: Invocation, options: ChenOptions): Promise<SampledModel> {
  const { model, prompt } = await openPrompted(options, invocation.progress);
  const { chen, release } = analyses.chenModelOf(model, prompt, options);
  const { label, fingerprint } = model;
  return {
    chen,
    computing: model.backend,
    precision: options.precision,
    streamed: model.streamed,
    source: { checkpoint: { label, fingerprint }, prompt, parameters: chen.parameters },
    chunk: CHECKPOINT_CHUNK,
    release,
  };
}

/** Everything that determines the trajectories but their number: runs with equal headers write equal trajectories. */
export function headerOf({ chen, computing, precision, source }: SampledModel, seed: string): object {
  const { package: name, version, schema, backend } = analyses.provenanceOf(computing, precision, []);
  return {
    kind: 'chen-trajectories',
    provenance: { package: name, version, schema, backend, precision },
    ...source,
    ...fock.frameOfModel(chen),
    seed,
  };
}
