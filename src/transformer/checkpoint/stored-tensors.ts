import type { StoredTensor } from '../../formats/safetensors-header.ts';
import { unwrappedName } from './tensor-names.ts';
import type { TensorPlan } from './tensor-plan.ts';
import type { WeightFile } from './weight-files.ts';

/** A stored tensor and the file that holds it. */
export interface LocatedTensor {
  readonly file: WeightFile;
  readonly stored: StoredTensor;
}

/** What the weight files hold, by canonical name. */
export interface StoredTensors {
  /** Every place where a tensor of the name is stored; more than one for what is stored twice. */
  readonly places: ReadonlyMap<string, readonly LocatedTensor[]>;
  /** The stored name of tensors that were left out because another holds their values (safetensors' `save_model` says so in the metadata). */
  readonly aliases: ReadonlyMap<string, string>;
  /** Parts of names that training wrappers added, as they were met. */
  readonly wrappers: ReadonlySet<string>;
}

/** Sorts the tensors of all files under their canonical names. */
export function storedTensors({ canonicalName }: TensorPlan, files: readonly WeightFile[]): StoredTensors {
  const places = new Map<string, LocatedTensor[]>();
  const aliases = new Map<string, string>();
  const met = new Set<string>();
  const canonical = (stored: string): string => canonicalName(unwrappedName(stored).name);
  for (const file of files) {
    for (const stored of file.header.tensors) {
      for (const wrapper of unwrappedName(stored.name).wrappers) met.add(wrapper);
      const name = canonical(stored.name);
      const found = places.get(name);
      if (found === undefined) places.set(name, [{ file, stored }]);
      else found.push({ file, stored });
    }
    for (const [left, kept] of file.header.metadata) aliases.set(canonical(left), canonical(kept));
  }
  return { places, aliases, wrappers: met };
}
