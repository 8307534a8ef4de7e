import type { Folder } from '../../src/transformer/checkpoint/checkpoint.ts';
import { filesFolder } from '../../src/transformer/checkpoint/files-folder.ts';
import { openNodeFolder } from '../../src/transformer/checkpoint/node-folder.ts';

const NAMES = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

/** The model that comes with the package: its directory in Node, fetched `File`s in a page. */
export async function embeddedModel(): Promise<Folder> {
  // Written so that the bundler of the browser tests leaves it alone.
  const here = import.meta.url;
  const base = new URL('../../models/bank/', here);
  if (!('window' in globalThis)) return openNodeFolder(decodeURIComponent(base.pathname));
  const files = await Promise.all(
    NAMES.map(async (name) => {
      const response = await fetch(new URL(name, base));
      if (!response.ok) throw new Error(`${name}: ${response.status}`);
      return new File([await response.blob()], name);
    }),
  );
  return filesFolder('bank', files);
}
