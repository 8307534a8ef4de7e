import type { ArrayFile } from './array-file.ts';
import { memoryBudget, type ReadOptions } from './memory-budget.ts';
import { storedArrays } from './stored-arrays.ts';
import { torchTensors } from './torch/torch-tensors.ts';

/** Name of a tensor that was saved by itself. */
const ALONE = 'tensor';

/**
 * Opens a file in memory that `torch.save` wrote of a tensor, or of a dictionary of tensors by name. A tensor by itself is called `tensor`. F16 and BF16 become f32, BOOL becomes bytes.
 *
 * Nothing in the file is run: its pickle is read by a machine that knows what dictionaries of tensors consist of, and refuses the rest by name.
 *
 * @throws FormatError with the offset, or naming what is not read: other names and operations of pickles, tensors that are not contiguous, packed archives, files from before PyTorch 1.6.
 */
export function openTorch(bytes: Uint8Array, source = 'tensors.pt', options: ReadOptions = {}): ArrayFile {
  const maxBytes = memoryBudget(bytes.length, options);
  const origin = { where: 'openTorch', source, size: bytes.length };
  const asking = torchTensors(origin, ALONE);
  let step = asking.next();
  while (step.done !== true) {
    const { begin, length } = step.value;
    step = asking.next(bytes.subarray(begin, begin + length));
  }
  return storedArrays(origin, bytes, step.value, maxBytes);
}
