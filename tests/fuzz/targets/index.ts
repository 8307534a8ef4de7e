import type { Target } from '../target.ts';
import { ARRAY_TARGETS } from './arrays.ts';
import { CHECKPOINT_TARGETS } from './checkpoint.ts';
import { DESCRIPTION_TARGETS } from './descriptions.ts';
import { FILE_TARGETS } from './files.ts';
import { GGUF_TARGETS } from './gguf.ts';
import { GGUF_TOKENIZER_TARGETS } from './gguf-tokenizer.ts';
import { JSON_TARGETS } from './json.ts';
import { RESULT_TARGETS } from './result-file.ts';
import { SAMPLE_TARGETS } from './sample-file.ts';
import { TERMINAL_TARGETS } from './terminal.ts';
import { TORCH_TARGETS } from './torch-file.ts';

/** Everything that reads what strangers wrote. */
export const TARGETS: readonly Target[] = [
  ...ARRAY_TARGETS,
  ...JSON_TARGETS,
  ...CHECKPOINT_TARGETS,
  ...GGUF_TARGETS,
  ...DESCRIPTION_TARGETS,
  ...GGUF_TOKENIZER_TARGETS,
  ...FILE_TARGETS,
  ...RESULT_TARGETS,
  ...SAMPLE_TARGETS,
  ...TERMINAL_TARGETS,
  ...TORCH_TARGETS,
];
