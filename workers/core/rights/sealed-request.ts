import { z } from 'zod';

import { openText, sealText } from '../vault/seal-text';
import type { SealingVault, Vault } from '../vault/vault';

const REQUEST = 'rights_requests.sealed';
const ANSWER = 'rights_requests.answer_sealed';

/** What stands sealed in a request's row, under the request's own key. `token` is what mailed links carry. */
const RequestWords = z.strictObject({
	address: z.string(),
	name: z.string(),
	who: z.string(),
	words: z.string(),
	token: z.string(),
});
export type RequestWords = z.infer<typeof RequestWords>;

export function sealRequest(deps: { vault: SealingVault }, requestId: string, words: RequestWords): Promise<string> {
	return sealText(deps, { owner: requestId, place: REQUEST, text: JSON.stringify(words) });
}

/** Null once it lapsed, or its key is gone. */
export async function openRequestWords(
	deps: { vault: Vault },
	requestId: string,
	sealed: string,
): Promise<RequestWords | null> {
	if (sealed === '') return null;
	const text = await openText(deps, { owner: requestId, place: REQUEST, sealed });
	return text === null ? null : RequestWords.parse(JSON.parse(text));
}

export function sealAnswer(deps: { vault: SealingVault }, requestId: string, words: string): Promise<string> {
	return sealText(deps, { owner: requestId, place: ANSWER, text: words });
}

export function openAnswer(deps: { vault: Vault }, requestId: string, sealed: string | null): Promise<string | null> {
	if (sealed === null) return Promise.resolve(null);
	return openText(deps, { owner: requestId, place: ANSWER, sealed });
}

/** The page that takes the token, which stands behind # and so in no log and no referrer. */
export function requestUrl(appOrigin: string, requestId: string, token: string): string {
	return `${appOrigin}/privacy/requests/${requestId}#${token}`;
}
