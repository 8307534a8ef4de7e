import { basename } from 'node:path';
import { analyses, DomainError, linalg } from '../index.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { backendFrom } from './open.ts';
import { flagOf, type ModelOptions, type PromptOptions } from './options.ts';
import { portablePath } from './portable-paths.ts';
import { readBytes } from './read-files.ts';

export const OPERATORS = ['ov', 'qk', 'attention', 'step', 'jacobian'] as const;
export const SUBLAYERS = ['attn', 'mlp', 'block'] as const;

type Operator = (typeof OPERATORS)[number];

/** Which matrix. */
export interface SubjectOptions extends ModelOptions, PromptOptions {
  readonly tensor?: string | undefined;
  readonly maxBytes?: number | undefined;
  readonly operator?: Operator | undefined;
  readonly layer?: number | undefined;
  readonly head?: number | undefined;
  readonly sublayer?: (typeof SUBLAYERS)[number] | undefined;
  readonly token?: number | undefined;
  readonly offset?: number | undefined;
  readonly foldNorm?: true | undefined;
}

/** A matrix and what to say of it. */
export interface Subject {
  readonly backend: Parameters<typeof analyses.analyseSpectrum>[0];
  readonly matrix: linalg.AnyMatrix;
  /** How the matrix came about: the head of the result. */
  readonly frame: {
    readonly provenance: object;
    readonly checkpoint?: object;
    readonly prompt?: object;
    readonly parameters: object;
  };
  readonly heading: string;
  readonly about: {
    readonly name: string;
    /** The operator has so many eigenvalues and singular values 0 beyond those of the matrix that was analysed. */
    readonly zeros: number;
    /** Eigenvalues that another way gives more exactly: of the K×K product, or of the diagonal. */
    readonly eigenvalues?: Float64Array;
  };
  /** What is held against random matrices: parts whose elements a null model takes for independent. Full attention has none. */
  readonly parts: readonly Part[];
}

/** One matrix to hold against random ones. */
export interface Part {
  readonly of: string;
  readonly matrix: linalg.AnyMatrix;
  readonly kind: 'weights' | 'attention';
}

/** Options that say something about some operators only. */
const BELONGS: readonly (readonly [keyof SubjectOptions, string, readonly Operator[]])[] = [
  ['model', '--model', OPERATORS],
  ['layer', '--layer', OPERATORS],
  ['head', '--head', ['ov', 'qk', 'attention']],
  ['prompt', '--prompt', ['attention', 'step', 'jacobian']],
  ['ids', '--ids', ['attention', 'step', 'jacobian']],
  ['sublayer', '--sublayer', ['step', 'jacobian']],
  ['token', '--token', ['step', 'jacobian']],
  ['offset', '--offset', ['qk']],
  ['foldNorm', '--fold-norm', ['ov', 'qk']],
];

/** @throws UsageError unless there is one source, and every option belongs to it. */
export function checkSubject(file: string | undefined, options: SubjectOptions): void {
  const { operator } = options;
  if ((file === undefined) === (operator === undefined)) {
    throw new UsageError(
      `tmech spectra: the matrix must come from either a file or --operator, but ${file === undefined ? 'neither is given.' : 'both are given. A prompt goes with --prompt.'}`,
    );
  }
  for (const name of ['tensor', 'maxBytes'] as const) {
    if (options[name] === undefined || file !== undefined) continue;
    throw new UsageError(`tmech spectra: ${flagOf(name)} must come with a file, but --operator is given.`);
  }
  for (const [name, flag, operators] of BELONGS) {
    if (options[name] === undefined || (operator !== undefined && operators.includes(operator))) continue;
    const wanted = operators === OPERATORS ? '' : ` ${operators.join(' or ')}`;
    throw new UsageError(
      `tmech spectra: ${flag} must come with --operator${wanted}, but ${operator === undefined ? 'a file' : operator} is given.`,
    );
  }
}

/** @throws UsageError for an option that says nothing about a rectangular matrix. */
export function checkSquareOptions(
  { rows, columns }: linalg.AnyMatrix,
  options: Readonly<Partial<Record<(typeof SQUARE_ONLY)[number], unknown>>>,
): void {
  const given = rows === columns ? undefined : SQUARE_ONLY.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new UsageError(
    `tmech spectra: --${given} must come with a square matrix, but this one is ${rows}×${columns}. Leave it out.`,
  );
}

const SQUARE_ONLY = ['epsilon', 'horizon', 'time', 'limit'] as const;

/** The matrix of a file. Causal attention is told by its elements. */
export async function fromFile({ args }: Invocation, file: string, options: SubjectOptions): Promise<Subject> {
  const { tensor, maxBytes } = options;
  const matrix = linalg.readMatrix(await readBytes(file), file, {
    ...(tensor === undefined ? {} : { tensor }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  const backend = await backendFrom(options);
  const name = tensor === undefined ? basename(file) : `${basename(file)}, ${tensor}`;
  const causal = matrix.field === 'real' && linalg.randomMatrices.isCausalAttention(matrix);
  return {
    backend,
    matrix,
    frame: {
      provenance: analyses.provenanceOf(backend, 'f64', args),
      parameters: { file: portablePath(file), ...(tensor === undefined ? {} : { tensor }) },
    },
    heading: '',
    about: { name, zeros: 0 },
    parts: [{ of: name, matrix, kind: causal ? 'attention' : 'weights' }],
  };
}

/** A part against random matrices. @throws DomainError for a complex one. */
export function compare(
  { backend }: Subject,
  { of, matrix, kind }: Part,
  options: linalg.randomMatrices.RandomComparisonOptions,
): analyses.NamedComparison {
  if (matrix.field === 'complex') {
    throw new DomainError(`tmech spectra: --random needs a real matrix, but ${of} is complex. Leave --random out.`);
  }
  return { of, ...linalg.randomMatrices.compareWithRandom(backend, matrix, { ...options, kind }) };
}

/** The same matrix divided by its spectral radius. @throws DomainError if that is 0. */
export function dividedByRadius(subject: Subject): Subject {
  const { backend, matrix, about } = subject;
  const radius = linalg.spectralRadius(backend, matrix);
  if (!(radius > 0)) {
    throw new DomainError('tmech spectra: --scale needs a positive spectral radius, but it is 0. Leave --scale out.');
  }
  const { eigenvalues } = about;
  const data = matrix.data.map((x) => x / radius);
  const { rows, columns } = matrix;
  return {
    ...subject,
    matrix:
      matrix.field === 'real' ? new linalg.Matrix(rows, columns, data) : new linalg.ComplexMatrix(rows, columns, data),
    about: {
      ...about,
      name: `${about.name}, divided by its spectral radius ${radius}`,
      ...(eigenvalues === undefined ? {} : { eigenvalues: eigenvalues.map((x) => x / radius) }),
    },
  };
}
