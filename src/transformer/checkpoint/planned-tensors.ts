import { DomainError } from '../../core/errors.ts';
import { embeddingWidth, rotaryWidth, type TransformerConfig } from '../config.ts';
import { groupedRows, pairedRows, type RowMap } from '../stored-rows.ts';
import type { WeightSlot } from '../weight-slots.ts';
import {
  headNormWidth,
  type LayerWeights,
  type LinearPart,
  linearSizes,
  type ModelWeights,
  type NormPart,
  normParts,
} from '../weights.ts';
import type { ModelFamily, StoredLayout, TensorRow } from './family.ts';

/** A tensor that a model uses: its canonical name, its shape, and where its rows go. */
export interface PlannedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly slot: (weights: ModelWeights) => WeightSlot;
}

/** What stands for a layer's index in the names of rows, and for a head's. */
const LAYER = '#';
const HEAD = '%';

/** Every tensor that a configuration asks for, in the order of the family's rows; those of the layers stand together, layer by layer. */
export function plannedTensors(family: ModelFamily, config: TransformerConfig): PlannedTensor[] {
  const names = family.renamed?.(config) ?? {};
  const tensors = family.tensors.map((row) => [names[row[0]] ?? row[0], ...row.slice(1)] as unknown as TensorRow);
  const tensorsOf = planner(family, config);
  const rows = tensors.filter(([, part]) => !isAbsent(config, part));
  const layered = rows.filter(([name]) => name.includes(LAYER));
  return rows.flatMap((row) => {
    if (!layered.includes(row)) return tensorsOf(row, null);
    if (row !== layered[0]) return [];
    return Array.from({ length: config.L }, (_, layer) => layered.flatMap((each) => tensorsOf(each, layer))).flat();
  });
}

/** Parts that a family may have and a configuration does without. */
function isAbsent(config: TransformerConfig, part: TensorRow[1]): boolean {
  if (part === 'unembedding') return config.headless || (config.tied && !linearSizes(config).unembedding.bias);
  if (part === 'headDense' || part === 'headNorm') return config.headTransform === null;
  if (part === 'embeddingIn' || part === 'embeddingOut') return config.embeddingWidth === null;
  return part === 'tokenTypes' && config.tokenTypes === 0;
}

/** The parts of a layer, or those outside of all layers. */
type Parts = Partial<Omit<ModelWeights, 'layers'> & LayerWeights>;
/** Where to find them. */
type Place = (weights: ModelWeights) => Parts;

