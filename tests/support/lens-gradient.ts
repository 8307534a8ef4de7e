import { KL_MEASURES } from '../../src/backend/contract/lens.ts';
import { LensPass } from '../../src/transformer/lens/lens-pass.ts';
import type { Model } from '../../src/transformer/model.ts';
import { expectClose, testNumbers } from './numbers.ts';

/** The gradient of a lens' loss on a model is the one that central differences give, in f64. */
export function expectLensGradient(model: Model): void {
  const { D } = model.config;
  const rows = 4;
  model.backend.memory.scope(() => {
    const real = (data: ArrayLike<number>) => {
      const block = model.backend.memory.allocate('f64', data.length);
      block.view().set(data);
      return block;
    };
    const pass = new LensPass(model, 'f64', { targets: rows, rows, gradients: true });
    const [h, final] = [real(testNumbers(rows * D, 1)), real(testNumbers(rows * D, 2))];
    const parameters = { weight: real(testNumbers(D * D, 3)), bias: real(testNumbers(D, 4)) };
    const loss = () => {
      pass.forward([{ h, translator: parameters }], rows);
      const measures = pass.measure(1, rows, 0.5);
      return (
        0.5 * measures.reduce((sum, value, i) => (i % KL_MEASURES.length === KL_MEASURES.kl ? sum + value : sum), 0)
      );
    };
    pass.target(final, rows);
    loss();
    const gradient = { weight: real(new Float64Array(D * D)), bias: real(new Float64Array(D)) };
    pass.backward([{ h, translator: parameters }], [gradient], rows);
    for (const part of ['weight', 'bias'] as const) {
      for (let i = 0; i < parameters[part].length; i++) {
        const at = (shift: number) => {
          const before = parameters[part].view()[i]!;
          parameters[part].view()[i] = before + shift;
          const value = loss();
          parameters[part].view()[i] = before;
          return value;
        };
        const step = 1e-4;
        // Two central differences cancel the error of second order.
        const slope = (4 * (at(step / 2) - at(-step / 2))) / (3 * step) - (at(step) - at(-step)) / (6 * step);
        expectClose(gradient[part].view()[i]!, slope, 1e-9, `${part} ${i}`);
      }
    }
  });
}
