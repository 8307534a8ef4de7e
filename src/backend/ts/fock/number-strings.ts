/** Mixes both numbers into all bits: two rounds of multiplying by odd constants and folding the high half down. */
function slotOf(node: number, token: number): number {
  let mixed = Math.imul(node ^ Math.imul(token, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}

/**
 * Numbers strings as nodes of a prefix tree, in the order in which they are met: string i is node above[parents[i]] with tokens[i]
 * appended, or that node itself where no tokens are given. A node's children are found by open addressing with linear probing, so no
 * string is ever written out or joined into a key. Node 0, the empty string, fills no slot, so that a slot of 0 is empty. Ends
 * early when half of the slots are taken.
 *
 * @cost amortised O(1) a string.
 * @source linear probing: D. E. Knuth, The Art of Computer Programming 3, §6.4; the mixing of keys own.
 */
export function numberStrings(
  above: Int32Array,
  parents: Int32Array,
  tokens: Int32Array | null,
  count: number,
  numbers: Int32Array,
  nodes: Int32Array,
  slots: Int32Array,
  places: number,
  size: Int32Array,
): number {
  if (tokens === null) {
    for (let i = 0; i < count; i++) numbers[i] = above[parents[i]!]!;
    return count;
  }
  const mask = places - 1;
  const most = places >> 1;
  let next = size[0]!;
  let i = 0;
  for (; i < count; i++) {
    if (next >= most) break;
    const node = above[parents[i]!]!;
    const token = tokens[i]!;
    let slot = slotOf(node, token) & mask;
    let known = slots[slot]!;
    while (known !== 0 && (nodes[2 * known] !== node || nodes[2 * known + 1] !== token)) {
      slot = (slot + 1) & mask;
      known = slots[slot]!;
    }
    if (known === 0) {
      known = next++;
      slots[slot] = known;
      nodes[2 * known] = node;
      nodes[2 * known + 1] = token;
    }
    numbers[i] = known;
  }
  size[0] = next;
  return i;
}

/** Fills empty slots with the nodes from `first` to before `end`. */
export function placeStrings(nodes: Int32Array, first: number, end: number, slots: Int32Array, places: number): void {
  const mask = places - 1;
  for (let node = first; node < end; node++) {
    let slot = slotOf(nodes[2 * node]!, nodes[2 * node + 1]!) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = node;
  }
}
