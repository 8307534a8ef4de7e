import type { TransformerConfig } from '../config.ts';
import type { ModelFamily } from './family.ts';

/** Types of stored weights that hold each number by itself. */
export type FloatType = 'F32' | 'F16' | 'BF16';

/** Types of stored weights that hold numbers in blocks with a scale each, as GGUF files have them. */
export type BlockType =
  | 'Q4_0'
  | 'Q4_1'
  | 'Q5_0'
  | 'Q5_1'
  | 'Q8_0'
  | 'Q2_K'
  | 'Q3_K'
  | 'Q4_K'
  | 'Q5_K'
  | 'Q6_K'
  | 'IQ4_NL'
  | 'IQ4_XS';

/** Types of stored weights that can be read. */
export type WeightType = FloatType | BlockType;

/** One file by name and size, read by byte range. */
export interface ByteSource {
  /** Bytes in the file. */
  readonly size: number;
  /** Fills `into` with the bytes from `offset` on. Rejects with FormatError if the file ends before. */
  read(offset: number, into: Uint8Array): Promise<void>;
  /** The same at once; absent where files can only be waited for. @throws FormatError if the file changed, or ends before. */
  readSync?(offset: number, into: Uint8Array): void;
}

/** A flat folder of files: a directory in Node, dropped `File`s in a page. Names never contain a path. */
export interface Folder {
  /** What to call it in messages and results. */
  readonly label: string;
  /** Names of the files in it. */
  names(): Promise<readonly string[]>;
  /** null if there is no such file. */
  open(name: string): Promise<ByteSource | null>;
}

/** A tensor as the header of its file describes it, checked. */
export interface TensorEntry {
  /** Canonical name: as the family's rows have it, whatever prefix the file puts in front or leaves out. */
  readonly name: string;
  /** Name of the file it lies in. */
  readonly file: string;
  /** Type of the stored numbers. Rows hold whole blocks of a block type. */
  readonly dtype: WeightType;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Byte range inside the file. */
  readonly begin: number;
  /** First byte behind it. */
  readonly end: number;
}

/** Some whole leading-dimension slices (“rows”) of one tensor, in order. `bytes` begins at a multiple of 4 in its buffer and is valid only during the call. */
export interface TensorRows {
  /** The tensor they belong to. */
  readonly tensor: TensorEntry;
  /** Number of the first of them, from 0. */
  readonly firstRow: number;
  /** How many they are. */
  readonly rows: number;
  /** Their numbers as stored, in the tensor's type. */
  readonly bytes: Uint8Array;
}

/** How a checkpoint was identified: SHA-256 of each file, as `sha256sum` prints it. */
export type Fingerprint = Readonly<Record<string, string>>;

/** Options of reading weights. */
export interface ReadOptions {
  /** Ends the reading when it is aborted, with its reason. */
  readonly signal?: AbortSignal;
  /** Bytes read so far, and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** An opened checkpoint folder: configuration and tensor table checked, no weights in memory. */
export interface Checkpoint {
  /** What messages and results call it. */
  readonly label: string;
  /** What the forward pass needs to know. */
  readonly config: TransformerConfig;
  /** How its files store the tensors of the family. */
  readonly family: ModelFamily;
  /** Tensors the model uses, by canonical name, all present and of the shape the configuration asks for. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Canonical names in the files that the model does not use (mask buffers and the like). */
  readonly ignored: readonly string[];
  /** Numbers in the tensors the model uses; a tied unembedding counts once. */
  readonly parameterCount: number;
  /** What the user should see: fields and tensors that were not understood and not used. */
  readonly warnings: readonly string[];
  /** tokenizer.json and tokenizer_config.json, parsed; null when the folder has none. */
  readonly tokenizerFiles: { readonly tokenizer: object; readonly config: object } | null;
  /**
   * Streams every weight file once, in order, in chunks of whole rows of about 4 MiB, and calls `visit` for the tensors the
   * model uses. A tensor of one axis has one element per row. Resolves to the fingerprint, which covers every byte that was
   * read, those of config.json, the index and the tokenizer included.
   *
   * Rejects with the signal's reason when it is aborted, and with what `visit` throws.
   * @throws FormatError if a file changed since the checkpoint was opened.
   * @throws CapacityError if one row is larger than a buffer can be.
   */
  readWeights(visit: (rows: TensorRows) => void, options?: ReadOptions): Promise<Fingerprint>;
  /**
   * Reads one tensor of {@link tensors} at once, in the chunks of `readWeights`; absent where files can only be waited for.
   *
   * @throws FormatError if the file changed since the checkpoint was opened.
   */
  readonly readTensor?: (tensor: TensorEntry, visit: (rows: TensorRows) => void) => void;
}
