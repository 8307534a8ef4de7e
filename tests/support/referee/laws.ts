import { dyson, type transformer } from '../../../src/index.ts';
import { testNumbers } from '../numbers.ts';
import { distance, type Finding, type Subject, sizeOf } from './finding.ts';

/** The laws of the frozen picture on a trace in f64 that kept `frozenActivations`; `logits`: whether the model gives any. */
export function frozenLaws(model: transformer.Model, trace: transformer.Trace, logits: boolean): Finding[] {
  const operators = new dyson.FrozenOperators(model, trace);
  try {
    const { terms } = dyson.expandOrders(operators);
    const final = trace.activations.get(`blocks.${model.config.L - 1}.resid_post`)!.data;
    const paths = subsets(operators.S).map((path) => dyson.pathThrough(operators, path));
    return [
      law('orders', 'Σ T_k', distance(sumOf(terms), final, sizeOfAll(terms))),
      law('paths', 'Σ paths', distance(sumOf(paths), final, sizeOfAll(paths))),
      ...adjoints(operators),
      ...(logits ? attribution(dyson.dysonOfTrace(model, trace)) : []),
    ];
  } finally {
    operators.release();
  }
}

/** The tangents of all steps against central differences of the pass, and their transposes. */
export function tangentLaws(
  model: transformer.Model,
  trace: transformer.Trace,
  pass: (name: string, state: Float64Array, keep: string) => ArrayLike<number>,
): Finding[] {
  const tangents = new dyson.TangentOperators(model, trace);
  try {
    const slopes = tangents.names.map((name, step): Finding => {
      const [before, after] = streamAround(name);
      const state = Float64Array.from(trace.activations.get(before)!.data);
      const direction = testNumbers(state.length, step + 1);
      const moved = (h: number) => {
        const start = state.map((value, i) => value + h * direction[i]!);
        return Float64Array.from(pass(before, start, after), (value, i) => value - start[i]!);
      };
      const [up, down] = [moved(WIDTH), moved(-WIDTH)];
      const slope = up.map((value, i) => (value - down[i]!) / (2 * WIDTH));
      return law('tangents', name, distance(dyson.sublayerOperator(tangents, step).apply(direction), slope));
    });
    return [...slopes, ...adjoints(tangents)];
  } finally {
    tangents.release();
  }
}

/** Of central differences: rounding and curvature both stay far below the bound. */
const WIDTH = 2 ** -16;

/** Names of the stream before and after a step. */
function streamAround(name: string): [string, string] {
  const [block = '', part] = name.split(/\.(?=attn$|mlp$)/);
  return [
    `${block}.${part === 'mlp' ? 'resid_mid' : 'resid_pre'}`,
    `${block}.${part === 'attn' ? 'resid_mid' : 'resid_post'}`,
  ];
}

function attribution(result: ReturnType<typeof dyson.dysonOfTrace>): Finding[] {
  const { sublayers, embeddingTopLogit, cancellation } = result;
  const size = (parts: readonly number[]) =>
    parts.reduce((sum, part) => sum + Math.abs(part), Math.abs(embeddingTopLogit));
  return [
    ...sublayers.map(({ name, residual }) => law('sublayers', name, residual / Math.max(1, cancellation))),
    law('attribution', 'by last operator', result.attributionResidual / size(sublayers.map((part) => part.topLogit))),
    law(
      'attribution',
      'by first operator',
      result.firstAttributionResidual / size(sublayers.map((part) => part.firstTopLogit)),
    ),
  ];
}

/** ⟨V x, y⟩ = ⟨x, Vᵀ y⟩ for every step. */
function adjoints(operators: dyson.LinearSteps): Finding[] {
  return operators.names.map((name, step) => {
    const v = dyson.sublayerOperator(operators, step);
    const [x, y] = [testNumbers(v.rows, 1), testNumbers(v.rows, 2)];
    const [vx, vy] = [v.apply(x), v.applyAdjoint(y)];
    const size = Math.sqrt(dot(vx, vx) * dot(y, y)) + Math.sqrt(dot(x, x) * dot(vy, vy));
    const error = Math.abs(dot(vx, y) - dot(x, vy));
    return law('adjoints', name, error === 0 ? 0 : error / size);
  });
}

function law(subject: Subject, name: string, deviation: number): Finding {
  return { subject, name, deviation };
}

/** All ordered choices among n steps. */
function subsets(n: number): number[][] {
  return Array.from({ length: 1 << n }, (_, bits) =>
    Array.from({ length: n }, (_, l) => l).filter((l) => bits & (1 << l)),
  );
}

function sumOf(terms: readonly Float64Array[]): Float64Array {
  return terms[0]!.map((_, i) => terms.reduce((sum, term) => sum + term[i]!, 0));
}

function sizeOfAll(terms: readonly Float64Array[]): number {
  return terms.reduce((sum, term) => sum + sizeOf(term), 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, value, i) => total + value * b[i]!, 0);
}
