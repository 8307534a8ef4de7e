import { analyses, dyson, linalg, transformer } from '../index.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { openFrom, openPrompted } from './open.ts';
import { frameOf, promptLine } from './result.ts';
import type { Subject, SubjectOptions } from './spectra-subject.ts';

/** The matrix of an operator of a model. */
export async function fromModel(invocation: Invocation, options: SubjectOptions): Promise<Subject> {
  const { operator, layer = 0, head = 0, offset = 0 } = options;
  const placed = { ...options, layer, head, offset };
  if (operator === 'ov' || operator === 'qk')
    return ofWeights(invocation, await openFrom(options, invocation.progress), operator, placed);
  const { model, prompt } = await openPrompted(options, invocation.progress);
  if (operator === 'attention') return ofAttention(invocation, model, prompt, placed);
  return ofStream(invocation, model, prompt, operator === 'jacobian', placed);
}

/** With the place of the operator, given or not. */
interface Placed extends SubjectOptions {
  readonly layer: number;
  readonly head: number;
  readonly offset: number;
}

/** W_V W_O or W_Q W_Kᵀ. Its factors, not their product, have independent elements in a random model. */
function ofWeights(
  { args }: Invocation,
  model: transformer.Model,
  operator: 'ov' | 'qk',
  { layer, head, offset, ...options }: Placed,
): Subject {
  const foldNorm = options.foldNorm === true;
  const { backend, config } = model;
  const product =
    operator === 'ov'
      ? dyson.outputValueProduct(model, layer, head, { foldNorm })
      : dyson.keyQueryProduct(model, layer, head, { foldNorm, offset });
  const [left, right] = operator === 'ov' ? ['W_V', 'W_O'] : queryKeyNames(model, offset);
  const place = `layer ${layer}, head ${head}${foldNorm ? ', norm weight folded in' : ''}`;
  return {
    backend,
    matrix: product.compressed,
    frame: {
      provenance: analyses.provenanceOf(backend, 'f64', args, model.streamed),
      checkpoint: analyses.summaryOf(model),
      parameters: { operator, layer, head, offset, foldNorm },
    },
    heading: '',
    about: {
      name: `${left} ${right} of ${place} (order ${config.D}, on the subspace where it acts)`,
      zeros: product.zeros,
      eigenvalues: linalg.eig(backend, product.core).values,
    },
    parts: [
      { of: `${left} of ${place}`, matrix: product.left, kind: 'weights' },
      { of: `${right} of ${place}`, matrix: product.right, kind: 'weights' },
    ],
  };
}

/** W_Q and W_Kᵀ, with the weights of the norms of queries and keys where the model has such. */
function queryKeyNames({ config }: transformer.Model, offset: number): readonly [left: string, right: string] {
  const turn = offset === 0 ? '' : ` R(${offset})`;
  return config.queryKeyNorm === null ? [`W_Q${turn}`, 'W_Kᵀ'] : [`W_Q γ_q${turn}`, 'γ_k W_Kᵀ'];
}

function ofAttention(
  invocation: Invocation,
  model: transformer.Model,
  prompt: transformer.Prompt,
  { layer, head, precision }: Placed,
): Subject {
  const trace = transformer.traceForward(model, prompt.ids, { precision, keep: ['blocks.*.attn.pattern'] });
  const { matrix, reversed, eigenvalues } = dyson.attentionMatrix(model, trace, layer, head);
  const name = `attention pattern of layer ${layer}, head ${head}`;
  return {
    backend: model.backend,
    matrix: reversed,
    frame: frameOf(invocation, model, prompt, { precision, operator: 'attention', layer, head }),
    heading: promptLine(prompt),
    about: {
      name,
      zeros: 0,
      ...(eigenvalues === null
        ? {}
        : { eigenvalues: Float64Array.from([...eigenvalues].flatMap((value) => [value, 0])) }),
    },
    parts: eigenvalues === null ? [] : [{ of: name, matrix, kind: 'attention' }],
  };
}

/** What a sublayer or block does to the residual stream: of all tokens, or of one token alone. */
function ofStream(
  invocation: Invocation,
  model: transformer.Model,
  prompt: transformer.Prompt,
  tangent: boolean,
  options: Placed,
): Subject {
  const { layer, token } = options;
  const { L } = model.config;
  if (layer >= L) {
    throw new UsageError(
      `tmech spectra: --layer must be from 0 to ${L - 1}, but it is ${layer}. Choose one of the model's.`,
    );
  }
  const parallel = model.config.residual === 'parallel';
  const sublayer = options.sublayer ?? (tangent || parallel ? 'block' : 'attn');
  if (parallel && sublayer !== 'block') {
    throw new UsageError(
      `tmech spectra: --sublayer must be block where attention and MLP are parallel, but it is ${sublayer}. Leave it out: the two are one step.`,
    );
  }
  const precision = tangent ? 'f64' : options.precision;
  const keep = tangent ? dyson.tangentActivations(model.config) : dyson.frozenActivations(model.config);
  const trace = transformer.traceForward(model, prompt.ids, { precision, keep });
  const operators = tangent ? new dyson.TangentOperators(model, trace) : new dyson.FrozenOperators(model, trace);
  try {
    const perBlock = operators.S / L;
    const from = perBlock * layer + (sublayer === 'mlp' ? 1 : 0);
    const to = perBlock * layer + (sublayer === 'attn' ? 1 : perBlock);
    const matrix = dyson.densePropagator(operators, from, to, token === undefined ? {} : { token });
    const place = sublayer === 'block' ? `blocks.${layer}` : `blocks.${layer}.${sublayer}`;
    const symbol = tangent ? 'J' : 'V';
    const name =
      `1 + ${symbol} of ${place}, ${tangent ? 'tangent' : 'frozen'} on the prompt, ` +
      (token === undefined ? `all ${prompt.ids.length} tokens` : `token ${token} from itself`);
    const parameters = { precision, operator: tangent ? 'jacobian' : 'step', layer, sublayer } as const;
    return {
      backend: model.backend,
      matrix,
      frame: frameOf(invocation, model, prompt, { ...parameters, ...(token === undefined ? {} : { token }) }),
      heading: promptLine(prompt),
      about: { name, zeros: 0 },
      parts: [{ of: name.replace('1 + ', ''), matrix: withoutIdentity(matrix), kind: 'weights' }],
    };
  } finally {
    operators.release();
  }
}

function withoutIdentity({ rows, data }: linalg.Matrix): linalg.Matrix {
  const copy = new linalg.Matrix(rows, rows, data.slice());
  for (let i = 0; i < rows; i++) copy.data[i * (rows + 1)]! -= 1;
  return copy;
}
