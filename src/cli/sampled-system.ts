import { fock, report } from '../index.ts';
import { type ChenOptions, described } from './chen-ways.ts';
import type { Invocation } from './invocation.ts';
import { openFrom, promptFrom } from './open.ts';

/** A system to sample, and what its results say of it. */
export interface SampledSystem {
  readonly system: fock.ChenModel;
  readonly backend: report.Provenance['backend'];
  readonly precision: report.Provenance['precision'];
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

export function sampledSystem(invocation: Invocation, options: ChenOptions): Promise<SampledSystem> {
  return options.path === undefined ? ofCheckpoint(invocation, options) : ofDescription(options);
}

async function ofDescription(options: ChenOptions): Promise<SampledSystem> {
  const { description, model } = await described(options);
  return {
    system: model,
    backend: 'ts',
    precision: 'f64',
    source: { description },
    chunk: DESCRIBED_CHUNK,
    release: () => {},
  };
}

async function ofCheckpoint(invocation: Invocation, options: ChenOptions): Promise<SampledSystem> {
  const model = await openFrom(options, invocation.progress);
  const prompt = await promptFrom(model, options);
  const { system, release } = report.chenSystem(model, prompt, options);
  const { label, fingerprint } = model;
  return {
    system,
    backend: model.backend.kind,
    precision: options.precision,
    source: { checkpoint: { label, fingerprint }, prompt, parameters: system.parameters },
    chunk: CHECKPOINT_CHUNK,
    release,
  };
}

/** Everything that determines the trajectories but their number: runs with equal headers write equal trajectories. */
export function headerOf({ system, backend, precision, source }: SampledSystem, seed: string): object {
  const { package: name, version, schema } = report.provenanceOf(backend, precision, []);
  return {
    kind: 'chen-trajectories',
    provenance: { package: name, version, schema, backend, precision },
    ...source,
    ...fock.frameOfModel(system),
    seed,
  };
}
