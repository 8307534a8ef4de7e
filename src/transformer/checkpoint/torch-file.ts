import { FormatError } from '../../core/errors.ts';
import { quoteName } from '../../formats/json.ts';
import type { SafetensorsHeader, StoredTensor } from '../../formats/safetensors-header.ts';
import { torchTensors } from '../../formats/torch/torch-tensors.ts';
import type { ByteSource } from './checkpoint.ts';

const WHERE = 'openCheckpoint';

/**
 * Reads which tensors a file of `torch.save` holds and where their numbers lie, without reading these.
 *
 * @throws FormatError with the offset, or naming the tensor, the name or the operation that is not read.
 * @cost reads the directory and the pickle, and 30 bytes of each storage.
 */
export async function readTorchHeader(source: string, file: ByteSource): Promise<SafetensorsHeader> {
  const asking = torchTensors({ where: WHERE, source, size: file.size }, null);
  let step = asking.next();
  while (step.done !== true) {
    const bytes = new Uint8Array(step.value.length);
    await file.read(step.value.begin, bytes);
    step = asking.next(bytes);
  }
  checkApart(source, step.value);
  return { dataStart: 0, metadata: new Map(), tensors: step.value };
}

/** Tensors may share their numbers, all of them and in the same shape; parts of one another they may not be. */
function checkApart(source: string, sorted: readonly StoredTensor[]): void {
  let last: StoredTensor | null = null;
  for (const tensor of sorted) {
    if (last !== null && tensor.begin < last.end) {
      const same = tensor.begin === last.begin && tensor.dtype === last.dtype && `${tensor.shape}` === `${last.shape}`;
      if (!same)
        throw new FormatError(
          `${WHERE}: ${source} must hold tensors apart, or the same under two names, but ${quoteName(tensor.name)} is part of ${quoteName(last.name)}. Save it as .clone().`,
          { source, offset: tensor.begin, field: tensor.name },
        );
    }
    if (last === null || tensor.end > last.end) last = tensor;
  }
}
