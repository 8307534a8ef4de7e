/** What one wants to know first: how near the forward pass comes to the product it is made of, and which kernels gain little. */
import { throughput, titleOf } from './case.ts';
import { ORDERS_ROW } from './cases/dyson.ts';
import { FORWARD_ROWS } from './cases/forward.ts';
import type { MeasuredCase, Timing } from './measure.ts';

/** How many times longer another lane takes than WebAssembly, by medians; null if either was not timed. */
export function timesWasm(timings: ReadonlyMap<string, Timing>, lane: string): number | null {
  const [wasm, other] = [timings.get('wasm'), timings.get(lane)];
  return wasm === undefined || other === undefined ? null : other.medianNs / wasm.medianNs;
}

/** The forward pass of GPT-2-small's shape in f32 beside its product, the twin and PyTorch. */
export interface ForwardSummary {
  readonly passGflops: number;
  readonly productGflops: number;
  /** passGflops/productGflops. */
  readonly ofProduct: number;
  readonly timesAsFastAsTwin: number | null;
  readonly timesAsFastAsTorch: number | null;
  readonly torchGflops: number | null;
  readonly torchProductGflops: number | null;
}

/** null if the rows were filtered out. */
export function summariseForward(measured: readonly MeasuredCase[]): ForwardSummary | null {
  const row = (name: string) => measured.find(({ case: c }) => c.group === FORWARD_ROWS.group && c.name === name);
  const [pass, product] = [row(FORWARD_ROWS.pass), row(FORWARD_ROWS.product)];
  if (pass === undefined || product === undefined) return null;
  const rate = ({ case: test, timings }: MeasuredCase, lane: string) => {
    const timing = timings.get(lane);
    return timing === undefined ? null : throughput(test.work, timing.medianNs);
  };
  const [passGflops, productGflops] = [rate(pass, 'wasm')!, rate(product, 'wasm')!];
  return {
    passGflops,
    productGflops,
    ofProduct: passGflops / productGflops,
    timesAsFastAsTwin: timesWasm(pass.timings, 'ts'),
    timesAsFastAsTorch: timesWasm(pass.timings, 'torch'),
    torchGflops: rate(pass, 'torch'),
    torchProductGflops: rate(product, 'torch'),
  };
}

/** All orders of the Dyson series at GPT-2-small's shape, in forward passes of the same prompt; null if either row was filtered out. */
export function ordersInPasses(measured: readonly MeasuredCase[]): number | null {
  const time = (group: string, name: string) =>
    measured.find(({ case: c }) => c.group === group && c.name === name)?.timings.get('wasm')?.medianNs;
  const [orders, pass] = [time(ORDERS_ROW.group, ORDERS_ROW.name), time(FORWARD_ROWS.group, FORWARD_ROWS.pass)];
  return orders === undefined || pass === undefined ? null : orders / pass;
}

/** A gain below this is not a clear one. */
const CLEAR_GAIN = 1.5;

export interface WeakRow {
  readonly title: string;
  /** ts/wasm by medians. */
  readonly ratio: number;
  /** The gain is large enough by medians, but the quartiles overlap: the machine was too busy to tell. */
  readonly uncertain: boolean;
}

/** Rows on which WebAssembly is not clearly faster than the twin. */
export function withoutClearGain(measured: readonly MeasuredCase[]): WeakRow[] {
  return measured.flatMap(({ case: test, timings }) => {
    const [wasm, ts] = [timings.get('wasm'), timings.get('ts')];
    if (wasm === undefined || ts === undefined) return [];
    const ratio = ts.medianNs / wasm.medianNs;
    const uncertain = ratio >= CLEAR_GAIN;
    return uncertain && ts.q1Ns >= wasm.q3Ns ? [] : [{ title: titleOf(test), ratio, uncertain }];
  });
}

/** The summary as lines for a terminal. */
export function summaryLines(measured: readonly MeasuredCase[]): string[] {
  const forward = summariseForward(measured);
  const weak = withoutClearGain(measured);
  const orders = ordersInPasses(measured);
  const times = (value: number | null) => (value === null ? 'not timed' : `${value.toFixed(2)}x`);
  return [
    ...(forward === null
      ? []
      : [
          `forward pass, GPT-2-small's shape, ${FORWARD_ROWS.pass.split(' ').slice(2).join(' ')}: ${forward.passGflops.toFixed(2)} GFLOP/s; ` +
            `its product alone: ${forward.productGflops.toFixed(2)}; ratio ${forward.ofProduct.toFixed(2)} (asked: 0.6)`,
          `  as fast as the twin: ${times(forward.timesAsFastAsTwin)} (asked: 4x); as fast as torch: ${times(forward.timesAsFastAsTorch)}`,
        ]),
    ...(orders === null ? [] : [`all orders of its Dyson series: ${orders.toFixed(1)} forward passes (asked: 15)`]),
    weak.length === 0
      ? `WebAssembly is clearly faster than the twin (${CLEAR_GAIN}x or more) everywhere.`
      : `WebAssembly is not clearly faster than the twin (${CLEAR_GAIN}x or more) on:`,
    ...weak.map(
      ({ title, ratio, uncertain }) =>
        `  ${title}: ${ratio.toFixed(2)}x${uncertain ? ', but the quartiles overlap' : ''}`,
    ),
  ];
}
