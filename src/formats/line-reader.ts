/** Longest line that is read, in characters; the formats read here ask for no more. */
const MAX_LINE = 1024;
/** U+FEFF as its bytes. */
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/** Reads text line by line and knows where it is. */
export class LineReader {
  /** Number of the line that was read last, from 1. */
  line = 0;
  /** Offset of that line. */
  offset = 0;
  readonly #text: string;
  #next = 0;

  /** One character per byte, so that offsets are those of the file. A byte-order mark is passed over. */
  constructor(bytes: Uint8Array) {
    this.#text = new TextDecoder('latin1').decode(bytes);
    if (this.#text.startsWith(BYTE_ORDER_MARK)) this.#next = BYTE_ORDER_MARK.length;
  }

  /** Characters that have not been read. */
  get rest(): number {
    return this.#text.length - this.#next;
  }

  /** The next line without spaces at its ends; null at the end of the text or if the line is too long. */
  read(): string | null {
    const text = this.#text;
    this.offset = this.#next;
    if (this.#next >= text.length) return null;
    this.line++;
    const found = text.indexOf('\n', this.#next);
    const end = found < 0 ? text.length : found;
    if (end - this.#next > MAX_LINE) return null;
    this.#next = end + 1;
    return text.slice(this.offset, end).trim();
  }
}
