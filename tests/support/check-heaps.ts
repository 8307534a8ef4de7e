import { afterAll } from 'vitest';
import { checkHeaps } from './poisoned-heap.ts';

afterAll(checkHeaps);
