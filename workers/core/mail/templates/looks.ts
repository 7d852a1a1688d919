/*
 * Mail programs know little CSS: inline styles, one column, the system's own letters. The colours are those of the app's tokens; the dark
 * ones stand in a style of their own, since an inline style cannot ask for the mode.
 */
export const SANS = "system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
export const MONO = "ui-monospace,'SF Mono',Consolas,monospace";

export const PAPER = '#fbfaf7';
export const INK = '#1b1815';
export const SOFT = '#524d45';
export const RULE = '#e3dfd6';
export const WELL = '#f3f1eb';

export const DARK = `:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){
.paper,.paper td{background:#131210!important;color:#f3f0e9!important}
.soft{color:#c1bbaf!important}
.rule{border-color:#34312b!important}
.well{background:#24221e!important;color:#f3f0e9!important}
.act{background:#f3f0e9!important;color:#131210!important}
}`;
