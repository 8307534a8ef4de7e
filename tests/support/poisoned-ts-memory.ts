import { type TsBlock, TsMemory } from '../../src/backend/ts/ts-memory.ts';
import { poison } from './poison.ts';

/** Memory of the TypeScript backend whose blocks are poison once they are released. They have no neighbours to be damaged. */
export class PoisonedTsMemory extends TsMemory {
  protected override releaseBlock(block: TsBlock): void {
    const { buffer, byteOffset, byteLength } = block.view();
    poison(buffer, byteOffset, byteOffset + byteLength);
    super.releaseBlock(block);
  }
}

/** Under the name that a backend knows it by. */
export { PoisonedTsMemory as TsMemory };
