import { DARK, declarations, LIGHT } from '../svg/palette.ts';

/** The whole style of a report: system fonts, light and dark, any width, paper. */
export const STYLESHEET: string = `
:root{color-scheme:light dark;${declarations(LIGHT)};--shade:56%}
@media (prefers-color-scheme:dark){:root{${declarations(DARK)};--shade:44%}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main,header.top,footer{max-width:74rem;margin:0 auto;padding:0 1.5rem}
header.top{padding-top:3rem}
h1,h2,h3{line-height:1.25;font-weight:650;text-wrap:balance}
h1{font-size:2rem;letter-spacing:-.015em;margin:.15rem 0 .3rem;overflow-wrap:anywhere}
h2{font-size:1.45rem;letter-spacing:-.01em;margin:0 0 .5rem}
h3{font-size:1rem;margin:0 0 .35rem}
p{margin:.5rem 0;max-width:46rem}
.kicker{color:var(--soft);font-size:.85rem;margin:0}
section{margin:3.25rem 0 0;padding-top:1.75rem;border-top:1px solid var(--rule)}
section>p,section>.lead{color:var(--soft)}
.prompt{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--panel);border-left:3px solid var(--blue);border-radius:0 6px 6px 0;padding:.7rem 1rem;margin:1.1rem 0 .8rem;max-height:16rem;overflow:auto}
.chips{display:flex;flex-wrap:wrap;gap:.3rem;list-style:none;padding:0;margin:.4rem 0;max-height:15rem;overflow:auto}
.chips li{border:1px solid var(--rule);border-radius:5px;padding:.05rem .42rem;font-size:.85rem;white-space:pre;max-width:100%;overflow:hidden;text-overflow:ellipsis}
.chips small,.soft{color:var(--soft)}
.chips small{font-size:.7rem;margin-left:.35rem;font-variant-numeric:tabular-nums}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:.8rem;margin:1.4rem 0 0}
.cards>div{background:var(--panel);border-radius:8px;padding:.75rem .95rem;min-width:0}
.cards dt{font-size:.78rem;color:var(--soft);line-height:1.3}
.cards dd{margin:.15rem 0 0;font-size:1.25rem;font-weight:600;overflow-wrap:anywhere;line-height:1.3}
.cards .token{max-width:100%}
.half .token,.lens .token,.change .token{max-width:9.5em}
.cards dd small{display:block;font-size:.78rem;font-weight:400;color:var(--soft)}
.figures{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:2.2rem 2.4rem;margin-top:1.6rem}
figure{margin:0;min-width:0;break-inside:avoid}
figure.wide{grid-column:1/-1}
figure.tall{grid-row:span 2}
figcaption,.caption{color:var(--soft);font-size:.85rem;line-height:1.5;margin-top:.45rem;max-width:46rem}
.drawing{overflow-x:auto}
.chart{display:block;width:100%;height:auto;font-family:inherit}
.chart text,.chart tspan{white-space:pre;unicode-bidi:isolate}
.tables{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1.9rem 2.4rem;margin-top:2.2rem;align-items:start}
.tables>div{grid-column:1/-1;min-width:0}
.tables>.half{grid-column:auto}
sub,sup{font-size:.72em;line-height:0}
.scroll{container-type:inline-size;overflow:auto;max-height:27rem;border:1px solid var(--rule);border-radius:8px}
.scroll:focus-visible,.prompt:focus-visible,.chips:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
.tables h3{margin-bottom:.15rem}
table{border-collapse:collapse;width:100%;font-size:.84rem;line-height:1.4;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:0;color:var(--soft)}
caption>div{position:sticky;left:0;width:max-content;max-width:100cqw;padding:.55rem .8rem;white-space:normal}
th,td{padding:.26rem .8rem;text-align:left;vertical-align:baseline;border-top:1px solid var(--rule);white-space:nowrap}
thead th{position:sticky;top:0;background:var(--panel);font-weight:600;border-top:0;white-space:normal;vertical-align:bottom;z-index:1}
tbody th{font-weight:500}
.n{text-align:right}
.wrap{white-space:normal;overflow-wrap:anywhere;min-width:14rem}
.token{white-space:pre;unicode-bidi:isolate;display:inline-block;max-width:22em;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}
.lens td{padding:.2rem .55rem;background:color-mix(in srgb,var(--heat) calc(var(--p)*var(--shade)),transparent);border-left:1px solid var(--paper)}
.lens td small{opacity:.75;margin-left:.4em}
.up{color:var(--blue)}.down{color:var(--vermilion)}
.change{display:inline-block;margin-right:1rem}
.facts th{width:36%;max-width:16rem;white-space:normal}
.facts td{white-space:normal;overflow-wrap:anywhere}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.92em}
.warning{border-left:3px solid var(--vermilion);background:var(--panel);border-radius:0 6px 6px 0;padding:.6rem 1rem;margin:1rem 0;max-width:none}
.warning ul{margin:.2rem 0;padding-left:1.2rem}
footer{margin-top:3.5rem;padding-bottom:3rem;color:var(--soft);font-size:.85rem}
@media (max-width:52rem){.figures,.tables{grid-template-columns:minmax(0,1fr)}figure.tall{grid-row:auto}header.top{padding-top:1.5rem}main,header.top,footer{padding-left:1rem;padding-right:1rem}h1{font-size:1.55rem}}
@media print{:root{color-scheme:light;${declarations(LIGHT)};--shade:56%}body{font-size:10.5pt}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}.scroll,.prompt,.chips{max-height:none;overflow:visible}.drawing{overflow:visible}.chart{min-width:0!important}.scroll{container-type:normal;border-radius:0}caption>div{max-width:none;width:auto;position:static}table{font-size:7.5pt}th,td{padding:.15rem .35rem;white-space:normal}figcaption,.caption{font-size:8.5pt}thead th{position:static}tr{break-inside:avoid}section{margin-top:1.5rem}h2,h3{break-after:avoid}main,header.top,footer{max-width:none;padding-left:0;padding-right:0}}
`.trim();
