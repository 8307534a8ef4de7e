import { DomainError, ShapeError } from '../../core/errors.ts';
import { kindOf } from './arguments.ts';
import { Channel } from './channel.ts';

/** @throws DomainError unless a value is a dense channel. */
export function checkChannel(where: string, name: string, value: unknown): asserts value is Channel {
  if (value instanceof Channel) return;
  throw new DomainError(
    `${where}: ${name} must be a Channel, but it is ${kindOf(value)}. Make it with Channel.ofKraus, .ofMap or new Channel.`,
  );
}

/** @throws DomainError unless both are dense channels; ShapeError unless they go between the same dimensions. */
export function checkAlike(where: string, a: Channel, b: Channel): void {
  checkChannel(where, 'a', a);
  checkChannel(where, 'b', b);
  if (a.inputs === b.inputs && a.outputs === b.outputs) return;
  throw new ShapeError(
    `${where}: both channels must go between the same dimensions, but one goes from ${a.inputs} to ${a.outputs} and the other from ${b.inputs} to ${b.outputs}.`,
  );
}
