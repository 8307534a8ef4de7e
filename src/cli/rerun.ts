import { z } from 'zod';
import { analyses, DomainError, FormatError, report, SCHEMA } from '../index.ts';
import { compareResults, type Differences } from './compare-results.ts';
import { EXIT, type Invocation } from './invocation.ts';
import { commandOf } from './known-command.ts';
import { plainCommand } from './options.ts';
import { localPath, mapPaths, portablePath } from './portable-paths.ts';
import { readJson } from './read-files.ts';
import { jsonText } from './result.ts';
import { fieldsChangedSince } from './result-schemas.ts';
import { terminalLooks } from './terminal.ts';

/** Commands that write nothing when they are repeated; a result file may name no other. */
const REPEATABLE = ['analyze', 'next', 'chen', 'qlens', 'dyson', 'spectra', 'lens', 'reproduce'];

const resultFile = z.looseObject({
  provenance: z.looseObject({
    package: z.literal('transformer-mechanics'),
    version: z.string(),
    schema: z.int().nonnegative().default(0),
    command: z.array(z.string()).min(1),
  }),
  checkpoint: z.looseObject({ label: z.string(), fingerprint: z.record(z.string(), z.string()) }).optional(),
});

/** Provenance fields that differ between two runs of the same thing. */
const VOLATILE = ['createdAt', 'command', 'schema', 'threads', 'streamed'];

/** `tmech rerun`: repeats the command that made a JSON result and says whether the numbers are the same. */
export function rerunCommand(invocation: Invocation) {
  return plainCommand('rerun', 'Repeats the command that made a JSON result (report.json) and compares the two.')
    .argument('<result>', 'JSON result of analyze, next, chen, qlens, dyson, spectra, lens or reproduce')
    .action(async (path, { json }, self) => {
      const parsed = resultFile.safeParse(await readJson(path));
      if (!parsed.success) {
        const issue = parsed.error.issues[0]!;
        throw new FormatError(
          `rerun: ${path} must be a result of tmech, but ${issue.path.join('.') || 'it'} is not: ${issue.message}. Give a file that tmech wrote.`,
          { source: path, field: issue.path.join('.') },
        );
      }
      const before = parsed.data;
      const { command, version, schema } = before.provenance;
      if (schema > SCHEMA) {
        throw new FormatError(
          `rerun: ${path} must be of schema ${SCHEMA} or older, but it is of schema ${schema}, written by version ${version}. Rerun it with that version.`,
          { source: path, field: 'provenance.schema' },
        );
      }
      if (!REPEATABLE.includes(commandOf(self.parent!, command[0]!)?.name() ?? '')) {
        throw new DomainError(
          `rerun: the command must be one of ${REPEATABLE.join(', ')}, but it is '${command[0]}'. Run it yourself.`,
        );
      }
      const local = mapPaths(self.parent!, command, localPath);
      const { code, output } = await invocation.repeat([...local, '--json']);
      if (code !== EXIT.done)
        throw new DomainError(`rerun: the command must succeed, but it ended with ${code}. Its message is above.`);
      const after = resultOf(output);
      checkSameCheckpoint(before, after);
      const changed = fieldsChangedSince(schema, after.kind);
      const differences = compareResults(comparable(before), comparable(after), changed);
      const result = {
        kind: 'rerun',
        provenance: analyses.originOf(invocation.args),
        result: portablePath(path),
        command,
        versionBefore: version,
        versionNow: after.provenance.version,
        schemaBefore: schema,
        schemaNow: after.provenance.schema,
        notComparable: differences.allowed,
        identical: differences.count === 0,
        differences: differences.first,
      };
      invocation.print(json ? jsonText(result) : rerunText(differences, schema));
      if (differences.count === 0) return;
      if (version !== result.versionNow && differences.count === 1) {
        throw new DomainError(
          `rerun: the result must be of version ${result.versionNow}, but it is of ${version}. Every other field came out the same.`,
        );
      }
      throw new DomainError(
        `rerun: the numbers must be the same, but ${differences.count === 1 ? '1 field differs' : `${differences.count} fields differ`}. See the list${json ? ' in the result' : ' above'}.`,
      );
    });
}

function resultOf(output: string): z.infer<typeof resultFile> {
  const { success, data } = resultFile.safeParse(output.startsWith('{') ? JSON.parse(output) : null);
  if (success) return data;
  throw new DomainError(
    'rerun: the command must give a result, but it only printed a text. Give a file that tmech wrote.',
  );
}

/** Numbers of another checkpoint need no comparing. @throws DomainError naming the first file that differs. */
function checkSameCheckpoint(before: z.infer<typeof resultFile>, after: z.infer<typeof resultFile>): void {
  const now = after.checkpoint?.fingerprint ?? {};
  const changed = Object.entries(before.checkpoint?.fingerprint ?? {}).find(([file, hash]) => now[file] !== hash);
  if (changed === undefined) return;
  throw new DomainError(
    `rerun: the checkpoint must be the one the result was made from, but ${changed[0]} has another SHA-256 now. Put the old file back.`,
  );
}

/** The entries of a scaling, as texts and numbers that can be compared, under the names that newer files use. */
function comparable(result: Record<string, unknown>): unknown {
  const provenance = Object.entries(result.provenance as object).filter(([key]) => !VOLATILE.includes(key));
  return { ...result, provenance: Object.fromEntries(provenance) };
}

function rerunText({ allowed, count, first }: Differences, schema: number): string {
  const paint = new report.Paint(terminalLooks());
  const lines = first.map((line) => report.printable(line));
  const some = allowed.length > 0 ? ' that can be compared' : '';
  if (count === 0) lines.push(`${paint.as('green', 'identical')}: every number${some} came out the same.`);
  if (some !== '') lines.push(`not comparable with a result of schema ${schema}: ${allowed.join(', ')}`);
  return lines.map((line) => `${line}\n`).join('');
}
