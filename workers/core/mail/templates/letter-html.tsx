/** @jsxRuntime automatic -- a script that runs this file as it is finds no compiler options for it */
import { renderToStaticMarkup } from 'react-dom/server';

import type { Letter } from '../letter';
import { LetterPage } from './letter-page';

/** The letter as HTML, for light and dark. React escapes whatever goes in; the same letter gives the same bytes. */
export function letterHtml(letter: Letter, studioName: string): string {
	return `<!doctype html>\n${renderToStaticMarkup(<LetterPage letter={letter} studioName={studioName} />)}\n`;
}
