import { FormatError } from '../../core/errors.ts';
import { quoteName } from '../json.ts';
import { readPickle } from './pickle.ts';
import { type PickleOrigin, Table, TorchTensor } from './pickle-values.ts';

/**
 * The tensors of a pickled state dictionary, by name.
 *
 * @param alone name of a tensor that is pickled without a dictionary; null refuses it
 * @throws FormatError if it is none, or has anything but tensors whose elements lie in order, naming the entry.
 */
export function readStateDictionary(
  origin: PickleOrigin,
  bytes: Uint8Array,
  alone: string | null,
): ReadonlyMap<string, TorchTensor> {
  const value = readPickle(origin, bytes);
  const fault = (must: string, field?: string): FormatError =>
    new FormatError(`${origin.where}: ${origin.source} must ${must}.`, {
      source: origin.source,
      ...(field === undefined ? {} : { field }),
    });
  const entries =
    value instanceof Table
      ? value.entries
      : value instanceof TorchTensor && alone !== null
        ? [[alone, value] as const]
        : null;
  if (entries === null) throw fault('hold a state dictionary, but it holds something else');
  const tensors = new Map<string, TorchTensor>();
  for (const [name, tensor] of entries) {
    if (typeof name !== 'string') throw fault('name its tensors by texts, but one has another name');
    if (tensors.has(name)) throw fault(`name every tensor once, but ${quoteName(name)} comes twice`, name);
    if (!(tensor instanceof TorchTensor)) {
      const advice = tensor instanceof Table ? ' Save the dictionary in it by itself' : '';
      throw fault(`hold tensors only, but ${quoteName(name)} is none${advice === '' ? '' : `.${advice}`}`, name);
    }
    if (!tensor.contiguous)
      throw fault(
        `hold tensors in the order of their indices, but ${quoteName(name)} is in another. Save it as .contiguous()`,
        name,
      );
    tensors.set(name, tensor);
  }
  return tensors;
}
