/** Names longer than this, and more names than {@link MOST}, are not compared: the time grows with their product. */
const LONGEST = 120;
const MOST = 20_000;

/** Parts of names shorter than this say nothing. */
const SHORTEST_PART = 3;

/**
 * The names that are most like a mistaken one, nearest first, capital letters or not: at most four characters, or a third, changed, left out, put in or
 * swapped with their neighbour, or one of the two within the other.
 *
 * @cost the product of the lengths for every name.
 * @source F. J. Damerau, CACM 7 (1964) 171; by the recurrence of R. A. Wagner, M. J. Fischer, J. ACM 21 (1974) 168.
 */
export function nearNames(names: readonly string[], given: string, most = 3): string[] {
  if (given === '' || given.length > LONGEST) return [];
  const mistaken = given.toLowerCase();
  const allowed = Math.min(4, given.length - 1, Math.ceil(given.length / 3));
  return names
    .slice(0, MOST)
    .flatMap((name) => {
      if (name === '' || name.length > LONGEST) return [];
      const known = name.toLowerCase();
      const apart = Math.abs(known.length - mistaken.length);
      const within = known.includes(mistaken) || mistaken.includes(known);
      if (within && Math.min(known.length, mistaken.length) >= SHORTEST_PART) return [{ name, distance: apart }];
      const distance = apart > allowed ? Infinity : changesBetween(known, mistaken);
      return distance <= allowed ? [{ name, distance }] : [];
    })
    .sort((x, y) => x.distance - y.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

/** Fewest characters to change, leave out, put in or swap with their neighbour. */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  let above = row;
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? above[j - 2]! + 1 : Infinity;
      next.push(Math.min(changed, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    [above, row] = [row, next];
  }
  return row[b.length]!;
}

/** Names in quotes; of many the first three and the last. */
function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  return (quoted.length > 5 ? [...quoted.slice(0, 3), '…', quoted.at(-1)!] : quoted).join(', ');
}

/**
 * What an error says of a name that is none of a list: the list, and what may have been meant. A whole number is told apart from a name: what has
 * that index, or which indices there are.
 *
 * @param kind what the names are, as `stages`
 */
export function notAmong(given: string, names: readonly string[], kind: string): string {
  if (names.length === 0) return 'there is none';
  const there = `'${given}' is none of the ${names.length} ${kind} ${listed(names)}`;
  if (/^\d{1,15}$/.test(given)) {
    const name = names[Number(given)];
    const index =
      name === undefined
        ? `as an index it is beyond 0 to ${names.length - 1}`
        : `the one with index ${given} is '${name}'`;
    return `${there}: they go by name, and ${index}`;
  }
  const near = nearNames(names, given);
  return near.length === 0 ? there : `${there}; near it ${near.length === 1 ? 'is' : 'are'} ${listed(near)}`;
}
