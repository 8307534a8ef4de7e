import { FormatError } from '../../core/errors.ts';

/** true if `name` names a file of a flat folder: no path separator, not `.` or `..`, no NUL, not empty. */
export function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

/** The error of a {@link ByteSource} whose file is shorter than a read asks for. */
export function endsBefore(where: string, source: string, needed: number, size: number): FormatError {
  return new FormatError(`${where}: ${source} must reach byte ${needed}, but it ends at ${size}.`, {
    source,
    offset: size,
  });
}
