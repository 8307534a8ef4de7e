import type { RandomStream } from './philox.ts';

/** The items in a random order, by Fisher and Yates. */
export function shuffle<T>(items: readonly T[], random: RandomStream): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}