/** Turns a row into the tensors that hold its weight and its bias, in one layer or outside of all. */
function planner(
  family: Pick<ModelFamily, 'rotaryPairs'>,
  config: TransformerConfig,
): (row: TensorRow, layer: number | null) => PlannedTensor[] {
  const { V, D, maxPositions, positions, tied, tokenTypes } = config;
  const E = embeddingWidth(config);
  const sizes = linearSizes(config);

  const affine = (
    name: string,
    whole: Place,
    parts: readonly [LinearPart, ...LinearPart[]],
    layout: StoredLayout | null,
  ): PlannedTensor[] => {
    const { k, bias } = sizes[parts[0]];
    const n = parts.reduce((sum, part) => sum + sizes[part].n, 0);
    const held = (weights: ModelWeights, part: LinearPart) => present(whole(weights)[part], name);
    const all = (weights: ModelWeights) => parts.map((part) => held(weights, part));
    const place = rowMap(family, config, parts, layout);
    const matrix: PlannedTensor = {
      name: `${name}.weight`,
      shape: layout === 'in-out' ? [k, n] : [n, k],
      slot: (weights) => {
        const matrices = all(weights).map((linear) => linear.weights);
        return layout === 'in-out' ? { layout, parts: matrices } : { layout: 'out-in', parts: matrices, place };
      },
    };
    if (!bias) return [matrix];
    const vectors = (weights: ModelWeights) => all(weights).map((linear) => present(linear.bias, name));
    const slot: PlannedTensor['slot'] = (weights) => ({ layout: 'vector', parts: vectors(weights), place });
    const vector = { name: `${name}.bias`, shape: [n], slot };
    return tied && parts[0] === 'unembedding' ? [vector] : [matrix, vector];
  };

  const norm = (name: string, place: Place, part: NormPart): PlannedTensor[] => {
    const vector = (suffix: string, piece: 'gamma' | 'beta', offset: number): PlannedTensor => ({
      name: `${name}.${suffix}`,
      shape: [D],
      slot: (weights) => ({ layout: 'norm', block: present(place(weights)[part]?.[piece], name), offset }),
    });
    const gamma = vector('weight', 'gamma', config.norm.offset);
    return config.norm.bias ? [gamma, vector('bias', 'beta', 0)] : [gamma];
  };

  const headNorm = (name: string, place: Place, part: 'qNorm' | 'kNorm'): PlannedTensor[] => {
    const { K, norm: kind, queryKeyNorm } = config;
    const n = headNormWidth(config, part);
    const order = turned(family, config, groupedRows([n]), [true]);
    const vector = (suffix: string, piece: 'gamma' | 'beta', offset: number): PlannedTensor => ({
      name: `${name}.${suffix}`,
      shape: queryKeyNorm?.per === 'heads' ? [n / K, K] : [n],
      slot: (weights) => ({
        layout: 'norm',
        block: present(place(weights)[part]?.[piece], name),
        offset,
        place: order,
      }),
    });
    if (name.includes(HEAD))
      return Array.from({ length: n / K }, (_, head) => ({
        name: `${name.replace(HEAD, String(head))}.weight`,
        shape: [K],
        slot: (weights) => ({
          layout: 'norm',
          block: present(place(weights)[part]?.gamma, name).part(head * K, K),
          offset: kind.offset,
          place: order,
        }),
      }));
    const gamma = vector('weight', 'gamma', kind.offset);
    return queryKeyNorm?.bias ? [gamma, vector('bias', 'beta', 0)] : [gamma];
  };

  return (row, layer) => {
    const place: Place = layer === null ? (weights) => weights : (weights) => weights.layers[layer]!;
    const name = row[0].replace(LAYER, String(layer));
    if (row.length === 3) return affine(name, place, row[1], row[2]);
    const part = row[1];
    const table = (rows: number, width: number, slot: PlannedTensor['slot']) => [
      { name: `${name}.weight`, shape: [rows, width], slot },
    ];
    switch (part) {
      case 'embedding':
        return table(V, E, ({ embedding }) => ({
          layout: 'out-in',
          parts: [embedding],
          place: groupedRows([V]),
        }));
      case 'positions': {
        const skip = positions.kind === 'learned' ? positions.firstRow : 0;
        return table(skip + maxPositions, D, (weights) => ({
          layout: 'rows',
          block: present(weights.positions, name),
          width: D,
          skip,
        }));
      }
      case 'tokenTypes':
        return table(tokenTypes, D, (weights) => ({
          layout: 'rows',
          block: present(weights.tokenTypes, name),
          width: D,
          skip: 0,
        }));
      case 'norm1':
      case 'norm1Post':
      case 'norm2':
      case 'norm2Post':
      case 'embeddingNorm':
      case 'finalNorm':
      case 'headNorm': {
        const outside = part === 'embeddingNorm' || part === 'finalNorm' || part === 'headNorm';
        const atHome = outside === (layer === null);
        const stored = config.normWeights && normParts(config, layer).has(part);
        return atHome && !stored ? [] : norm(name, place, part);
      }
      case 'qNorm':
      case 'kNorm':
        return config.queryKeyNorm === null ? [] : headNorm(name, place, part);
      default:
        return affine(name, place, [part], null);
    }
  };
}

/** Where the rows of a matrix and the elements of its bias go. */
function rowMap(
  family: Pick<ModelFamily, 'rotaryPairs'>,
  config: TransformerConfig,
  parts: readonly LinearPart[],
  layout: StoredLayout | null,
): RowMap {
  const { G } = config;
  const sizes = linearSizes(config);
  const groups = layout === 'grouped' ? G : layout === 'quarters' ? 4 : 1;
  const place = groupedRows(
    parts.map((part) => sizes[part].n),
    groups,
  );
  const turns = parts.map((part) => part === 'q' || part === 'k');
  return turned(family, config, place, turns);
}

/** The rows of `place`, but in the parts that turn, with pairs of neighbours brought apart where the family stores such. */
function turned(
  { rotaryPairs = 'halves' }: Pick<ModelFamily, 'rotaryPairs'>,
  config: TransformerConfig,
  place: RowMap,
  turns: readonly boolean[],
): RowMap {
  if (rotaryPairs === 'halves' || rotaryWidth(config) === 0 || !turns.includes(true)) return place;
  return pairedRows(place, turns, config.K, rotaryWidth(config));
}

/** A part that a row names, which the configuration must have. */
function present<Part>(part: Part | null | undefined, name: string): Part {
  if (part !== null && part !== undefined) return part;
  throw new DomainError(
    `weightSlots: ${name} must hold a part of the model, but the configuration has none of its kind.`,
  );
}
