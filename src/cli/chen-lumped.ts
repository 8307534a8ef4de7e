import { join } from 'node:path';
import { fock, openBackend, report } from '../index.ts';
import { checkDirectory, readJson, writeWhole } from './files.ts';
import { terminalLooks } from './looks.ts';
import type { ModelOptions } from './options.ts';
import { jsonText } from './result.ts';
import { type Invocation, UsageError } from './run.ts';

export interface LumpedCommandOptions {
  readonly path: string | undefined;
  readonly out: string | undefined;
  readonly json: true | undefined;
  readonly backend: ModelOptions['backend'];
  readonly top: number;
  /** Options given besides, by name, that lumping leaves no use for. */
  readonly foreign: string | undefined;
}

/** `tmech chen <description> --lump`: the exact numbers of all steps. */
export async function chenLumped(
  { args, print, writes, progress }: Invocation,
  { path, out, json, backend: kind, top, foreign }: LumpedCommandOptions,
): Promise<void> {
  if (path === undefined) {
    throw new UsageError(
      'tmech chen: --lump must come with a description, but there is none. A checkpoint’s law depends on the order of the tokens and does not lump.',
    );
  }
  if (foreign !== undefined) {
    const flag = foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`tmech chen: --${flag} must not come with --lump, but it does. Leave it out.`);
  }
  const directory = out !== undefined && writes ? await checkDirectory('--out', out) : null;
  const description = await readJson(path);
  const backend = await openBackend({ kind });
  const result = await fock.runLumped(backend, fock.modelOfDescription(description, path), {
    top,
    onProgress: (done, total) => progress.update('open system', done, total),
  });
  progress.stop();
  const data = { provenance: report.provenanceOf(backend.kind, 'f64', args), description, ...result };
  if (directory !== null) {
    await writeWhole(join(directory, 'chen-lumped.json'), jsonText(data));
    await writeWhole(join(directory, 'chen-lumped-entropy.svg'), report.renderLumpedFigure(result));
  }
  print(json ? jsonText(data) : report.renderLumped(result, terminalLooks()));
}
