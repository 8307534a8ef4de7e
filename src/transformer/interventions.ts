import { checkChoice, checkFinite, checkInteger, checkLength } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { selectActivations } from './activations.ts';
import type { TransformerConfig } from './config.ts';

/**
 * A change of one named activation in the middle of a pass; all that follows is computed from what it leaves.
 *
 * - `zero` puts zeros;
 * - `mean` puts the mean over the prompt's tokens, component by component (an attention pattern: 1/n for each of the n tokens that a
 *   token sees, be it those up to itself, those of its window or all);
 * - `patch` puts `data`, row-major in the activation's shape, such as the same activation of another prompt.
 */
export type Intervention = {
  /** As in a trace; `*` stands for one part. Everything but `logits`, which nothing follows and `*` leaves out. */
  readonly name: string;
  /** Tokens of the pass that are changed; default all. */
  readonly positions?: readonly number[];
  /** The head that is changed, of `attn.q`, `attn.k`, `attn.v` and `attn.pattern`; default all. */
  readonly head?: number;
} & (
  | { readonly kind: 'zero' }
  | { readonly kind: 'mean' }
  | { readonly kind: 'patch'; readonly data: ArrayLike<number> }
);

/** Changes the data of an activation of the given shape in place. */
export type Edit = (data: Float32Array | Float64Array, shape: readonly number[]) => void;

/**
 * What to do at each activation of a pass over T tokens, in the order given.
 *
 * @throws DomainError for a kind, a name, a head or a position there is not; ShapeError for a patch of another shape (when the pass gets there);
 * NonFiniteError for a patch with a NaN or an infinity.
 */
export function editsOf(
  config: TransformerConfig,
  interventions: readonly Intervention[],
  T: number,
): ReadonlyMap<string, Edit> {
  const edits = new Map<string, Edit>();
  for (const intervention of interventions) {
    checkChoice('intervention', 'kind', intervention.kind, ['zero', 'mean', 'patch']);
    for (const position of intervention.positions ?? []) checkInteger('intervention', 'position', position, 0, T - 1);
    if (intervention.kind === 'patch') checkFinite('intervention', 'data', intervention.data);
    for (const name of selectChangeable(config, [intervention.name])) {
      checkName(config, name, intervention);
      const before = edits.get(name);
      const edit = editOf(config, name, intervention);
      edits.set(
        name,
        before === undefined
          ? edit
          : (data, shape) => {
              before(data, shape);
              edit(data, shape);
            },
      );
    }
  }
  return edits;
}

/** The names that patterns select, as `selectActivations`; `*` leaves out `logits`. */
export function selectChangeable(config: TransformerConfig, patterns: readonly string[]): Set<string> {
  const names = selectActivations(config, patterns);
  if (!patterns.includes('logits')) names.delete('logits');
  return names;
}

function checkName({ H, G }: TransformerConfig, name: string, intervention: Intervention): void {
  const { head, kind } = intervention;
  if (name === 'logits')
    throw new DomainError(
      'intervention: name must be an activation that something follows, but it is logits. Name another.',
    );
  if (
    name.endsWith('.scale') &&
    (kind === 'zero' || (kind === 'patch' && !Array.from(intervention.data).every((x) => x > 0)))
  )
    throw new DomainError(
      `intervention: ${name} divides the stream and must stay positive, but ${kind} puts 0 or less in its place. Name another, or patch it with positive numbers.`,
    );
  if (head === undefined) return;
  const part = name.split('.').at(-1)!.replace(/_raw$/, '');
  const heads = part === 'q' || part === 'pattern' ? H : part === 'k' || part === 'v' ? G : 0;
  if (heads === 0)
    throw new DomainError(
      `intervention: head must go with attn.q, attn.k, attn.v or attn.pattern, but the name is ${name}. Leave it out.`,
    );
  checkInteger('intervention', 'head', head, 0, heads - 1);
}

/** Where an activation's numbers of one token and one head are: `length` numbers each `stride` … from `start`. */
interface Layout {
  readonly heads: number;
  readonly width: number;
  readonly start: (token: number, head: number) => number;
}

function layoutOf(name: string, shape: readonly number[]): Layout {
  if (name.endsWith('.pattern')) {
    const [heads, T, width] = shape as [number, number, number];
    return { heads, width, start: (token, head) => (head * T + token) * width };
  }
  const [, heads, width] = shape.length === 3 ? shape : [shape[0], 1, shape[1] ?? 1];
  return { heads: heads!, width: width!, start: (token, head) => (token * heads! + head) * width! };
}

function editOf(config: TransformerConfig, name: string, intervention: Intervention): Edit {
  const { positions, head, kind } = intervention;
  const even = name.endsWith('.pattern') ? evenPattern(config, Number(name.split('.')[1])) : null;
  return (data, shape) => {
    if (kind === 'patch') checkLength('intervention', `data for ${name}`, intervention.data, data.length);
    const T = name.endsWith('.pattern') ? shape[1]! : shape[0]!;
    const { heads, width, start } = layoutOf(name, shape);
    const tokens = positions ?? Array.from({ length: T }, (_, t) => t);
    for (let h = head ?? 0; h < (head === undefined ? heads : head + 1); h++) {
      const mean = kind === 'mean' && even === null ? meanOf(data, T, width, (t) => start(t, h)) : null;
      for (const token of tokens) {
        const at = start(token, h);
        for (let c = 0; c < width; c++) {
          if (kind === 'patch') data[at + c] = intervention.data[at + c]!;
          else if (kind === 'zero') data[at + c] = 0;
          else data[at + c] = mean === null ? even!(token, c, T) : mean[c]!;
        }
      }
    }
  };
}

/** 1/n at the n tokens that `token` of T sees in a layer, 0 elsewhere. */
function evenPattern({ causal, attentionWindow }: TransformerConfig, layer: number) {
  return (token: number, seen: number, T: number): number => {
    const reach = attentionWindow[layer]! - 1;
    const from = Math.max(0, token - reach);
    const to = causal ? token : Math.min(T - 1, token + reach);
    return seen < from || seen > to ? 0 : 1 / (to - from + 1);
  };
}

function meanOf(data: ArrayLike<number>, T: number, width: number, start: (token: number) => number): Float64Array {
  const mean = new Float64Array(width);
  for (let t = 0; t < T; t++) for (let c = 0; c < width; c++) mean[c]! += data[start(t) + c]! / T;
  return mean;
}
