/** All three pictures of one prompt, and how people look at them: a page, figures, a terminal. */
export * from './analysis.ts';
export { renderSvgFigures } from './figures/files.ts';
export { renderLumpedFigure } from './figures/lumped.ts';
export { renderSpectrumFigures } from './figures/spectrum.ts';
export { CONTENT_SECURITY_POLICY, renderReport } from './page/report.ts';
export {
  analyseSpectrum,
  type GridPicture,
  type GrowthPicture,
  type SpectrumOptions,
  type SpectrumReport,
  type StabilityPicture,
} from './spectra/analyse-spectrum.ts';
export { plainNumbers } from './spectra/plain.ts';
export { renderLumped } from './terminal/lumped.ts';
export { renderAblations, renderChen, renderDyson, renderIntervention, renderQLens } from './terminal/pictures.ts';
export { renderSpectrum } from './terminal/spectrum.ts';
export { renderSummary } from './terminal/summary.ts';
export type { TerminalOptions } from './terminal/terminal-text.ts';
