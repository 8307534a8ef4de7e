import type { Case } from '../case.ts';
import { attentionCases } from './attention.ts';
import { elementwiseCases } from './elementwise.ts';
import { linearCases } from './linear.ts';
import { loadingCases } from './loading.ts';

export const networkCases: readonly Case[] = [...linearCases, ...attentionCases, ...elementwiseCases, ...loadingCases];
