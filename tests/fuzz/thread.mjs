/** Loads the thread's TypeScript: Node 20 takes no loader from the arguments of a worker. */
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
