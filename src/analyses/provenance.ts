import type { Backend, BackendKind } from '../backend/backend.ts';
import type { Precision } from '../backend/memory.ts';
import type { Threads } from '../backend/threads.ts';
import { SCHEMA, VERSION } from '../core/version.ts';
import type { Model, StreamedWeights } from '../transformer/model.ts';

/** What made a result, and when. */
export interface Origin {
  /** The program that made it. */
  readonly package: 'transformer-mechanics';
  /** Version of the package. */
  readonly version: string;
  /** Version of the result's fields, {@link SCHEMA}. */
  readonly schema: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Arguments after `tmech`; empty for a call of the API. */
  readonly command: readonly string[];
}

/** How a result was made. */
export interface Provenance extends Origin {
  /** Which implementation ran. */
  readonly backend: BackendKind;
  /** Threads that large products ran on. The numbers do not depend on it. */
  readonly threads: Threads;
  /** Of the numbers. */
  readonly precision: Precision;
  /** What was read from files again and again, for want of memory; absent where all weights were in memory. */
  readonly streamed?: StreamedWeights;
}

/** The checkpoint a result belongs to. */
export interface CheckpointSummary {
  /** Name of the folder. */
  readonly label: string;
  /** Family of the model, such as `gpt2`. */
  readonly family: string;
  /** Numbers in the tensors that the model uses; a tied unembedding counts once. */
  readonly parameterCount: number;
  /** V, D, L, H, G, K, F, maxPositions. */
  readonly sizes: Readonly<Record<string, number>>;
  /** SHA-256 of each file, as `sha256sum` prints it. */
  readonly fingerprint: Readonly<Record<string, string>>;
  /** Fields and tensors that the reader did not understand and did not use. */
  readonly warnings: readonly string[];
}

/** What makes a result: this version, now. */
export function originOf(command: readonly string[]): Origin {
  return {
    package: 'transformer-mechanics',
    version: VERSION,
    schema: SCHEMA,
    createdAt: new Date().toISOString(),
    command,
  };
}

/** What computes: a backend. */
export type Computing = Pick<Backend, 'kind' | 'threads'>;

/** What computes where no backend is needed. */
export const WITHOUT_BACKEND: Computing = { kind: 'ts', threads: { count: 1, why: 'computed in TypeScript' } };

/** How a result was made: {@link originOf}, with what computed it, and what it has read of weights in files until now. */
export function provenanceOf(
  { kind, threads }: Computing,
  precision: Precision,
  command: readonly string[],
  streamed: StreamedWeights | null = null,
): Provenance {
  const made = { ...originOf(command), backend: kind, threads, precision };
  if (streamed === null) return made;
  const { budget, bytesPerSweep, bytesRead } = streamed;
  return { ...made, streamed: { budget, bytesPerSweep, bytesRead } };
}

/** What a result says of its checkpoint. */
export function summaryOf({ label, config, parameterCount, fingerprint, warnings }: Model): CheckpointSummary {
  const { family, V, D, L, H, G, K, F, maxPositions } = config;
  return { label, family, parameterCount, sizes: { V, D, L, H, G, K, F, maxPositions }, fingerprint, warnings };
}

/** Printable text of each output unit: a class of a classifier, else a token. */
export function unitLabelsOf(model: Model, units: Iterable<number>): Record<string, string> {
  return Object.fromEntries(Array.from(new Set(units), (unit) => [String(unit), model.unitText(unit)]));
}

/** Printable text of each token id. */
export function labelsOf(model: Model, ids: Iterable<number>): Record<string, string> {
  return Object.fromEntries(Array.from(new Set(ids), (id) => [String(id), model.tokenText(id)]));
}
