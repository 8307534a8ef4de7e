/** Element i of `items`; throws where there is none. */
export function at<T>(items: ArrayLike<T>, i: number): T {
  const item = items[i];
  if (item === undefined) throw new RangeError(`at: index must be below ${items.length}, but it is ${i}.`);
  return item;
}

/** The value of `record` under `name`; throws where there is none. */
export function named<T>(record: Readonly<Record<string, T>>, name: string): T {
  const value = record[name];
  if (value === undefined) throw new RangeError(`named: name must be one of the record's, but it is '${name}'.`);
  return value;
}
