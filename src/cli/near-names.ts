/**
 * The name closest to a misspelt one: fewest letters put in, left out, changed or swapped with their neighbour; null if more than a third of
 * the longer one, and more than two, would have to be.
 */
export function nearName(given: string, names: readonly string[]): string | null {
  if (given.length > 40) return null;
  let nearest: string | null = null;
  let least = Infinity;
  for (const name of names) {
    const distance = editDistance(given.toLowerCase(), name);
    const most = Math.max(2, Math.floor(Math.max(given.length, name.length) / 3));
    if (distance < least && distance <= most && distance < name.length) [nearest, least] = [name, distance];
  }
  return nearest;
}

/** @source F. J. Damerau, “A technique for computer detection and correction of spelling errors”, CACM 7 (1964) */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, rows[i - 1]![j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      }
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
