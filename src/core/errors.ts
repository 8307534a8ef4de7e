/**
 * The errors this package throws. Every message follows one grammar:
 * “function: argument must …, but …. Advice.”
 */

/** Base of all errors of this package; `code` is stable across releases. */
export class MechanicsError extends Error {
  /** Stable name of the kind of error, such as `DOMAIN`. */
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** An array has the wrong length or an operation got incompatible shapes. */
export class ShapeError extends MechanicsError {
  constructor(message: string) {
    super('SHAPE', message);
  }
}

/** An argument lies outside the set on which the function is defined. */
export class DomainError extends MechanicsError {
  constructor(message: string) {
    super('DOMAIN', message);
  }
}

/** A NaN or an infinity where a finite number is needed. */
export class NonFiniteError extends MechanicsError {
  constructor(message: string) {
    super('NON_FINITE', message);
  }
}

/** How far an iteration came before it stopped. */
export interface Progress {
  /** Steps that were taken. */
  readonly iterations: number;
  /** Results that have converged. */
  readonly converged: number;
}

/** An iteration stopped before it reached its tolerance; `progress` says how far it came, where that is known. */
export class ConvergenceError extends MechanicsError {
  /** How far the iteration came; absent where that is not known. */
  readonly progress?: Progress;
  constructor(message: string, progress?: Progress) {
    super('CONVERGENCE', message);
    if (progress !== undefined) this.progress = progress;
  }
}

/** Where in a file the reader found a fault. */
export interface FormatFault {
  /** File name inside the folder that was read. */
  readonly source: string;
  /** Byte offset of the fault, where one is known. */
  readonly offset?: number;
  /** Field or tensor name, where one is known. */
  readonly field?: string;
}

/** A file does not have the format it must have. */
export class FormatError extends MechanicsError implements FormatFault {
  readonly source: string;
  readonly offset?: number;
  readonly field?: string;
  constructor(message: string, fault: FormatFault, options?: ErrorOptions) {
    super('FORMAT', message, options);
    this.source = fault.source;
    if (fault.offset !== undefined) this.offset = fault.offset;
    if (fault.field !== undefined) this.field = fault.field;
  }
}

/** The request is sound but too large; `bytes` says what it would need, where that is known. */
export class CapacityError extends MechanicsError {
  /** Bytes that the request would need; absent where that is not known. */
  readonly bytes?: number;
  constructor(message: string, bytes?: number) {
    super('CAPACITY', message);
    if (bytes !== undefined) this.bytes = bytes;
  }
}

/** A backend cannot be opened, or a kernel was used against its contract. */
export class BackendError extends MechanicsError {
  constructor(message: string, options?: ErrorOptions) {
    super('BACKEND', message, options);
  }
}

/** Runs the body of a public function that others carry out: an error of theirs names `where`, which the caller knows, in their place. */
export function inNameOf<T>(where: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof MechanicsError) error.message = error.message.replace(/^[\w.]+: /, `${where}: `);
    throw error;
  }
}
