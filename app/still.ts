/**
 * The handle of a page that needs no React in the browser: its route exports `const handle = STILL`. It is served with
 * `public/still.js` alone (menus, compare, zone), and every link and form on it works as plain HTML.
 */
export const STILL = 'still';
