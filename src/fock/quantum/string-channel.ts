import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkArray, checkMembers } from '../../core/kinds.ts';
import type { BlockLaw } from '../block-law.ts';
import { CHEN_DEFAULTS } from '../defaults.ts';
import { checkNextTokenLaw, evaluateLaw, type NextTokenLaw } from '../next-token-law.ts';
import { checkStringOperator, type StringOperator, type Term } from './string-operator.ts';

/** c |string⟩ ⊗ |environment⟩. */
export interface DilatedTerm extends Term {
  /** Name of one of the environment's orthonormal states; without a bar, which joins the names of a composition. */
  readonly environment: string;
}

/**
 * A completely positive map on operators of Fock space, given by its Stinespring dilation on basis strings:
 * W|h⟩ = Σ c |h′⟩|e⟩. Its Kraus operators are K_e = ⟨e|W, and E(ρ) = Σ_e K_e ρ K_e†.
 */
export interface StringChannel {
  /** What messages call it. */
  readonly name: string;
  /** Number of tokens. */
  readonly V: number;
  /** The terms of W|h⟩; no two have the same string and environment. */
  dilate(string: Int32Array): readonly DilatedTerm[];
}

/** Refuses what is no channel on strings. @throws DomainError. */
export function checkStringChannel(where: string, name: string, value: unknown): void {
  checkMembers(where, name, value, 'a channel on strings', { V: 'number', dilate: 'function' });
}

/**
 * How one step acts on operators that are not diagonal. With p(y|h) the law of the next token and a_i(h) that of the position:
 * - `history`: √p(y|h) |h y⟩⟨h| for every h and y; the environment learns all, no coherence survives;
 * - `outcome`: K_y = Σ_h √p(y|h) |h y⟩⟨h|; it learns the new token;
 * - `position`: K_{m,i} = Σ_{h of length m} √a_i(h) |h φ(x_i)⟩⟨h| and K_∅ = |x_0⟩⟨vac|; it learns length and attended position;
 * - `coherent`: V = Σ_{h,y} √p(y|h) |h y⟩⟨h|, an isometry: it learns nothing.
 *
 * The first three extend the quantum operation of the model. The coherent step does not: from a text it makes the superposition
 * Σ_y √p(y|h)|h y⟩, whose last site has to be dephased to give `outcome`.
 */
export type StepKind = 'history' | 'outcome' | 'position' | 'coherent';

/** Options of a step as a channel. */
export interface StepChannelOptions {
  /** x_0, the token that the vacuum goes to; default 0. */
  readonly vacuumToken?: number | undefined;
}

/**
 * One step of the model as a map on all operators. The vacuum goes to x_0, as if p(x_0|vac) = 1.
 *
 * @param law for `position` a {@link BlockLaw}: other laws have no positions.
 * @throws DomainError for `position` with a law without positions, or x_0 outside the tokens.
 * @source Chen, eqs. 7, 12 and appendix: that an extension exists and is not unique. These ones are ours.
 * @example
 * const rho = applyChannel(stepChannel('outcome', law), psi);
 */
export function stepChannel(
  kind: StepKind,
  law: NextTokenLaw,
  { vacuumToken = CHEN_DEFAULTS.vacuumToken }: StepChannelOptions = {},
): StringChannel {
  checkNextTokenLaw('stepChannel', law);
  const { V } = law;
  checkInteger('stepChannel', 'vacuumToken', vacuumToken, 0, V - 1);
  if (kind === 'position') return positionChannel(law, vacuumToken);
  const environment = ENVIRONMENTS[kind];
  if (environment === undefined)
    throw new DomainError(
      `stepChannel: kind must be history, outcome, position or coherent, but it is ${String(kind)}.`,
    );
  return {
    name: kind,
    V,
    dilate(string) {
      if (string.length === 0) return [appended(string, vacuumToken, 1, environment(string, vacuumToken))];
      const p = evaluateLaw(law, string);
      const terms: DilatedTerm[] = [];
      for (let y = 0; y < V; y++)
        if (p[y]! > 0) terms.push(appended(string, y, Math.sqrt(p[y]!), environment(string, y)));
      return terms;
    },
  };
}

