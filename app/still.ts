/**
 * The handle of a page that needs no React in the browser: its route exports `const handle = STILL`. It is served with
 * `public/still.js` alone (menus, compare, zone), and every link and form on it works as plain HTML.
 */
export const STILL = 'still';

/**
 * The handle of a still page that may be measured, which none is by default. It is public, alike for everybody, and holds no
 * patient, upload, render, share, receipt, key or code, nor does its address. Being still, it is left by loading another page, so
 * that nothing which runs here is there on the next one.
 */
export const MEASURED = 'still and measured';

/**
 * The handle of a still page that is nothing but itself: no header, footer, notice or banner stands around it, it is never measured,
 * and nothing is stored in the browser. What strangers open by a link is one.
 */
export const BARE = 'still and bare';

export function isStillPage(handle: unknown): boolean {
	return handle === STILL || handle === MEASURED || handle === BARE;
}

export function isBarePage(handle: unknown): boolean {
	return handle === BARE;
}
