/** Parts that training wrappers put into the names of a model's tensors: torch.compile, data parallelism, sharding, checkpointing of activations. */
const WRAPPERS: ReadonlySet<string> = new Set([
  '_orig_mod',
  'module',
  '_forward_module',
  '_fsdp_wrapped_module',
  '_checkpoint_wrapped_module',
]);

/** A stored name without the parts that wrappers put into it, and those parts. */
export function unwrappedName(stored: string): { readonly name: string; readonly wrappers: readonly string[] } {
  const parts = stored.split('.');
  const wrappers = parts.filter((part) => WRAPPERS.has(part));
  return {
    name: wrappers.length === 0 ? stored : parts.filter((part) => !WRAPPERS.has(part)).join('.'),
    wrappers,
  };
}
