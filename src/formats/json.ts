import { FormatError } from '../core/errors.ts';
import { MAX_JSON_DEPTH, tooDeepAt } from '../core/json.ts';
import { type JsonFault, scanJson } from './json-scan.ts';

/** Where a JSON text comes from, for messages. */
export interface JsonOrigin {
  /** Function named in the message. */
  readonly where: string;
  /** File name. */
  readonly source: string;
  /** Offset of the text in its file; 0 if absent. */
  readonly offset?: number;
  /** Refuse an object that repeats a key (JSON.parse keeps the last). */
  readonly uniqueKeys?: boolean;
}

/**
 * Reads a UTF-8 JSON text whose outermost value is an object and that nests at most 500 levels deep.
 *
 * @returns its entries in order; a Map, so that a key like `__proto__` is only a key.
 * @throws FormatError with the byte offset and line of the fault.
 */
export function parseJsonObject(bytes: Uint8Array, origin: JsonOrigin): ReadonlyMap<string, unknown> {
  const { where, source, offset = 0, uniqueKeys = false } = origin;
  const text = decodeUtf8(bytes, origin);
  const deep = tooDeepAt(text);
  let value: unknown;
  let fault: JsonFault | null = null;
  if (deep !== null) fault = { position: deep, what: `more than ${MAX_JSON_DEPTH} levels of nesting` };
  else {
    try {
      value = JSON.parse(text);
      if (uniqueKeys) fault = scanJson(text, true);
    } catch (cause) {
      fault = scanJson(text, uniqueKeys) ?? { position: 0, what: String(cause) };
    }
  }
  if (fault !== null) {
    const before = text.slice(0, fault.position);
    const line = before.split('\n').length;
    const column = fault.position - before.lastIndexOf('\n');
    throw new FormatError(
      `${where}: ${source} must be valid JSON, but line ${line}, column ${column} has ${fault.what}.`,
      { source, offset: offset + new TextEncoder().encode(before).length },
    );
  }
  if (!isJsonObject(value)) {
    throw new FormatError(`${where}: ${source} must hold a JSON object, but it holds ${describeJson(value)}.`, {
      source,
      offset,
    });
  }
  return new Map(Object.entries(value));
}

/** true for what `{…}` in JSON becomes. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON value in a message: short, on one line. */
export function describeJson(value: unknown): string {
  if (value === undefined) return 'absent';
  // A literal such as 1e400 is beyond the numbers of JSON.parse.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const text = jsonText(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** A JSON value as text; nesting that is too deep to write out is no reason to fall over. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'a value nested too deeply';
  }
}

/** A name from a file in a message: bare if it is an ordinary identifier, else quoted and shortened. */
export function quoteName(name: string): string {
  return /^[\w.-]{1,100}$/.test(name) ? name : describeJson(name);
}

function decodeUtf8(bytes: Uint8Array, { where, source, offset = 0 }: JsonOrigin): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(
      `${where}: ${source} must hold UTF-8 text, but its bytes are not.`,
      { source, offset },
      { cause },
    );
  }
}
