import { basename, extname } from 'node:path';
import { FormatError, formats, qlens } from '../index.ts';
import { readBytes } from './read-files.ts';
import { jsonOfLine, linesOf } from './read-texts.ts';

const READERS: Readonly<Record<string, (bytes: Uint8Array, source: string) => readonly formats.NamedArray[]>> = {
  '.npy': (bytes, source) => [formats.readNpy(bytes, source)],
  '.npz': (bytes, source) => formats.readAll(formats.openNpz(bytes, source)),
  '.safetensors': (bytes, source) => formats.readAll(formats.openSafetensors(bytes, source)),
};

/**
 * Predictions from a file of arrays (.npy, .npz, .safetensors), or of lines of JSON (.jsonl): an object of one array of numbers for each
 * stage, or an array of them.
 */
export async function lawsOf(path: string, options: qlens.StageArrayOptions): Promise<qlens.StageSource[]> {
  const extension = extname(path);
  const sources: qlens.StageSource[] = [];
  if (extension === '.jsonl') {
    let first: { readonly line: number; readonly arrays: readonly qlens.StageArray[] } | undefined;
    for await (const line of linesOf(path)) {
      const arrays = arraysOfValue(path, line.number, jsonOfLine(path, line));
      first ??= { line: line.number, arrays };
      checkLikeFirst(path, line.number, arrays, first);
      sources.push(...qlens.sourcesFromArrays(arrays, options));
    }
    if (sources.length > 0) return sources;
    throw new FormatError(`tmech: ${path} must hold lines of JSON, but it has none. Check the path.`, { source: path });
  }
  const reader = READERS[extension];
  if (reader === undefined) {
    throw new FormatError(
      `tmech: --laws must end in .npy, .npz, .safetensors or .jsonl, but it is '${path}'. Change its ending, or convert it.`,
      {
        source: path,
      },
    );
  }
  return qlens.sourcesFromArrays(reader(await readBytes(path), basename(path)), options);
}

/** @throws FormatError unless a line has the stages of the first one, all as long as that one's first stage. */
function checkLikeFirst(
  path: string,
  number: number,
  arrays: readonly qlens.StageArray[],
  first: { readonly line: number; readonly arrays: readonly qlens.StageArray[] },
): void {
  const fail = (must: string, but: string): never => {
    throw new FormatError(`tmech: line ${number} of ${path} must ${must}, but ${but}. Mend the file.`, {
      source: path,
    });
  };
  const [stages, wanted] = [arrays, first.arrays].map((list) => list.map(({ name }) => name).join(', '));
  if (stages !== wanted) fail(`hold the stages ${wanted} of line ${first.line}`, `it holds ${stages || 'none'}`);
  const width = first.arrays[0]?.data.length;
  const odd = arrays.find(({ data }) => data.length !== width);
  if (odd !== undefined) {
    const like = `${first.arrays[0]!.name} of line ${first.line}`;
    fail(`hold ${width} numbers for each stage, like ${like}`, `${odd.name} has ${odd.data.length}`);
  }
}

function arraysOfValue(path: string, number: number, value: unknown): qlens.StageArray[] {
  const entries = Array.isArray(value) ? value.map((row, i) => [`stage.${i}`, row]) : Object.entries(value ?? {});
  return entries.map(([name, row]) => {
    if (!Array.isArray(row) || !row.every((entry) => typeof entry === 'number')) {
      throw new FormatError(
        `tmech: line ${number} of ${path} must hold arrays of numbers, but ${name} is none. Mend the file.`,
        {
          source: path,
        },
      );
    }
    return { name, shape: [row.length], data: Float64Array.from(row as number[]) };
  });
}
