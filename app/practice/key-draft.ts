import { z } from 'zod';

import { privateCookie, privateCookieOf } from '../private-cookie';
import { KEY_NAME_LENGTH_MAX, type KeyDraft } from './key-choices';

/*
 * What somebody typed for a new key, kept over the page on which they show that it is them. The server alone reads it; it is
 * never the key itself, which exists only in the answer that shows it.
 */
const NAME = 'key-draft';
const SECONDS = 15 * 60;
const SCOPES_MAX = 40;

const Draft = z.object({
	name: z.string().max(KEY_NAME_LENGTH_MAX),
	scopes: z.array(z.string().max(40)).max(SCOPES_MAX),
	days: z.number(),
});

export function keptDraft(request: Request): KeyDraft | null {
	try {
		const draft = Draft.safeParse(JSON.parse(privateCookieOf(request, NAME) ?? 'null'));
		return draft.success ? draft.data : null;
	} catch {
		return null;
	}
}

/** `null` forgets it. */
export function draftCookie(draft: KeyDraft | null, request: Request): string {
	return privateCookie(request, NAME, draft === null ? null : JSON.stringify(draft), SECONDS);
}
