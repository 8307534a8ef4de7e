import { type Analysis, analysePrompt } from '../../src/analyses/analyse-prompt.ts';
import type { BackendKind } from '../../src/backend/backend.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { embeddedModel } from './embedded-model.ts';

/** What determines the numbers of {@link goldenAnalysis}. */
const PARAMETERS = { precision: 'f64', depth: 2, maxStrings: 16, trajectories: 20, greedy: 4, top: 4 } as const;
const TEXT = 'the fisherman sat on the bank';

/** All three pictures of one prompt on the embedded model, without what names the machine, the time or the backend. */
export async function goldenAnalysis(backend: BackendKind): Promise<unknown> {
  const model = await openModel(await embeddedModel(), { backend });
  const analysis = analysePrompt(model, promptOf(model, { text: TEXT }), PARAMETERS);
  model.release();
  return numbersOf(analysis);
}

function numbersOf({ prompt, next, chen, qlens, dyson, checkpoint }: Analysis): unknown {
  const { backend: _qlensBackend, ...qlensNumbers } = qlens;
  const { backend: _dysonBackend, ...dysonNumbers } = dyson;
  const kept = { fingerprint: checkpoint.fingerprint, prompt, next, chen, qlens: qlensNumbers, dyson: dysonNumbers };
  return JSON.parse(JSON.stringify(kept));
}
