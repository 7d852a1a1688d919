import type { Studio } from '../../studios/studio';
import { withParameter } from '../paths';
import type { ArrivalWords } from './arrival-words';

const OPENED = 'opened';
const WITHOUT_WELCOME = 'without-welcome';

/** Where somebody goes whose account was opened: `to`, with a word for that page when it began without the studio's welcome (BD-11). */
export function openedPath(studio: Studio, opened: { readonly welcomeCredits: number }, to: string): string {
	if (studio.welcomeCredits === 0 || opened.welcomeCredits > 0) return to;
	return withParameter(to, OPENED, WITHOUT_WELCOME);
}

/** What the page that they land on says; null: nothing. */
export function openedWords(search: URLSearchParams, { tenancy }: Studio): ArrivalWords | null {
	if (search.get(OPENED) !== WITHOUT_WELCOME) return null;
	return { title: 'Welcome credits come once a person', sentence: `Your first ${tenancy.word} got them.` };
}
