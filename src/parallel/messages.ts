import type { OpenBackendOptions } from '../backend/open.ts';

/** A question of any kind; its answer carries its number. */
interface Question {
  readonly id: number;
}

/** First message to a worker. */
export interface Opening extends Question {
  readonly kind: OpenBackendOptions['kind'];
}

/** A payload for the task that the last `begin` named. */
export interface Request extends Question {
  readonly begin?: { readonly task: string; readonly shared: unknown };
  readonly payload: unknown;
}

/** A worker's answer to its opening (`result` is the kind of its backend) or to a request; `working` where it is still at it. */
export type Answer =
  | 'working'
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly error: { readonly name: string; readonly message: string; readonly code: string | undefined };
    };
