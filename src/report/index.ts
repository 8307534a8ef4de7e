/** All three pictures of one prompt, and how people look at them: a page, figures, a terminal. */
export * from './analysis.ts';
export { renderAccelerationFigures } from './figures/acceleration.ts';
export { renderSvgFigures } from './figures/files.ts';
export { renderLumpedFigure } from './figures/lumped.ts';
export { CONTENT_SECURITY_POLICY, renderReport } from './page/report.ts';
export { renderAcceleration } from './terminal/acceleration.ts';
export { renderLumped } from './terminal/lumped.ts';
export { renderChen, renderDyson, renderQLens } from './terminal/pictures.ts';
export { renderSummary } from './terminal/summary.ts';
export type { TerminalOptions } from './terminal/terminal-text.ts';
