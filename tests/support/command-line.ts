import { vi } from 'vitest';
import { run } from '../../src/cli/run.ts';

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `tmech` in this process and catches what it prints. */
export async function tmech(...args: readonly string[]): Promise<CommandOutcome> {
  let stdout = '';
  let stderr = '';
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  try {
    const code = await run(args, (text) => {
      stdout += text;
    });
    return { code, stdout, stderr };
  } finally {
    spy.mockRestore();
  }
}
