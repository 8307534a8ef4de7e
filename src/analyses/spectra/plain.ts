/** A value for JSON: typed arrays as lists, infinities as 'Infinity' and '-Infinity', which JSON has no numbers for. */
export function plainNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value);
  if (value instanceof Float64Array) return Array.from(value, plainNumbers);
  if (Array.isArray(value)) return value.map(plainNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plainNumbers(part)]));
}