const ENVIRONMENTS: Readonly<Record<string, (string: Int32Array, token: number) => string>> = {
  history: (string, token) => [...string, token].join(','),
  outcome: (_, token) => String(token),
  coherent: () => '',
};

function positionChannel(law: NextTokenLaw, vacuumToken: number): StringChannel {
  if (!hasPositions(law))
    throw new DomainError("stepChannel: law must be a block's for 'position', but it has no positions. Use 'outcome'.");
  const { tokenMap } = law.block;
  return {
    name: 'position',
    V: law.V,
    dilate(string) {
      if (string.length === 0) return [appended(string, vacuumToken, 1, '∅')];
      const a = law.positionProbabilities(string);
      const terms = Array.from(a, (ai, i) =>
        appended(string, tokenMap[string[i]!]!, Math.sqrt(ai), `${a.length}:${i + 1}`),
      );
      return terms.filter(({ re }) => re > 0);
    },
  };
}

function hasPositions(law: NextTokenLaw): law is BlockLaw {
  return 'positionProbabilities' in law && 'block' in law;
}

function appended(string: Int32Array, token: number, re: number, environment: string): DilatedTerm {
  const longer = new Int32Array(string.length + 1);
  longer.set(string);
  longer[string.length] = token;
  return { string: longer, re, im: 0, environment };
}

/** ρ ↦ Σ_j K_j ρ K_j†. @throws DomainError without operators, or unless all have the same tokens. */
export function channelOfOperators(name: string, operators: readonly StringOperator[]): StringChannel {
  checkArray('channelOfOperators', 'operators', operators, 'operators on strings');
  checkInteger('channelOfOperators', 'the number of operators', operators.length, 1);
  for (const [j, operator] of operators.entries())
    checkStringOperator('channelOfOperators', `operators[${j}]`, operator);
  const { V } = operators[0]!;
  const odd = operators.findIndex((operator) => operator.V !== V);
  if (odd >= 0)
    throw new DomainError(
      `channelOfOperators: operators must be over ${V} tokens, but number ${odd} has ${operators[odd]!.V}.`,
    );
  return {
    name,
    V,
    dilate: (string) =>
      operators.flatMap((operator, j) => operator.image(string).map((term) => ({ ...term, environment: String(j) }))),
  };
}

/** Forgets the coherences between tokens of the last site: after the coherent step it gives `outcome`. */
export function lastSiteDephasing(V: number): StringChannel {
  checkInteger('lastSiteDephasing', 'V', V, 1);
  return {
    name: 'dephasing of the last site',
    V,
    dilate: (string) => [{ string, re: 1, im: 0, environment: String(string.at(-1) ?? '∅') }],
  };
}

/** `after` ∘ `before`. @throws DomainError unless both have the same tokens. */
export function composeChannels(after: StringChannel, before: StringChannel): StringChannel {
  checkStringChannel('composeChannels', 'after', after);
  checkStringChannel('composeChannels', 'before', before);
  if (after.V !== before.V)
    throw new DomainError(
      `composeChannels: both channels must have the same tokens, but they have ${after.V} and ${before.V}.`,
    );
  return {
    name: `${after.name} ∘ ${before.name}`,
    V: before.V,
    dilate(string) {
      const all = new Map<string, { string: Int32Array; environment: string; re: number; im: number }>();
      for (const first of before.dilate(string)) {
        for (const { string: image, re, im, environment } of after.dilate(first.string)) {
          const both = `${first.environment}|${environment}`;
          const key = `${both}|${image.join(',')}`;
          const term = all.get(key) ?? { string: image, environment: both, re: 0, im: 0 };
          term.re += first.re * re - first.im * im;
          term.im += first.re * im + first.im * re;
          all.set(key, term);
        }
      }
      return [...all.values()];
    },
  };
}
