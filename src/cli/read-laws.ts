import { basename, extname } from 'node:path';
import { CapacityError, FormatError, formats, qlens } from '../index.ts';
import { readBytes } from './read-files.ts';
import { jsonOfLine, linesOf } from './read-texts.ts';

const READERS: Readonly<
  Record<
    string,
    (
      bytes: Uint8Array,
      source: string,
      names: readonly string[] | undefined,
      options: formats.ReadOptions,
    ) => readonly formats.NamedArray[]
  >
> = {
  '.npy': (bytes, source, _, options) => [formats.readNpy(bytes, source, options)],
  '.npz': (bytes, source, names, options) => formats.readAll(formats.openNpz(bytes, source, options), names),
  '.safetensors': (bytes, source, names, options) =>
    formats.readAll(formats.openSafetensors(bytes, source, options), names),
  '.pt': (bytes, source, names, options) => formats.readAll(formats.openTorch(bytes, source, options), names),
};

/** Most bytes of memory for the numbers of a .jsonl file, unless the caller says otherwise. */
const MOST_BYTES = 2 ** 32;

/**
 * Predictions from a file of arrays (.npy, .npz, .safetensors, .pt), or of lines of JSON (.jsonl): an object of one array of numbers for each
 * stage, or an array of them.
 */
export async function lawsOf(
  path: string,
  options: qlens.StageArrayOptions,
  maxBytes?: number,
): Promise<qlens.StageSource[]> {
  const extension = extname(path);
  const sources: qlens.StageSource[] = [];
  if (extension === '.jsonl') {
    let bytes = 0;
    let first: { readonly line: number; readonly arrays: readonly qlens.StageArray[] } | undefined;
    for await (const line of linesOf(path)) {
      const arrays = arraysOfValue(path, line.number, jsonOfLine(path, line));
      first ??= { line: line.number, arrays };
      checkLikeFirst(path, line.number, arrays, first);
      bytes += arrays.reduce((sum, { data }) => sum + 8 * data.length, 0);
      checkBytes(path, bytes, maxBytes ?? MOST_BYTES);
      sources.push(...qlens.sourcesFromArrays(arrays, options));
    }
    if (sources.length > 0) return sources;
    throw new FormatError(`tmech: ${path} must hold lines of JSON, but it has none. Check the path.`, { source: path });
  }
  const reader = READERS[extension];
  if (reader === undefined) {
    throw new FormatError(
      `tmech: --laws must end in .npy, .npz, .safetensors, .pt or .jsonl, but it is '${path}'. Change its ending, or convert it.`,
      {
        source: path,
      },
    );
  }
  const limits = maxBytes === undefined ? {} : { maxBytes };
  return qlens.sourcesFromArrays(reader(await readBytes(path), basename(path), options.names, limits), options);
}

/** @throws CapacityError if the numbers of the lines so far need more memory than they may. */
function checkBytes(path: string, bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new CapacityError(
    `tmech: ${path} must need at most ${most} bytes of memory, 8 for each number, but it needs more. Raise --max-bytes, or take a part.`,
    bytes,
  );
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
