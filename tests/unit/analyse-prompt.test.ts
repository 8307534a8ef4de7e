import { describe, expect, it, vi } from 'vitest';
import { ANALYSIS_DEFAULTS, analysePrompt } from '../../src/analyses/analyse-prompt.ts';
import { chenPicture } from '../../src/analyses/chen-picture.ts';
import { qlensOfTrace, qlensPicture } from '../../src/analyses/qlens-picture.ts';
import { dysonOfTrace, runDyson } from '../../src/dyson/run-dyson.ts';
import { nextToken } from '../../src/transformer/next-token.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { Session } from '../../src/transformer/session.ts';
import { traceForward, traceIn } from '../../src/transformer/trace.ts';
import { eachBackend, wasmBackend } from '../support/backends.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const FEW = { depth: 2, maxStrings: 3, trajectories: 4, top: 3 };
const FAMILIES = [
  { family: 'gpt2', D: 12, H: 3, V: 23, seed: 3 },
  { family: 'gpt_neo', D: 12, H: 3, V: 23, L: 3, window: 2, seed: 3 },
  { family: 'llama', D: 16, H: 4, G: 2, V: 23, seed: 4 },
  { family: 'gpt_neox', D: 16, H: 4, V: 23, seed: 5 },
] as const;

eachBackend('an analysis', (backend) => {
  it.each(FAMILIES)('reads the prompt once besides the tree: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const prompt = promptOf(model, { ids: [1, 2, 3, 4, 5] });
    const embedded: Int32Array[] = [];
    const { embed } = model.backend.kernels;
    const spy = vi.spyOn(model.backend.kernels, 'embed').mockImplementation((call) => {
      embedded.push(call.ids.view().slice());
      embed(call);
    });
    try {
      // The same kernel gathers rows of other matrices.
      const passes = () => embedded.filter((ids) => prompt.ids.every((id, t) => ids[t] === id)).length;
      for (const greedy of [0, 1, 4]) {
        embedded.length = 0;
        chenPicture(model, prompt, { ...ANALYSIS_DEFAULTS, ...FEW });
        const ofTree = passes();
        embedded.length = 0;
        analysePrompt(model, prompt, { ...FEW, greedy });
        expect(passes()).toBe(ofTree + 1);
      }
    } finally {
      spy.mockRestore();
      model.release();
    }
  });

  it.each(FAMILIES)('has the bits of its parts, each from a pass of its own: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const prompt = promptOf(model, { ids: [5, 1, 2, 7] });
    for (const precision of ['f32', 'f64'] as const) {
      const { next, chen, qlens, dyson, parameters } = analysePrompt(model, prompt, { ...FEW, greedy: 3, precision });
      const apart = nextToken(model, prompt.ids, { precision, top: 3, greedy: 3 });
      expect(next.top).toEqual(apart.top);
      expect(next.greedy.ids).toEqual(apart.greedyIds);
      expect(chen).toEqual(chenPicture(model, prompt, parameters));
      expect(qlens).toEqual(qlensPicture(model, prompt, { precision, top: 3 }));
      const { count, heads, budget } = { count: 12, heads: true, budget: 500 };
      expect(dyson).toEqual(runDyson(model, prompt.ids, { precision, paths: { count, heads, budget } }));
    }
    model.release();
  });
});

describe('a trace', () => {
  it('that lacks an activation gives no picture, and says which', async () => {
    const model = await openModel(tinyCheckpoint(), { backend: wasmBackend });
    const trace = traceForward(model, [1, 2], { keep: ['embed'] });
    expect(() => qlensOfTrace(model, trace)).toThrow(
      /must be an activation the trace kept, but 'blocks.\d.resid_post'/,
    );
    expect(() => dysonOfTrace(model, trace)).toThrow(/must be an activation the trace kept, but 'blocks.0/);
    model.release();
  });

  it('is of the first tokens of a session, which goes on from there', async () => {
    const model = await openModel(tinyCheckpoint(), { backend: wasmBackend });
    const session = new Session(model);
    const trace = traceIn(session, [1, 2], { keep: ['embed'] });
    expect(trace).toEqual(traceForward(model, [1, 2], { keep: ['embed'] }));
    expect(session.append([3]).logits).toEqual(traceForward(model, [1, 2, 3]).logits);
    expect(() => traceIn(session, [1])).toThrow('must have read nothing, but it has read 3 tokens');
    session.release();
    model.release();
  });
});

it.each([
  ['GPT-2 small', { family: 'gpt2', L: 12, H: 12, D: 24 }],
  ['SmolLM2-135M', { family: 'llama', L: 30, H: 9, G: 3, K: 2, D: 18 }],
] as const)(
  'an analysis searches the paths of as many heads and layers as %s has',
  async (_, options) => {
    const model = await openModel(tinyCheckpoint(options), { backend: wasmBackend });
    const few = { depth: 1, maxStrings: 2, trajectories: 2, greedy: 1 };
    const { dyson } = analysePrompt(model, promptOf(model, { ids: [1, 2, 3] }), few);
    expect(dyson.paths!.paths).toHaveLength(12);
    expect(dyson.paths!.search).not.toBe('enumeration');
    model.release();
  },
  60_000,
);
