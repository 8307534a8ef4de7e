/** Version of this package; tests hold it equal to package.json's. */
export const VERSION = '0.1.0';

/**
 * Version of the fields of results, raised by one in a release in which a field is added, removed or renamed, or changes its type, unit or
 * meaning; docs/json.md lists what each changed. Results without the field `provenance.schema` are of schema 0.
 */
export const SCHEMA = 1;
