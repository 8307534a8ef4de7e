import type { Activation } from '../../backend/contract/network.ts';

/** The functions that checkpoints name in `activation_function` and `hidden_act`, by the names this package gives them. */
export const ACTIVATION_NAMES: ReadonlyMap<string, Activation> = new Map([
  ['gelu', 'gelu'],
  ['gelu_new', 'gelu_tanh'],
  ['gelu_pytorch_tanh', 'gelu_tanh'],
  ['gelu_fast', 'gelu_tanh'],
  ['silu', 'silu'],
  ['swish', 'silu'],
  ['relu', 'relu'],
]);
