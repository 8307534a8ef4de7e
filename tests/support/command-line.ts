import { vi } from 'vitest';
import { run } from '../../src/cli/run.ts';

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  /** Without the lines of progress: whether one comes is up to the machine. */
  readonly stderr: string;
  readonly progress: readonly string[];
}

/** What one write of a line of progress looks like. */
const PROGRESS = /^[^:\n]+: \d+ %(, about \d+ (s|min|h) left)?\n$/;

/** Runs `tmech` in this process and catches what it prints. */
export async function tmech(...args: readonly string[]): Promise<CommandOutcome> {
  let stdout = '';
  let stderr = '';
  const progress: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    if (PROGRESS.test(String(text))) progress.push(String(text).trimEnd());
    else stderr += String(text);
    return true;
  });
  try {
    const code = await run(args, (text) => {
      stdout += text;
    });
    return { code, stdout, stderr, progress };
  } finally {
    spy.mockRestore();
  }
}
