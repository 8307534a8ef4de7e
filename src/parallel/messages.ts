import type { OpenBackendOptions } from '../backend/open.ts';

/** First message to a worker. */
export interface Opening {
  readonly kind: OpenBackendOptions['kind'];
}

/** A task for a worker. */
export interface Request {
  readonly task: string;
  readonly payload: unknown;
}

/** A worker's answer to its opening (`result` is the kind of its backend) or to a request. */
export type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly name: string; readonly message: string; readonly code: string | undefined } };
