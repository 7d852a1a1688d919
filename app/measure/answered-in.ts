import type { z } from 'zod';

import { BROWSER_PURPOSES, type BrowserPurpose } from '../../studios/policy/trackers';
import type { ChoicesAnswer, ChoicesOrder } from '../../workers/api/contract/choices';

type Order = z.input<typeof ChoicesOrder>;
type Choice = NonNullable<Order[BrowserPurpose]>;

/**
 * What a form answered: the banner's, one word for every purpose it names, or the page's, a word for each. Null when it answers
 * nothing: what is not asked is not touched.
 */
export function answeredIn(form: FormData): Order | null {
	const word = form.get('answer');
	const isBanner = word === 'yes' || word === 'no';
	const named = new Set(form.getAll('purpose'));
	const chosen: Partial<Record<BrowserPurpose, Choice>> = {};
	for (const purpose of BROWSER_PURPOSES) {
		if (isBanner && named.has(purpose)) chosen[purpose] = word === 'yes' ? 'granted' : 'denied';
		const value = form.get(purpose);
		if (!isBanner && (value === 'granted' || value === 'denied')) chosen[purpose] = value;
	}
	if (Object.keys(chosen).length === 0) return null;
	return { ...chosen, surface: isBanner ? 'banner' : 'preferences' };
}

/** Whose rules hold, in a sentence. */
export const REGIME_WORDS: Readonly<Record<z.infer<typeof ChoicesAnswer>['regime'], string>> = {
	eea: 'The rules of the European Economic Area hold here: what needs a yes waits for it.',
	uk: 'The rules of the United Kingdom hold here: what needs a yes waits for it.',
	ch: 'The rules of Switzerland hold here: what needs a yes waits for it.',
	california: 'The rules of California hold here: you can opt out of sharing, and a browser can do it for you.',
	us: 'The rules of the United States hold here: you can opt out of sharing, and a browser can do it for you.',
	elsewhere: 'What needs a yes waits for it, as in the European Economic Area.',
};
