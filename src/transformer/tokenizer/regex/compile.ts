import type { CodeSet } from './code-set.ts';
import { type Anchor, type Node, widthOf } from './node.ts';
import { RegexFault } from './scanner.ts';

/** One step of a program; after a step comes the next one unless it says otherwise. */
export type Step =
  /** Takes as many characters of a set as there are, from `least` to `most`; gives them back one by one unless it keeps them. */
  | {
      readonly op: 'span';
      readonly set: CodeSet;
      readonly least: number;
      readonly most: number;
      readonly keeps: boolean;
    }
  /** Goes on at `first`; if that fails, at `second`. */
  | { readonly op: 'try'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'anchor'; readonly anchor: Anchor }
  | {
      readonly op: 'look';
      readonly program: Program;
      readonly negative: boolean;
      /** Fewest and most characters to look back; null to look ahead. */
      readonly back: readonly [number, number] | null;
    }
  | { readonly op: 'atomic'; readonly program: Program }
  | { readonly op: 'end' };

export type Program = readonly Step[];

const MOST_STEPS = 20_000;

/** @throws RegexFault if the program would be too long. */
export function compile(node: Node): Program {
  const size = { steps: 0 };
  return programOf(node, size);
}

interface Size {
  steps: number;
}

function programOf(node: Node, size: Size): Program {
  const steps: Step[] = [];
  emit(node, steps, size);
  steps.push({ op: 'end' });
  return steps;
}

function emit(node: Node, steps: Step[], size: Size): void {
  if (++size.steps > MOST_STEPS) throw new RegexFault(`more than ${MOST_STEPS} steps`);
  switch (node.kind) {
    case 'set':
      steps.push({ op: 'span', set: node.set, least: 1, most: 1, keeps: true });
      return;
    case 'sequence':
      for (const part of node.parts) emit(part, steps, size);
      return;
    case 'choice':
      emitChoice(node.branches, steps, size);
      return;
    case 'repeat':
      emitRepeat(node, steps, size);
      return;
    case 'look':
      steps.push({
        op: 'look',
        program: programOf(node.body, size),
        negative: node.negative,
        back: node.behind ? widthOf(node.body) : null,
      });
      return;
    case 'atomic':
      steps.push({ op: 'atomic', program: programOf(node.body, size) });
      return;
    case 'anchor':
      steps.push({ op: 'anchor', anchor: node.anchor });
  }
}

function emitChoice(branches: readonly Node[], steps: Step[], size: Size): void {
  const jumps: { to: number }[] = [];
  for (const branch of branches.slice(0, -1)) {
    const attempt = { op: 'try' as const, first: steps.length + 1, second: 0 };
    steps.push(attempt);
    emit(branch, steps, size);
    const jump = { op: 'jump' as const, to: 0 };
    jumps.push(jump);
    steps.push(jump);
    attempt.second = steps.length;
  }
  emit(branches.at(-1)!, steps, size);
  for (const jump of jumps) jump.to = steps.length;
}

function emitRepeat(node: Node & { kind: 'repeat' }, steps: Step[], size: Size): void {
  const { body, least, most, mode } = node;
  if (body.kind === 'set' && mode !== 'lazy') {
    steps.push({ op: 'span', set: body.set, least, most, keeps: mode === 'possessive' });
    return;
  }
  if (mode === 'possessive') {
    steps.push({ op: 'atomic', program: programOf({ ...node, mode: 'greedy' }, size) });
    return;
  }
  for (let i = 0; i < least; i++) emit(body, steps, size);
  const attempts: { first: number; second: number }[] = [];
  const attempt = (): number => {
    const step = { op: 'try' as const, first: 0, second: 0 };
    attempts.push(step);
    steps.push(step);
    return steps.length;
  };
  const bodies: number[] = [];
  if (most === Number.POSITIVE_INFINITY) {
    bodies.push(attempt());
    emit(body, steps, size);
    steps.push({ op: 'jump', to: bodies[0]! - 1 });
  } else {
    for (let i = least; i < most; i++) {
      bodies.push(attempt());
      emit(body, steps, size);
    }
  }
  attempts.forEach((step, i) => {
    const [within, after] = [bodies[i]!, steps.length];
    [step.first, step.second] = mode === 'lazy' ? [after, within] : [within, after];
  });
}
