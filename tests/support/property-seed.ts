/** Properties are tried on the same cases in every run; TMECH_SEED=n tries others. */
import fc from 'fast-check';

declare global {
  interface ImportMetaEnv {
    readonly TMECH_SEED: string;
    readonly TMECH_RELAXED?: string;
  }
  interface ImportMeta {
    readonly env: ImportMetaEnv;
  }
}

fc.configureGlobal({ seed: Number(import.meta.env.TMECH_SEED) });
