/** Properties are tried on the same cases in every run; TMECH_SEED=n tries others. */
import fc from 'fast-check';

declare global {
  interface ImportMetaEnv {
    readonly TMECH_SEED: string;
    readonly TMECH_RELAXED?: string;
  }
  interface ImportMeta {
    readonly env: ImportMetaEnv;
    /** The files that a pattern names, read by Vite when the test is built. */
    glob<Content>(
      pattern: string,
      options: { readonly eager: true; readonly import: 'default'; readonly query: '?raw' },
    ): Record<string, Content>;
  }
}

fc.configureGlobal({ seed: Number(import.meta.env.TMECH_SEED) });
