import { UsageError } from './invocation.ts';
import { flagOf } from './options.ts';

/** Options that choose what `tmech chen` computes. */
export const CHEN_WAYS = ['lump', 'enumerate', 'statistics', 'quantum', 'sample'] as const;

/** What `tmech chen` computes; `tree` is the tree of strings, without an option of its own. */
export type ChenWay = 'tree' | (typeof CHEN_WAYS)[number];

const OF_CHECKPOINTS = [
  'model',
  'prompt',
  'ids',
  'bos',
  'precision',
  'backend',
  'threads',
  'memory',
  'depth',
  'temperature',
  'topK',
  'topP',
];

/** Options of each way: with a description, and with a checkpoint; null where only a description will do. */
const OPTIONS: Readonly<Record<ChenWay, { description: readonly string[]; checkpoint: readonly string[] | null }>> = {
  tree: both(['top', 'maxStrings', 'trajectories', 'seed', 'out']),
  lump: { description: ['backend', 'threads', 'top', 'out', 'renyi'], checkpoint: null },
  enumerate: { description: ['backend', 'threads', 'top', 'out'], checkpoint: null },
  statistics: { description: ['backend', 'threads', 'top', 'out', 'seed'], checkpoint: null },
  quantum: { description: ['backend', 'threads', 'out', 'sectors'], checkpoint: null },
  sample: both(['trajectories', 'seed']),
};

/** Options that belong to one way. */
const OWNERS: Readonly<Record<string, ChenWay>> = { renyi: 'lump', sectors: 'quantum' };

function both(description: readonly string[]) {
  return { description, checkpoint: [...OF_CHECKPOINTS, ...description] };
}

/** @throws UsageError for options that do not go together. */
export function checkWay(way: ChenWay, given: readonly string[], described: boolean): void {
  const { description, checkpoint } = OPTIONS[way];
  if (!described && checkpoint === null) {
    throw new UsageError(
      `tmech chen: ${flagOf(way)} must come with a description, but there is none. A checkpoint's law depends on the order of the tokens; leave ${flagOf(way)} out for its tree of strings.`,
    );
  }
  if (!described && !['prompt', 'ids'].some((name) => given.includes(name)))
    throw new UsageError('tmech chen: there must be a description, --prompt or --ids, but there is none of them.');
  const allowed = (described ? description : checkpoint!).concat('json', way);
  const foreign = given.find((name) => !allowed.includes(name));
  if (foreign === undefined) return;
  const owner = OWNERS[foreign];
  if (owner !== undefined && way !== owner) {
    throw new UsageError(
      `tmech chen: ${flagOf(foreign)} must come with ${flagOf(owner)}, but it does not. Leave it out, or add ${flagOf(owner)}.`,
    );
  }
  const company = way !== 'tree' && !(described && OF_CHECKPOINTS.includes(foreign)) ? flagOf(way) : 'a description';
  throw new UsageError(`tmech chen: ${flagOf(foreign)} must not come with ${company}, but it does. Leave it out.`);
}
