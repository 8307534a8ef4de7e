import type { TransformerConfig } from '../config.ts';
import type { StoredTensors } from './stored-tensors.ts';
import type { TensorPlan } from './tensor-plan.ts';

/** false where a configuration asks for a head with a transform and the files hold nothing of it: an encoder for its streams, such as those of sentences. */
export function hasHead({ transform }: TensorPlan, { places, aliases }: StoredTensors): boolean {
  return transform.length === 0 || transform.some((name) => places.has(name) || aliases.has(name));
}

/** The configuration of such an encoder. */
export function withoutHead(config: TransformerConfig): TransformerConfig {
  return { ...config, headTransform: null, headless: true, tied: false, biases: { ...config.biases, head: false } };
}
