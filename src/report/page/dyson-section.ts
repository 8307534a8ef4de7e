import type { DysonResult } from '../../dyson/dyson-result.ts';
import { dysonFigures } from '../figures/dyson.ts';
import { figureMarkup } from '../svg/figure.ts';
import { html, type Markup } from '../text/html.ts';
import { count, numeral, signedNumeral } from '../text/numerals.ts';
import { predictingToken, tokenLabelOf } from '../text/predicting-token.ts';
import { prose } from '../text/prose.ts';
import { stageLabel } from '../text/stage-names.ts';
import { factsMarkup, type Table, tableMarkup, tokenMarkup } from './table.ts';

/** Pairs of the second order that are listed. */
const PAIRS = 10;

/** The Dyson picture. */
export function dysonSection(dyson: DysonResult): Markup {
  return html`<section id="dyson-series">
<h2>Dyson series</h2>
<p class="lead">${prose`With norms, attention patterns and gates frozen at what they were on this prompt, every ${dyson.steps} is exactly linear, and the final state is the time-ordered product Π(1 + V^(l)) x_0, whose expansion is the sum of order terms T_k (Dyson, eqs. 6 and 7). This is an identity on this trace, not a prediction for another prompt: change the prompt and the operators change.`}</p>
<div class="figures">${dysonFigures(dyson).map(figureMarkup)}</div>
<div class="tables">
${tableMarkup(sublayerTable(dyson))}
${tableMarkup(orderTable(dyson))}
${tableMarkup(pairTable(dyson))}
${factsMarkup({
  half: true,
  title: 'Checks',
  caption: 'What exact arithmetic would make 0, and how much cancels on the way.',
  facts: [
    [prose`‖ΣT_k − x‖ / ‖x‖`, numeral(dyson.residual.relativeToState, 3)],
    [prose`‖ΣT_k − x‖ / Σ‖T_k‖`, numeral(dyson.residual.relativeToTerms, 3)],
    [prose`Cancellation Σ‖T_k‖ / ‖x‖`, numeral(dyson.cancellation)],
    ['Top token and its logit', [tokenMarkup(dyson.top.token), ` ${numeral(dyson.top.logit, 6)}`]],
    ...(dyson.logitCap === undefined
      ? []
      : [
          [
            `Before its soft cap at ${numeral(dyson.logitCap.cap)}`,
            `${numeral(dyson.logitCap.uncapped, 6)}; all contributions are to the capped logit, by the factor ${numeral(dyson.logitCap.factor, 6)}`,
          ] as [string, string],
        ]),
    [`|embedding + Σ ${dyson.steps}s − logit|`, numeral(dyson.attributionResidual, 3)],
    ['Operators', `${dyson.at}, ${dyson.precision}, ${dyson.backend} backend`],
  ],
})}
</div>
</section>
`;
}

function sublayerTable({ sublayers, steps, row, ids }: DysonResult): Table {
  const token = predictingToken({ row, ids });
  return {
    title: steps === 'block' ? 'Blocks' : 'Sublayers',
    caption: `At ${token}. σ is the norm’s scale (rms for RMSNorm) and Z = 1/σ; d ln σ is its step from the ${steps} before; cosine is between the states before and after. The residual compares the frozen operator’s output, over all tokens, with what the pass recorded.`,
    columns: [
      { head: steps },
      { head: 'σ', numeric: true },
      { head: 'σ, mean over tokens', numeric: true },
      { head: 'Z', numeric: true },
      { head: 'd ln σ', numeric: true },
      { head: '‖x‖', numeric: true },
      { head: '‖Vx + B‖', numeric: true },
      { head: '‖δx‖/‖x‖', numeric: true },
      { head: 'cosine', numeric: true },
      { head: 'logit', numeric: true },
      { head: 'residual', numeric: true },
    ],
    rows: sublayers.map((row) => [
      row.name,
      numeral(row.scale),
      numeral(row.scaleMean),
      numeral(row.Z),
      signedNumeral(row.logScaleStep),
      numeral(row.stateNorm),
      numeral(row.outputNorm),
      numeral(row.updateRatio),
      numeral(row.directionCosine),
      signedNumeral(row.topLogit),
      numeral(row.residual, 2),
    ]),
  };
}

function orderTable({ orders, row, ids }: DysonResult): Table {
  const token = predictingToken({ row, ids });
  return {
    title: 'Orders',
    caption: prose`T_k alone, and the partial sum S_k = T_0 + … + T_k: error of ${token}’s state, divergence of its prediction, and the rank it gives the model’s top token.`,
    columns: [
      { head: 'order k' },
      { head: prose`‖T_k‖, all tokens`, numeric: true },
      { head: prose`‖T_k‖, ${tokenLabelOf({ row, ids })}`, numeric: true },
      { head: prose`‖T_{k+1}‖/‖T_k‖`, numeric: true },
      { head: prose`logit of T_k`, numeric: true },
      { head: prose`‖S_k − x‖/‖x‖`, numeric: true },
      { head: prose`KL(final ‖ S_k) (nats)`, numeric: true },
      { head: prose`rank under S_k`, numeric: true },
    ],
    rows: orders.map((row) => [
      String(row.order),
      numeral(row.normAll),
      numeral(row.normLast),
      numeral(row.ratioToNext, 3),
      signedNumeral(row.topLogit, 4),
      numeral(row.partialSum.relativeError, 3),
      numeral(row.partialSum.klFinal, 3),
      count(row.partialSum.rankOfTop),
    ]),
  };
}

function pairTable({ secondOrder, sublayers, steps, row, ids }: DysonResult): Table {
  const token = predictingToken({ row, ids });
  const name = (l: number) => stageLabel(sublayers[l]?.name ?? String(l));
  const pairs = secondOrder
    .flatMap((row, first) => row.map((norm, second) => ({ first, second, norm })))
    .filter(({ first, second }) => first < second)
    .sort((a, b) => b.norm - a.norm || a.first - b.first || a.second - b.second);
  return {
    half: true,
    title: 'Largest second-order paths',
    caption: `The ${count(Math.min(PAIRS, pairs.length))} largest of ${count(pairs.length)} paths through exactly two ${steps}s, by their Euclidean norm at ${token}.`,
    columns: [{ head: '#' }, { head: 'first' }, { head: 'second' }, { head: 'norm', numeric: true }],
    rows: pairs
      .slice(0, PAIRS)
      .map(({ first, second, norm }, i) => [String(i + 1), name(first), name(second), numeral(norm)]),
    left: Math.max(0, pairs.length - PAIRS),
  };
}
