/** All three pictures of one prompt, and how people look at them: a page, figures, a terminal. */
export * from './analysis.ts';
export { renderDataSetFigures } from './figures/data-set.ts';
export { renderSvgFigures } from './figures/files.ts';
export { renderLumpedFigure } from './figures/lumped.ts';
export { CONTENT_SECURITY_POLICY, renderReport } from './page/report.ts';
export { renderDataSet } from './terminal/data-set.ts';
export { renderLumped } from './terminal/lumped.ts';
export { renderChen, renderDyson, renderQLens } from './terminal/pictures.ts';
export { renderSummary } from './terminal/summary.ts';
export type { TerminalOptions } from './terminal/terminal-text.ts';
export { type DataSetPrompt, textStages } from './text-stages.ts';
