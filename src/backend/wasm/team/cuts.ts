import type { Cuts } from './cut.ts';
import { DENSE_CUTS } from './dense-cuts.ts';
import { LENS_CUTS } from './lens-cuts.ts';
import { NETWORK_CUTS } from './network-cuts.ts';
import { RANK_UPDATE_CUTS } from './rank-update-cuts.ts';
import { ROW_CUTS } from './row-cuts.ts';
import { SIMULATION_CUTS } from './simulation-cuts.ts';

/** Every kernel that runs large calls on several threads, and how its calls are cut. */
export const CUTS: Cuts = {
  ...DENSE_CUTS,
  ...LENS_CUTS,
  ...NETWORK_CUTS,
  ...RANK_UPDATE_CUTS,
  ...ROW_CUTS,
  ...SIMULATION_CUTS,
};
