import type { OpenBackendOptions } from '../backend/open.ts';

/** First message to a worker. */
export interface Opening {
  readonly kind: OpenBackendOptions['kind'];
}

/** A payload for the task that the last `begin` named. */
export interface Request {
  readonly begin?: { readonly task: string; readonly shared: unknown };
  readonly payload: unknown;
}

/** A worker's answer to its opening (`result` is the kind of its backend) or to a request. */
export type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly name: string; readonly message: string; readonly code: string | undefined } };
