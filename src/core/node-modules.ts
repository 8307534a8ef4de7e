/**
 * The built-in modules of Node, or null elsewhere. Asked for at run time and not imported, so that no `node:` import trips a
 * bundler that builds for pages.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | null {
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function') return null;
  return (process.getBuiltinModule(name) as NodeModules[Name] | undefined) ?? null;
}

interface NodeModules {
  readonly 'node:fs': typeof import('node:fs');
  readonly 'node:fs/promises': typeof import('node:fs/promises');
  readonly 'node:path': typeof import('node:path');
  readonly 'node:crypto': typeof import('node:crypto');
  readonly 'node:os': typeof import('node:os');
  readonly 'node:process': typeof import('node:process');
  readonly 'node:worker_threads': typeof import('node:worker_threads');
}
