/*
 * The look of the app's pages for one that loads nothing: the values of its tokens, and system fonts in place of its two
 * families. Serif stands for what is promised alone.
 */
const ACCENTS = {
	dental: ['#22468f', '#a9c0f5', '#18336c', '#c7d6fb', '#e9eef8', '#1a2233'],
	media: ['#a63c08', '#ffa368', '#7d2b03', '#ffc29a', '#fbece3', '#2d1d12'],
	image: ['#85307b', '#eaa8df', '#621f5a', '#f4caec', '#f7ebf5', '#2c1a29'],
} as const;

export function styleFor(slug: keyof typeof ACCENTS): string {
	const [light, dark, deepLight, deepDark, tintLight, tintDark] = ACCENTS[slug];
	return `:root{--accent:light-dark(${light},${dark});--accent-deep:light-dark(${deepLight},${deepDark});--accent-tint:light-dark(${tintLight},${tintDark})}${STYLE}`;
}

const STYLE = `
:root {
	color-scheme: light dark;
	--paper: light-dark(#fbfaf7, #131210); --sheet: light-dark(#ffffff, #1b1a17); --well: light-dark(#f3f1eb, #24221e);
	--line: light-dark(#e3dfd6, #34312b); --edge: light-dark(#8a8378, #857e72);
	--ink: light-dark(#1b1815, #f3f0e9); --ink-2: light-dark(#524d45, #c1bbaf); --ink-3: light-dark(#696359, #a39d91);
	--sans: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
	--serif: Georgia, "Times New Roman", serif;
	--mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
	--margin: clamp(1.25rem, 4.4vw, 3.5rem);
}
*, *::before, *::after { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; scroll-padding-top: 1.5rem; accent-color: var(--accent); }
body { margin: 0; font: 420 0.9375rem/1.5 var(--sans); }
h1, h2, h3, h4, p, ul, ol, table, fieldset, pre { margin: 0; padding: 0; border: 0; }
h1, h2, h3, h4 { font-weight: 600; text-wrap: balance; letter-spacing: -0.018em; }
h1 { font-size: clamp(1.875rem, 1.5rem + 1.6vw, 2.75rem); line-height: 1.1; }
h2 { font-size: clamp(1.5rem, 1.3rem + 0.85vw, 2rem); line-height: 1.18; border-top: 1px solid var(--ink); padding-top: 1rem; margin-top: clamp(3rem, 6vw, 4.5rem); }
h3 { font-size: 1.25rem; line-height: 1.3; letter-spacing: -0.01em; margin-top: 2.25rem; }
h4 { font-size: 0.9375rem; letter-spacing: 0; overflow-wrap: anywhere; }
p { text-wrap: pretty; }
a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 1px; } a:hover { color: var(--accent-deep); }
code, pre { font-family: var(--mono); font-size: 0.8125rem; } code { overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 1rem; top: 0.5rem; background: var(--sheet); padding: 0.5rem 0.75rem; z-index: 9; }
.wrap { width: 100%; max-width: calc(72rem + 2 * var(--margin)); margin-inline: auto; padding-inline: var(--margin); }
.bar { border-bottom: 1px solid var(--line); } .bar .wrap { display: flex; align-items: center; gap: 1.5rem; min-height: 4rem; }
.mark { display: inline-flex; align-items: center; gap: 0.6rem; min-height: 2.75rem; color: var(--ink); text-decoration: none; font-weight: 650; font-size: 1.0625rem; letter-spacing: -0.015em; white-space: nowrap; } .mark:hover { color: var(--ink); } .mark svg { color: var(--accent); flex: none; }
.bar .end { margin-left: auto; display: inline-flex; align-items: center; min-height: 2.75rem; }
.page { padding-block: clamp(2rem, 5vw, 3rem) 6rem; }
.promise { font: 400 clamp(1.125rem, 1.05rem + 0.35vw, 1.3125rem)/1.5 var(--serif); color: var(--ink-2); margin-top: 1rem; max-width: 38rem; }
.contents { margin-top: 1.75rem; } .contents ul { list-style: none; display: flex; flex-wrap: wrap; column-gap: 1.25rem; }
.contents a { display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--ink-2); text-decoration: none; } .contents a:hover { color: var(--accent-deep); text-decoration: underline; }
section p, section li { max-width: 62ch; } section > p, article > p { margin-top: 0.75rem; }
h3 + p { margin-top: 0.4rem; }
.small { font-size: 0.8125rem; } .soft { color: var(--ink-3); font-weight: 420; }
pre { background: var(--well); border-radius: 7px; padding: 0.85rem 1rem; margin-top: 0.6rem; overflow-x: auto; line-height: 1.55; tab-size: 2; } pre code { overflow-wrap: normal; }
.steps { list-style: none; counter-reset: step; margin-top: 1.25rem; } .steps li { counter-increment: step; padding: 0.9rem 0 0.9rem 2.25rem; position: relative; max-width: none; border-bottom: 1px solid var(--line); } .steps li::before { content: counter(step); position: absolute; left: 0; color: var(--accent); font-weight: 600; font-variant-numeric: tabular-nums; }
.facts { list-style: none; margin-top: 1rem; } .facts li { padding: 0.55rem 0; border-bottom: 1px solid var(--line); max-width: none; }
table { width: 100%; border-collapse: collapse; margin-top: 1.25rem; font-variant-numeric: tabular-nums; } table + p { margin-top: 1rem; }
th, td { text-align: left; vertical-align: top; padding: 0.6rem 1rem 0.6rem 0; border-bottom: 1px solid var(--line); } th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: 0.8125rem; font-weight: 600; color: var(--ink-3); padding-block: 0 0.5rem; border-bottom-color: var(--ink); } tbody th { font-weight: 420; white-space: nowrap; }
.fields { margin: 0.25rem 0 0.75rem; } .fields th, .fields td { padding-block: 0.4rem; font-size: 0.8125rem; } .fields tbody th { white-space: normal; width: 45%; } .note { display: block; color: var(--ink-3); }
.languages { display: inline-flex; gap: 2px; padding: 3px; margin-top: 1.25rem; background: var(--well); border-radius: 9px; } .languages label { position: relative; } .languages input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.languages span { display: grid; place-items: center; min-height: 2.75rem; padding: 0 1rem; border-radius: 7px; color: var(--ink-2); } .languages input:checked + span { background: var(--sheet); color: var(--ink); font-weight: 600; box-shadow: 0 0 0 1px var(--line), 0 1px 2px rgb(0 0 0 / 0.08); } .languages input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 1px; }
body:has(#in-shell:checked) .in-typescript, body:has(#in-typescript:checked) .in-shell { display: none; }
.in-shell > p, .in-typescript > p { margin-top: 0.9rem; } .in-shell > p.small, .in-typescript > p.small { margin-top: 0.5rem; color: var(--ink-3); } .in-typescript > .file { margin-top: 0.9rem; color: var(--ink-3); } .file + pre { margin-top: 0.3rem; }
.operation { padding-block: 1rem; border-bottom: 1px solid var(--line); } .operation > p { margin-top: 0.25rem; } .method { color: var(--accent); } h4 code { font-weight: 600; }
.scope { background: var(--accent-tint); border-radius: 5px; padding: 0.1rem 0.35rem; }
summary { display: flex; align-items: center; gap: 0.4rem; min-height: 2.75rem; cursor: pointer; font-size: 0.8125rem; color: var(--ink-2); list-style: none; } summary::-webkit-details-marker { display: none; } summary::before { content: "+"; width: 0.75rem; color: var(--accent); font-weight: 600; } details[open] > summary::before { content: "\\2212"; } summary:hover { color: var(--ink); }
.operation summary { min-height: 2.25rem; } .shape { border-bottom: 1px solid var(--line); } .shape > summary { font-size: 0.9375rem; color: var(--ink); }
@media (max-width: 34.99rem) {
	.stacked thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } .stacked tr { display: block; padding: 0.6rem 0; border-bottom: 1px solid var(--line); } .stacked th, .stacked td { display: block; padding: 0; border: 0; white-space: normal; }
}
@media (min-width: 70rem) {
	.layout { display: grid; grid-template-columns: 11rem minmax(0, 48rem); column-gap: 4.5rem; } .contents { margin: 0; position: sticky; top: 2rem; align-self: start; max-height: calc(100dvh - 4rem); overflow-y: auto; } .contents ul { display: block; } .contents a { min-height: 2.1rem; }
	.layout { grid-template-rows: auto 1fr; row-gap: 0; } .head { grid-column: 2; } .layout > .contents { grid-column: 1; grid-row: 1 / 3; } .layout > .text { grid-column: 2; }
}
@media print { .bar, .contents, .languages { display: none; } body:has(#in-shell:checked) .in-typescript { display: block; } }
`;
