/** How people look at results: a page, figures, a terminal. @module */
export { renderAccelerationFigures } from './figures/acceleration.ts';
export { renderDataSetFigures } from './figures/data-set.ts';
export {
  type ChenRun,
  renderChenFigures,
  renderDysonFigures,
  renderQLensFigures,
  renderSvgFigures,
} from './figures/files.ts';
export { renderRandomFigures } from './figures/random-matrices.ts';
export { renderSpectrumFigures } from './figures/spectrum.ts';
export { renderLyapunovFigures, renderRankCollapseFigures } from './figures/stability.ts';
export type { DataSetRun } from './page/data-set.ts';
export { CONTENT_SECURITY_POLICY, renderChenPage, renderDataSetPage, renderReport } from './page/report.ts';
export { renderSentimentPage } from './page/sentiment.ts';
export { renderAcceleration } from './terminal/acceleration.ts';
export { renderDataSet } from './terminal/data-set.ts';
export { renderEnumerated } from './terminal/enumerated.ts';
export { renderLumped } from './terminal/lumped.ts';
export { renderAblations, renderChen, renderDyson, renderIntervention, renderQLens } from './terminal/pictures.ts';
export { renderQuantum } from './terminal/quantum.ts';
export { renderRandom } from './terminal/random-matrices.ts';
export { renderSentiment } from './terminal/sentiment.ts';
export { renderSpectrum } from './terminal/spectrum.ts';
export { renderLyapunov, renderRankCollapse } from './terminal/stability.ts';
export { renderStatistics } from './terminal/statistics.ts';
export { renderSummary } from './terminal/summary.ts';
export { Paint, type TerminalOptions, type TerminalStyle } from './terminal/terminal-text.ts';
export { printable, printableJson, printableLines } from './text/printable.ts';
