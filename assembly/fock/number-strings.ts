/** Strings numbered as nodes of a prefix tree, by open addressing. Mathematics: src/backend/ts/fock/number-strings.ts. */
import { at, put, seek } from '../layout';

// @ts-ignore: decorator
@inline
function slotOf(node: i32, token: i32): i32 {
  let mixed = (node ^ (token * <i32>0x9e3779b1)) * <i32>0x85ebca6b;
  mixed = (mixed ^ (mixed >>> 15)) * <i32>0xc2b2ae35;
  return mixed ^ (mixed >>> 13);
}

export function numberStrings(
  above: usize,
  parents: usize,
  tokens: usize,
  count: i32,
  numbers: usize,
  nodes: usize,
  slots: usize,
  places: i32,
  size: usize,
): i32 {
  if (tokens == 0) {
    for (let i = 0; i < count; i++) put<i32>(numbers, i, at<i32>(above, at<i32>(parents, i)));
    return count;
  }
  const mask = places - 1;
  const most = places >> 1;
  let next = at<i32>(size, 0);
  let i = 0;
  for (; i < count; i++) {
    if (next >= most) break;
    const node = at<i32>(above, at<i32>(parents, i));
    const token = at<i32>(tokens, i);
    const pair = (<u64>(<u32>token) << 32) | <u64>(<u32>node);
    let slot = slotOf(node, token) & mask;
    let known = at<i32>(slots, slot);
    while (known != 0 && at<u64>(nodes, known) != pair) {
      slot = (slot + 1) & mask;
      known = at<i32>(slots, slot);
    }
    if (known == 0) {
      known = next++;
      put<i32>(slots, slot, known);
      put<u64>(nodes, known, pair);
    }
    put<i32>(numbers, i, known);
  }
  put<i32>(size, 0, next);
  return i;
}

export function placeStrings(nodes: usize, first: i32, end: i32, slots: usize, places: i32): void {
  const mask = places - 1;
  for (let node = first; node < end; node++) {
    const pair = seek<u64>(nodes, node);
    let slot = slotOf(at<i32>(pair, 0), at<i32>(pair, 1)) & mask;
    while (at<i32>(slots, slot) != 0) slot = (slot + 1) & mask;
    put<i32>(slots, slot, node);
  }
}
