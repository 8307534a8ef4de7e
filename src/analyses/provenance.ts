import type { BackendKind } from '../backend/backend.ts';
import type { Precision } from '../backend/memory.ts';
import { VERSION } from '../core/version.ts';
import type { Model } from '../transformer/model.ts';

/** How a result was made. */
export interface Provenance {
  readonly package: 'transformer-mechanics';
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Arguments after `tmech`; empty for a call of the API. */
  readonly command: readonly string[];
  readonly backend: BackendKind;
  readonly precision: Precision;
}

/** The checkpoint a result belongs to. */
export interface CheckpointSummary {
  readonly label: string;
  readonly family: string;
  readonly parameterCount: number;
  /** V, D, L, H, G, K, F, maxPositions. */
  readonly sizes: Readonly<Record<string, number>>;
  /** SHA-256 of each file, as `sha256sum` prints it. */
  readonly fingerprint: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** How a result is made now. */
export function provenanceOf(backend: BackendKind, precision: Precision, command: readonly string[]): Provenance {
  return {
    package: 'transformer-mechanics',
    version: VERSION,
    createdAt: new Date().toISOString(),
    command,
    backend,
    precision,
  };
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
