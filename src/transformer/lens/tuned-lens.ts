import { DomainError } from '../../core/errors.ts';
import { notAmong } from '../../core/names.ts';
import type { Fingerprint } from '../checkpoint/checkpoint.ts';
import { lensStages } from '../logit-lens.ts';
import type { Model } from '../model.ts';
import { type Computation, computationOf, differentPart } from './computation.ts';
import { unembedHashes } from './unembed-hash.ts';

/** `affine`: h + A h + b, trained by the laws; `bias`: h + b, likewise; `ridge`: h + A h + b by least squares of the final stream. */
export type LensKind = (typeof LENS_KINDS)[number];

/** Every {@link LensKind}. */
export const LENS_KINDS = ['affine', 'bias', 'ridge'] as const;

/** Whether translators of a kind have A. */
export function hasMatrices(kind: LensKind): boolean {
  return kind !== 'bias';
}

/** The map of one stage: h ↦ h + A h + b. */
export interface Translator {
  /** A, D×D row-major: row o holds what makes component o. null where there is none. */
  readonly weight: Float32Array | null;
  /** b, D numbers. */
  readonly bias: Float32Array;
}

/**
 * A tuned lens: a translator for some stages of {@link lensStages}. At a stage without one it is the logit lens; the last stage never
 * has one, being the model's own output.
 *
 * @source N. Belrose et al., “Eliciting Latent Predictions from Transformers with the Tuned Lens”, arXiv 2303.08112.
 */
export interface TunedLens {
  /** What its translators are. */
  readonly kind: LensKind;
  /** Width of the model it belongs to. */
  readonly D: number;
  /** By stage, in the order of the pass. */
  readonly translators: ReadonlyMap<string, Translator>;
  /** SHA-256 of the weight files it was trained on; null where they are not known. */
  readonly fingerprint: Fingerprint | null;
  /** What else its model computes by; null where it is not known. */
  readonly computation: Computation | null;
  /** The hash by which a lens of the tuned-lens package names the unembedding it was made for; null without one. */
  readonly unembedHash: string | null;
}

/** A lens that changes nothing yet: A = 0 and b = 0 at every stage but the last, so it is the logit lens. */
export function zeroLens(model: Model, kind: LensKind): TunedLens {
  const { D } = model.config;
  const translators = translatedStages(model).map((stage): [string, Translator] => [
    stage,
    { weight: hasMatrices(kind) ? new Float32Array(D * D) : null, bias: new Float32Array(D) },
  ]);
  return {
    kind,
    D,
    translators: new Map(translators),
    fingerprint: weightsFingerprint(model.fingerprint),
    computation: computationOf(model.config),
    unembedHash: null,
  };
}

/** The stages that a full lens translates: all but the last. */
export function translatedStages({ config }: Pick<Model, 'config'>): string[] {
  return lensStages(config).slice(0, -1);
}

/** Names of files of a checkpoint that hold no weights; a GGUF file may have any name. */
const OTHER_FILES = /\.(json|txt|model|jinja)$/i;

/** The part of a fingerprint that a lens depends on: the weight files. */
export function weightsFingerprint(fingerprint: Fingerprint): Fingerprint {
  return Object.fromEntries(Object.entries(fingerprint).filter(([name]) => !OTHER_FILES.test(name)));
}

/** Which of its marks a lens has, to be held against the model it is used on. */
export function marksOf({ fingerprint, unembedHash }: TunedLens): 'weights' | 'unembedding' | 'none' {
  return fingerprint !== null ? 'weights' : unembedHash !== null ? 'unembedding' : 'none';
}

const ADVICE = 'Train one for this model, or read it with unchecked: true (--lens-unchecked).';

/** @throws DomainError if the lens has another width, a stage the model has not, or names other weights or another computation. */
export function checkLens(where: string, model: Model, lens: TunedLens): void {
  if (fitting.get(lens)?.has(model)) return;
  checkShape(where, model, lens);
  checkMarks(where, model, lens);
  const models = fitting.get(lens) ?? new WeakSet();
  fitting.set(lens, models.add(model));
}

/** Models that each lens was found to fit: it is looked through many times. */
const fitting = new WeakMap<TunedLens, WeakSet<Model>>();

function checkShape(where: string, model: Model, lens: TunedLens): void {
  const { D } = model.config;
  if (lens.D !== D) {
    throw new DomainError(
      `${where}: the lens must have the model's width ${D}, but it has ${lens.D}. Train one for this model.`,
    );
  }
  const stages = translatedStages(model);
  for (const stage of lens.translators.keys()) {
    if (stages.includes(stage)) continue;
    throw new DomainError(
      `${where}: the lens must translate stages of the model before its last, but ${notAmong(stage, stages, 'stages')}. Train one for this model.`,
    );
  }
}

function checkMarks(where: string, model: Model, { fingerprint, computation, unembedHash }: TunedLens): void {
  const hashes = (found: Fingerprint) => Object.values(found).sort().join();
  if (fingerprint !== null && hashes(fingerprint) !== hashes(weightsFingerprint(model.fingerprint))) {
    throw new DomainError(
      `${where}: the lens must be trained on the weights of ${model.label}, but their SHA-256 differs from the one it names. ${ADVICE}`,
    );
  }
  const part = computation === null ? null : differentPart(computation, computationOf(model.config));
  if (part !== null) {
    throw new DomainError(
      `${where}: the lens must be trained on a model that computes as ${model.label} does, but ${part} differs in the one it names. ${ADVICE}`,
    );
  }
  if (unembedHash !== null && !unembedHashes(model).includes(unembedHash)) {
    throw new DomainError(
      `${where}: the lens must be made for the unembedding of ${model.label}, but its hash differs from the one it names. ${ADVICE}`,
    );
  }
}
