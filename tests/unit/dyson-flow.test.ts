import { expect, it } from 'vitest';
import { runDyson } from '../../src/dyson/run-dyson.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose } from '../support/numbers.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

eachBackend('renormalisation flow', (backend) => {
  it.each(['gpt2', 'llama'] as const)('is the residual stream of the trace, %s', async (family) => {
    const model = await openModel(tinyCheckpoint({ family, L: 3 }), { backend });
    const ids = [4, 8, 2, 1];
    const { sublayers } = runDyson(model, ids, { precision: 'f64' });
    const { D } = model.config;
    const trace = traceForward(model, ids, {
      precision: 'f64',
      keep: ['embed', 'blocks.*.resid_mid', 'blocks.*.resid_post', 'blocks.*.ln1.scale', 'blocks.*.ln2.scale'],
    });
    const last = (name: string) => [...activationOf(trace, name).data.subarray((ids.length - 1) * D)];
    const stages = ['embed', ...[0, 1, 2].flatMap((i) => [`blocks.${i}.resid_mid`, `blocks.${i}.resid_post`])].map(
      last,
    );
    const scales = [0, 1, 2]
      .flatMap((i) => [`blocks.${i}.ln1.scale`, `blocks.${i}.ln2.scale`])
      .map((name) => [...activationOf(trace, name).data]);
    expect(sublayers.map(({ name }) => name)).toEqual(
      [0, 1, 2].flatMap((i) => [`blocks.${i}.attn`, `blocks.${i}.mlp`]),
    );
    sublayers.forEach((step, l) => {
      const [before, after] = [stages[l]!, stages[l + 1]!];
      const update = after.map((value, c) => value - before[c]!);
      expectClose(step.stateNorm, Math.hypot(...before), 1e-12);
      expectClose(step.outputNorm, Math.hypot(...update), 1e-12);
      expectClose(step.updateRatio, Math.hypot(...update) / Math.hypot(...before), 1e-12);
      expectClose(
        step.directionCosine,
        before.reduce((sum, value, c) => sum + value * after[c]!, 0) / (Math.hypot(...before) * Math.hypot(...after)),
        1e-12,
      );
      expectClose(step.scale, scales[l]!.at(-1)!, 1e-14);
      expectClose(step.scaleMean, scales[l]!.reduce((a, b) => a + b, 0) / ids.length, 1e-14);
      expectClose(step.Z * step.scale, 1, 1e-14);
      expectClose(step.logScaleStep, l === 0 ? 0 : Math.log(scales[l]!.at(-1)! / scales[l - 1]!.at(-1)!), 1e-12);
    });
    model.release();
  });
});
