import type { FormatError } from '../../core/errors.ts';
import { PickleCursor } from './pickle-cursor.ts';
import {
  isList,
  List,
  Name,
  type PickleOrigin,
  type PickleValue,
  readName,
  rebuild,
  Storage,
  Table,
  Tuple,
} from './pickle-values.ts';

/** Longest pickle that is read: state dictionaries take about 200 bytes for each tensor. */
export const MAX_PICKLE = 1 << 26;
const [OLDEST, NEWEST] = [2, 5];

type Step = (machine: Machine, cursor: PickleCursor) => void;

/** A stack of values, the marks on it, and what was put aside for later. */
class Machine {
  readonly origin: PickleOrigin;
  readonly stack: PickleValue[] = [];
  readonly marks: number[] = [];
  readonly memo = new Map<number, PickleValue>();
  readonly fault: (must: string) => FormatError;

  constructor(origin: PickleOrigin, cursor: PickleCursor) {
    this.origin = origin;
    this.fault = (must) => cursor.fault(must);
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    // What lies under a mark is only reached through it.
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw this.fault('have a value for every step, but it has none');
    return this.stack.pop()!;
  }

  top(): PickleValue {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  /** The values above the last mark. */
  sinceMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw this.fault('mark where lists begin, but it does not');
    return this.stack.splice(mark);
  }

  /** The last `count` values, in order. */
  last(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  setItems(items: readonly PickleValue[]): void {
    const table = this.top();
    if (!(table instanceof Table) || items.length % 2 !== 0)
      throw this.fault('put pairs into dictionaries only, but it does not');
    for (let i = 0; i < items.length; i += 2) table.entries.push([items[i]!, items[i + 1]!]);
  }

  appendItems(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!isList(list)) throw this.fault('append to lists only, but it does not');
    for (const item of items) list.items.push(item);
  }

  recall(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) throw this.fault(`recall what it kept, but it kept nothing as ${key}`);
    this.push(value);
  }
}

/** What each operation does that state dictionaries need, by its byte. */
const STEPS: ReadonlyMap<number, Step> = new Map<number, Step>([
  [0x80, (machine, cursor) => checkProtocol(machine, cursor.byte())],
  [0x95, (_, cursor) => void cursor.bytes(8)],
  [byte('('), (machine) => void machine.marks.push(machine.stack.length)],
  [byte('N'), (machine) => machine.push(null)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  [byte('K'), (machine, cursor) => machine.push(cursor.byte())],
  [byte('M'), (machine, cursor) => machine.push(cursor.u16())],
  [byte('J'), (machine, cursor) => machine.push(cursor.i32())],
  [0x8a, (machine, cursor) => machine.push(cursor.long(cursor.byte()))],
  [byte('G'), (machine, cursor) => machine.push(cursor.f64())],
  [byte('X'), (machine, cursor) => machine.push(cursor.text(cursor.u32()))],
  [0x8c, (machine, cursor) => machine.push(cursor.text(cursor.byte()))],
  [byte(')'), (machine) => machine.push(new Tuple([]))],
  [0x85, (machine) => machine.push(new Tuple(machine.last(1)))],
  [0x86, (machine) => machine.push(new Tuple(machine.last(2)))],
  [0x87, (machine) => machine.push(new Tuple(machine.last(3)))],
  [byte('t'), (machine) => machine.push(new Tuple(machine.sinceMark()))],
  [byte(']'), (machine) => machine.push(new List())],
  [byte('a'), (machine) => machine.appendItems(machine.last(1))],
  [byte('e'), (machine) => machine.appendItems(machine.sinceMark())],
  [byte('}'), (machine) => machine.push(new Table())],
  [byte('s'), (machine) => machine.setItems(machine.last(2))],
  [byte('u'), (machine) => machine.setItems(machine.sinceMark())],
  [byte('q'), (machine, cursor) => void machine.memo.set(cursor.byte(), machine.top())],
  [byte('r'), (machine, cursor) => void machine.memo.set(cursor.u32(), machine.top())],
  [0x94, (machine) => void machine.memo.set(machine.memo.size, machine.top())],
  [byte('h'), (machine, cursor) => machine.recall(cursor.byte())],
  [byte('j'), (machine, cursor) => machine.recall(cursor.u32())],
  [byte('c'), (machine, cursor) => machine.push(readName(machine, cursor.line(), cursor.line()))],
  [0x93, pushName],
  [byte('Q'), (machine) => machine.push(Storage.of(machine, machine.pop()))],
  [byte('R'), call],
  [byte('b'), build],
]);
const STOP = byte('.');

/**
 * The value of a pickle, by a machine that knows the operations and names of state dictionaries and nothing else: it calls nothing, and refuses every other name and operation.
 *
 * @throws FormatError with the offset, naming what is not known.
 * @source Python, Lib/pickletools.py, the comments on each operation
 */
export function readPickle(origin: PickleOrigin, bytes: Uint8Array): PickleValue {
  const cursor = new PickleCursor(origin, bytes);
  const machine = new Machine(origin, cursor);
  for (;;) {
    const operation = cursor.byte();
    if (operation === STOP) return machine.pop();
    const step = STEPS.get(operation);
    if (step === undefined)
      throw cursor.fault(`use operations of state dictionaries only, but it has 0x${operation.toString(16)}`);
    step(machine, cursor);
  }
}

function checkProtocol(machine: Machine, protocol: number): void {
  if (protocol < OLDEST || protocol > NEWEST)
    throw machine.fault(`have protocol ${OLDEST} to ${NEWEST}, but it has ${protocol}`);
}

function pushName(machine: Machine): void {
  const [module, name] = machine.last(2);
  if (typeof module !== 'string' || typeof name !== 'string')
    throw machine.fault('name things by texts, but it does not');
  machine.push(readName(machine, module, name));
}

function call(machine: Machine): void {
  const [name, values] = machine.last(2);
  if (!(name instanceof Name) || !(values instanceof Tuple))
    throw machine.fault('call names with tuples, but it does not');
  machine.push(rebuild(machine, name, values.items));
}

/** The attributes of a state dictionary hold versions of modules, which nothing here depends on. */
function build(machine: Machine): void {
  machine.pop();
  if (!(machine.top() instanceof Table)) throw machine.fault(`set attributes of dictionaries only, but it does not`);
}

function byte(character: string): number {
  return character.charCodeAt(0);
}
