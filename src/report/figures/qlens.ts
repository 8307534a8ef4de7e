import * as Plot from '@observablehq/plot';
import type { QLensResult } from '../../qlens/result.ts';
import { indexAxis, logAxis, valueAxis } from '../svg/axes.ts';
import type { Figure } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { count, numeral } from '../text/numerals.ts';
import { prose } from '../text/prose.ts';
import { stageLabel, stepBetween } from '../text/stage-names.ts';
import { sublayerBars } from './bars.ts';
import { lines } from './lines.ts';

/** Entropy, divergence from the final law, rank of the final token, angle of every transition. */
export function qlensFigures(qlens: QLensResult): Figure[] {
  return [entropyFigure(qlens), divergenceFigure(qlens), rankFigure(qlens), angleFigure(qlens)];
}

function entropyFigure({ stages, V }: QLensResult): Figure {
  const values = stages.map(({ entropy }) => entropy);
  const uniform = Math.log(V);
  const words = [`ln V = ${numeral(uniform, 3)}`];
  return {
    name: 'qlens-entropy',
    title: 'Entropy by stage',
    description: `Entropy in nats of the law at each of ${stages.length} stages, from ${numeral(values[0])} to ${numeral(values.at(-1))}; the uniform law would have ${numeral(uniform)}.`,
    caption: prose`Entropy of p = ψ² at every stage, ψ = √p being the state vector (QLens, eqs. 5–7). A logit lens applies the final norm and the unembedding to stages that were not trained for them, so early laws are to be taken with care.`,
    ...lines(
      [{ values }],
      indexAxis(namesOf(stages), 'stage'),
      valueAxis('nats', { domain: [0, Math.max(uniform, 0.1, ...values.filter(Number.isFinite)) * 1.02], nice: false }),
      [
        Plot.ruleY([uniform], { stroke: colour('soft'), strokeDasharray: '4 3' }),
        Plot.text(words, {
          x: -0.5,
          y: uniform,
          text: (text) => text,
          textAnchor: 'start',
          dy: 9,
          fill: colour('soft'),
        }),
      ],
    ),
  };
}

function divergenceFigure({ stages }: QLensResult): Figure {
  return {
    name: 'qlens-divergence',
    title: 'Distance to the final law by stage',
    description: `Kullback–Leibler divergence of the final law from the law at each stage, in nats, from ${numeral(stages[0]?.klFinal)} to ${numeral(stages.at(-1)?.klFinal)}, and Jensen–Shannon divergence.`,
    caption:
      'How much of the final prediction each stage still lacks. The Jensen–Shannon divergence cannot exceed ln 2 = 0.693 nats, so it saturates where the Kullback–Leibler divergence does not.',
    ...lines(
      [
        { label: 'KL(final ‖ stage)', values: stages.map(({ klFinal }) => klFinal) },
        { label: 'Jensen–Shannon', values: stages.map(({ jensenShannon }) => jensenShannon), second: true },
      ],
      indexAxis(namesOf(stages), 'stage'),
      valueAxis('nats', { zero: true }),
    ),
  };
}

function rankFigure({ stages, V }: QLensResult): Figure {
  const values = stages.map(({ finalTopRank }) => finalTopRank);
  const settled = stages[values.findLastIndex((rank) => rank !== 1) + 1];
  return {
    name: 'qlens-rank',
    title: 'Rank of the final token by stage',
    description: `Rank, among ${count(V)}, of the model’s final top token at each stage, 1 at the top${
      settled === undefined ? '' : `; it stays first from ${stageLabel(settled.name)} on`
    }.`,
    caption: `Where the model’s own answer stands in the law of each stage; 1, at the top, is the most probable token.${
      settled === undefined ? '' : ` It stays first from stage ${stageLabel(settled.name)} on.`
    }`,
    ...lines([{ values }], indexAxis(namesOf(stages), 'stage'), { ...logAxis('rank', [1, ...values]), reverse: true }),
  };
}

function angleFigure({ transitions, summary }: QLensResult): Figure {
  const { pathLength, geodesic, efficiency } = summary;
  const names = transitions.map(({ to }) => to);
  const step = stepBetween(names);
  return {
    name: 'qlens-angle',
    title: 'Bures angle of every transition',
    description: `Bures angle in radians between the states before and after each of ${transitions.length} ${step}s. Path length ${numeral(pathLength)}, geodesic ${numeral(geodesic)}.`,
    caption: prose`Angle arccos⟨ψ_l|ψ_{l+1}⟩ that each ${step} turns the state by. The bars add up to the path length ${numeral(pathLength)}; the shortest way from first to last is ${numeral(geodesic)} (at most π/2), which gives a speed-limit efficiency of ${numeral(efficiency)}.`,
    ...sublayerBars(
      names,
      transitions.map(({ buresAngle }) => buresAngle),
      { what: 'transition into stage', unit: 'radians' },
    ),
  };
}

function namesOf(stages: QLensResult['stages']): string[] {
  return stages.map(({ name }) => name);
}
