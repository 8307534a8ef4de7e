import { VERSION } from '../src/core/version.ts';
import { type Finding, largest, SUBJECTS, type Subject } from '../tests/support/referee/finding.ts';
import type { RealCheckpoint } from '../tests/support/referee/real.ts';
import type { CaseReference, FamilyReference } from '../tests/support/referee/reference.ts';

/** What was found of one case. */
export interface CaseReport {
  readonly family: FamilyReference;
  readonly reference: CaseReference;
  /** Of all spellings and backends. */
  readonly findings: readonly Finding[];
  /** Spellings whose `model_type` the reader has no family for. */
  readonly unsupported: readonly string[];
  /** What the reader said of spellings that it refused. */
  readonly refused: readonly string[];
}

/** What was found of a published checkpoint. */
export interface RealReport {
  readonly checkpoint: RealCheckpoint;
  /** None where it was not there. */
  readonly findings: readonly Finding[];
  /** What the reader said of it, where it refused it. */
  readonly refused: string | null;
}

const GREEDY = ['greedy', 'fastGreedy'] as const satisfies readonly Subject[];
const REAL_COLUMNS = ['streams', 'patterns', 'logits', 'logProbabilities', ...GREEDY] as const;
const COLUMNS = (Object.keys(SUBJECTS) as Subject[]).filter((subject) => !GREEDY.some((own) => own === subject));

/** docs/validation.md. */
export function validationPage(
  reports: readonly CaseReport[],
  real: readonly RealReport[],
  { date, backends }: { readonly date: Date; readonly backends: readonly string[] },
): string {
  const [{ transformers, torch }] = reports.map(({ family }) => family) as [FamilyReference];
  const names = [...new Set(reports.map(({ family }) => family.family))];
  const families = names.map((name) => [name, reports.filter(({ family }) => family.family === name)] as const);
  return `# Validation

Written by \`npm run validate\` on ${date.toISOString().slice(0, 10)}: transformer-mechanics ${VERSION} on the backends ${backends.join(' and ')}, against transformers ${transformers} with PyTorch ${torch}
in double precision throughout. The models are tiny and random, one for every option of a family that changes what is computed; [the validator](../validator/README.md) makes them.

Each number is the largest deviation over all points of that kind, all spellings of config.json, and the backends. Streams, patterns and logits are those of a pass in f64, relative to the largest number of the
point; log-probabilities are those of a pass in f32, absolute, in nats. Histories: prefixes read token by token, and together in one pass, against each alone. The laws hold in f64, relative to the sizes of what is summed: the orders of the [Dyson series](dyson.md) and all paths sum to the state,
frozen sublayers give the recorded outputs, contributions sum to the logit, transposes are transposes, and tangents are the slopes of central differences.

## Families

${table(
  'family',
  families.map(([family, own]) => [family, own]),
)}

## Cases

${table(
  'case',
  reports.map((report) => [`${report.family.family}: ${report.reference.name}`, [report]]),
)}
${remarks('Not read', unread(reports))}${remarks('Where transformers departs from what a field means', departures(reports))}

## Published checkpoints

Where \`TMECH_CHECKPOINTS\` names a folder that holds them, \`npm run validate\` and \`tests/golden/referee-real.node.test.ts\` run these too, on the backend wasm, after they have checked the SHA-256;
nothing is fetched by itself. An empty row: not there in the last run, or not read. Greedy text: five prompts, 64 tokens each through the cache of keys and values, in f64 and in f32; all token ids are those of
\`transformers\` in double precision, and the number is the largest deviation of the log-probability of a token that was taken.

${realTable(real)}

${real.map(({ checkpoint }) => `${described(checkpoint)}\n`).join('\n')}
Token ids are held against the Rust tokenizers elsewhere: those of folders by [tokenizers.test.ts](../tests/golden/tokenizers.test.ts) ([make-tokenizers.py](../tests/golden/make-tokenizers.py)), those of GGUF files by
[gguf-tokenizers.test.ts](../tests/golden/gguf-tokenizers.test.ts) ([make-gguf-tokenizers.py](../tests/golden/make-gguf-tokenizers.py)).
`;
}

function table(first: string, rows: readonly (readonly [name: string, reports: readonly CaseReport[]])[]): string {
  return [
    line([first, ...COLUMNS.map((subject) => SUBJECTS[subject].title)]),
    line(['---', ...COLUMNS.map(() => '--:')]),
    line(['*bound*', ...COLUMNS.map((subject) => `*${SUBJECTS[subject].bound.toExponential()}*`)]),
    ...rows.map(([name, reports]) => {
      const worst = largest(reports.flatMap(({ findings }) => findings));
      return line([name, ...COLUMNS.map((subject) => shown(worst.get(subject), SUBJECTS[subject].bound))]);
    }),
  ].join('\n');
}

function realTable(real: readonly RealReport[]): string {
  const head = ['checkpoint', ...REAL_COLUMNS.map((subject) => SUBJECTS[subject].title)];
  const rows = real.map(({ checkpoint, findings }) => {
    const worst = largest(findings);
    return [checkpoint.name, ...REAL_COLUMNS.map((subject) => shown(worst.get(subject), SUBJECTS[subject].bound))];
  });
  return [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows].map(line).join('\n');
}

function described({ name, revision, file, bytes, sha256, licence, fetch }: RealCheckpoint): string {
  return `**${name}**: ${revision}, \`${file}\`, ${bytes.toLocaleString('en')} bytes, ${licence}. SHA-256 \`${sha256}\`.

\`\`\`sh
${fetch}
\`\`\``;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function shown(finding: Finding | undefined, bound: number): string {
  if (finding === undefined) return '';
  const digits = finding.deviation === 0 ? '0' : finding.deviation.toExponential(0);
  return finding.deviation <= bound ? digits : `**${digits}**`;
}

function unread(reports: readonly CaseReport[]): string[] {
  const families = [...new Set(reports.map(({ family }) => family))].filter((family) =>
    reports.every(
      (report) => report.family !== family || (report.findings.length === 0 && report.refused.length === 0),
    ),
  );
  const whole = families.length === 0 ? [] : [`whole families: ${families.map(({ family }) => family).join(', ')}`];
  return [...whole, ...reports.filter(({ family }) => !families.includes(family)).flatMap(unreadSpellings)];
}

function unreadSpellings({ family, reference, unsupported, refused }: CaseReport): string[] {
  return [
    ...(unsupported.length > 0
      ? [`${family.family}, ${reference.name}: no such family (${unsupported.join(', ')})`]
      : []),
    ...refused.map((message) => `${family.family}, ${reference.name}: ${message}`),
  ];
}

function departures(reports: readonly CaseReport[]): string[] {
  return reports.flatMap(({ family, reference: { name, note, unread = {} } }) => [
    ...(note === undefined ? [] : [`${family.family}, ${name}: ${note}`]),
    ...Object.entries(unread).map(([spelling, what]) => `${family.family}, ${name}, spelling ${spelling}: ${what}`),
  ]);
}

function remarks(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n## ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`;
}
