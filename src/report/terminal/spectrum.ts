import type {
  GridPicture,
  GrowthPicture,
  SpectrumReport,
  StabilityPicture,
} from '../../analyses/spectra/analyse-spectrum.ts';
import { modulus } from '../../math/complex-pairs.ts';
import { numeral } from '../text/numerals.ts';
import { firstRows, Paint, spacedRows, type TerminalOptions, terminalTable } from './terminal-text.ts';

const VALUES = 8;
const MAP_ROWS = 17;
const MAP_COLUMNS = 61;

/** A spectrum for a terminal: numbers, warnings, eigenvalues and a coarse map of pseudospectra. About 50 lines. */
export function renderSpectrum(name: string, result: SpectrumReport, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const { rows, columns, summary, grid, stability, extremes, powers, exponentials, notes } = result;
  const lines = [
    paint.heading('Spectrum'),
    ...paint.paragraph(`${name}: ${rows}×${columns}, singular values ${shownValues(result.singularValues)}`, 2),
    ...(summary === null ? [] : summaryLines(summary, paint)),
    ...(summary?.warnings ?? [])
      .flatMap((warning) => paint.paragraph(`Warning: ${warning}`, 2))
      .map((line) => paint.as('red', line)),
    ...(stability ?? []).flatMap((one) => paint.paragraph(stabilityLine(one), 2)),
    ...(extremes ?? []).map(({ epsilon, abscissa, radius }) =>
      paint.line(`  ε = ${numeral(epsilon, 2)}: abscissa ${numeral(abscissa, 7)}, radius ${numeral(radius, 7)}`),
    ),
    ...growthLine('max ‖Aᵏ‖', 'k', powers, paint),
    ...growthLine('max ‖exp(tA)‖', 't', exponentials, paint),
    ...notes.flatMap((note) => paint.paragraph(note, 2)),
    ...(grid === null ? [] : [...mapLines(grid, paint), ...closerLook(grid, summary, paint)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The largest three and the smallest. */
function shownValues(values: Float64Array): string {
  const shown = Array.from(values.length > 4 ? values.subarray(0, 3) : values, (value) => numeral(value));
  return [...shown, ...(values.length > 4 ? ['…', numeral(values.at(-1)!)] : [])].join(', ');
}

function summaryLines(summary: Summary, paint: Paint): string[] {
  const { abscissa, radius, eigenvectorCondition, departure, asymmetry, numericalRange } = summary;
  const order = Array.from({ length: summary.n }, (_, k) => k).sort((x, y) => sizeOf(summary, y) - sizeOf(summary, x));
  return [
    ...paint.paragraph(
      `spectral abscissa ${numeral(abscissa, 6)}, radius ${numeral(radius, 6)}; numerical abscissa ${numeral(numericalRange.abscissa, 6)}, radius ${numeral(numericalRange.radius.value, 6)}`,
      2,
    ),
    ...paint.paragraph(
      `departure from normality ${numeral(departure.henrici)} (${numeral(100 * departure.relative, 3)} % of ‖A‖), ‖A*A − AA*‖ ${numeral(departure.commutator)}, κ(V) ${numeral(eigenvectorCondition)}`,
      2,
    ),
    ...paint.paragraph(
      `‖A − A*‖/‖A‖ ${numeral(asymmetry)}: the symmetric part has ${numeral(100 * (1 - (asymmetry * asymmetry) / 4), 3)} % of ‖A‖²`,
      2,
    ),
    terminalTable(
      paint,
      [
        { head: 'Re λ', numeric: true },
        { head: 'Im λ', numeric: true },
        { head: '|λ|', numeric: true },
        { head: 'condition', numeric: true },
        { head: 'uncertain by', numeric: true },
      ],
      firstRows(order, VALUES, (k) => [
        numeral(summary.eigenvalues[2 * k]!, 6),
        numeral(summary.eigenvalues[2 * k + 1]!, 6),
        numeral(sizeOf(summary, k), 6),
        numeral(summary.conditionNumbers[k]!, 3),
        numeral(summary.uncertainty[k]!, 2),
      ]),
    ),
  ];
}

function sizeOf({ eigenvalues }: Summary, k: number): number {
  return modulus(eigenvalues[2 * k]!, eigenvalues[2 * k + 1]!);
}

type Summary = NonNullable<SpectrumReport['summary']>;

function stabilityLine({ region, kreiss, distance }: StabilityPicture): string {
  const where = region === 'disc' ? 'powers' : 'exponential';
  if (!Number.isFinite(kreiss.value)) {
    return `Kreiss constant (${where}) ∞: ${unstableBy(region, kreiss)}`;
  }
  const bounds = kreiss.upper > kreiss.lower ? `, in [${numeral(kreiss.lower, 8)}, ${numeral(kreiss.upper, 8)}]` : '';
  const marginal = kreiss.onBoundary.length > 0;
  const margin = marginal ? 'an eigenvalue on the boundary' : `distance to instability ${numeral(distance.value)}`;
  return `Kreiss constant (${where}) ${numeral(kreiss.value, 7)}${bounds}; ${margin}`;
}

/** Why a Kreiss constant is infinite: an eigenvalue lies outside, or is defective on the boundary. */
function unstableBy(region: StabilityPicture['region'], { outside }: StabilityPicture['kreiss']): string {
  const quantity = region === 'disc' ? 'modulus' : 'real part';
  if (outside === null) return `an eigenvalue of ${quantity} ${region === 'disc' ? 1 : 0} is defective to rounding`;
  const [re, im] = outside;
  const value = `${numeral(re, 6)} ${im < 0 ? '−' : '+'} ${numeral(Math.abs(im), 6)}i`;
  return `the eigenvalue ${value} has ${quantity} ${numeral(region === 'disc' ? modulus(re, im) : re, 6)}`;
}

function growthLine(what: string, unit: string, picture: GrowthPicture | null, paint: Paint): string[] {
  if (picture === null) return [];
  const { times, norms } = picture.growth;
  const { bounds, ceiling } = picture;
  let at = 0;
  for (let k = 0; k < norms.length; k++) if (norms[k]! > norms[at]!) at = k;
  const bound = bounds === null ? '' : `, at least ${numeral(bounds.at(-1)!)} by the resolvent`;
  const limit = ceiling === null ? '' : `, at most ${numeral(ceiling)} at any ${unit}`;
  return paint.paragraph(
    `${what} ${numeral(norms[at]!)} at ${unit} = ${numeral(times[at]!, 3)} (up to ${numeral(times.at(-1)!, 3)})${bound}${limit}`,
    2,
  );
}

/** Rows from the largest imaginary part down; a digit d says σ_min ≤ 10⁻ᵈ times the highest level. */
function mapLines({ re, im, sigmaMin, contours }: GridPicture, paint: Paint): string[] {
  const top = contours[0]!.level;
  const [columns, rows] = [spacedRows(re.length, MAP_COLUMNS), spacedRows(im.length, MAP_ROWS)];
  const symbol = (sigma: number): string =>
    sigma > top ? '·' : String(Math.min(9, Math.max(0, Math.floor(Math.log10(top / Math.max(sigma, 1e-300)) + 1e-9))));
  return [
    paint.heading('Pseudospectra'),
    ...paint.paragraph(
      `Re z from ${numeral(re[0]!)} to ${numeral(re.at(-1)!)}, Im z from ${numeral(im[0]!)} to ${numeral(im.at(-1)!)}; d: σ(z − A) ≤ ${numeral(top, 1)}·10⁻ᵈ`,
    ),
    ...rows
      .toReversed()
      .map((j) => paint.line(`  ${columns.map((i) => symbol(sigmaMin[j * re.length + i]!)).join('')}`)),
  ];
}

/** The axes of a map that shows the eigenvalues, where this one holds none of them, or all within one character. */
function closerLook({ re, im }: GridPicture, summary: Summary | null, paint: Paint): string[] {
  if (summary === null) return [];
  const parts = [0, 1].map((part) => summary.eigenvalues.filter((_, at) => at % 2 === part)) as [
    Float64Array,
    Float64Array,
  ];
  const sides = parts.map(
    (values) => [values.reduce((x, y) => Math.min(x, y)), values.reduce((x, y) => Math.max(x, y))] as const,
  );
  const [width, height] = sides.map(([low, high]) => high - low) as [number, number];
  const larger = Math.max(width, height);
  if (larger === 0) return [];
  const on = (axis: Float64Array, value: number) => value >= axis[0]! && value <= axis.at(-1)!;
  const none = !parts[0].some((x, k) => on(re, x) && on(im, parts[1][k]!));
  const shown = width * MAP_COLUMNS > re.at(-1)! - re[0]! || height * MAP_ROWS > im.at(-1)! - im[0]!;
  if (shown && !none) return [];
  const axes = sides.flatMap(([low, high]) => [low - larger / 4, high + larger / 4]).map((x) => rounded(x, larger));
  return paint.paragraph(
    `${none ? 'No eigenvalue lies on this map.' : 'All eigenvalues lie within one character of this map.'} To see them: --axes=${axes.join(',')}`,
    2,
  );
}

/** A number with the digits that tell it from one that differs by a hundredth of `size`. */
function rounded(x: number, size: number): number {
  const digits = 3 + Math.max(0, Math.ceil(Math.log10(Math.abs(x) / size)));
  return Number(x.toPrecision(Math.min(17, digits)));
}
