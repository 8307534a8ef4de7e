/** A place where an objective was evaluated. */
export interface BoundNode {
  /** Coordinate in which {@link height} is convex. */
  readonly t: number;
  /** The objective there, a lower bound of its maximum. */
  readonly value: number;
  /** The convex function that the objective is made of, bounded from above; ∞ where nothing is known. */
  readonly height: number;
}

/** An upper bound on an interval, and where it is attained. */
export interface ChordBound {
  readonly bound: number;
  readonly at: number;
}

/** The maximum of an objective over [first, ∞) whose convex part lies below its chords. */
export interface ConvexProblem {
  evaluate(t: number): BoundNode;
  /** The largest objective on [a.t, b.t] if `height` were its chord: convexity makes that an upper bound. */
  chord(a: BoundNode, b: BoundNode): ChordBound;
  /** An upper bound beyond t. */
  tail(t: number): number;
  /** The next place to look at beyond t. */
  further(t: number): number;
}

export interface Bracket {
  readonly lower: number;
  readonly upper: number;
  /** Where the lower bound is attained. */
  readonly at: number;
  readonly nodes: readonly BoundNode[];
}

/** Splits keep this share of an interval on either side. */
const LEAST_SHARE = 0.02;

/**
 * Branch and bound: the interval whose chord allows most is split where it does, until upper ≤ (1 + tolerance)·lower or `most` places were
 * evaluated. A chord exceeds a smooth convex function by the square of the interval's length, so near the maximum intervals need not shrink
 * faster than √tolerance.
 *
 * @param floor a lower bound known beforehand.
 * @param onBracket hears of every bracket on the way.
 */
export function maximiseUnderChords(
  problem: ConvexProblem,
  start: readonly BoundNode[],
  floor: number,
  tolerance: number,
  most: number,
  onBracket: (lower: number, upper: number) => void = () => {},
): Bracket {
  const nodes = [...start];
  let [lower, at] = [floor, Number.POSITIVE_INFINITY];
  for (const node of nodes) if (node.value > lower) [lower, at] = [node.value, node.t];
  for (let count = nodes.length; ; count++) {
    let worst: ChordBound = { bound: problem.tail(nodes.at(-1)!.t), at: problem.further(nodes.at(-1)!.t) };
    let after = nodes.length - 1;
    for (let k = 1; k < nodes.length; k++) {
      const [a, b] = [nodes[k - 1]!, nodes[k]!];
      const chord = problem.chord(a, b);
      if (!(chord.bound > worst.bound)) continue;
      const margin = LEAST_SHARE * (b.t - a.t);
      worst = { bound: chord.bound, at: Math.min(b.t - margin, Math.max(a.t + margin, chord.at)) };
      after = k - 1;
    }
    const upper = Math.max(lower, worst.bound);
    onBracket(lower, upper);
    if (upper <= lower * (1 + tolerance) || count >= most) return { lower, upper, at, nodes };
    const node = problem.evaluate(worst.at);
    nodes.splice(after + 1, 0, node);
    if (node.value > lower) [lower, at] = [node.value, node.t];
  }
}
