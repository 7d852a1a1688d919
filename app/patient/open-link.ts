import { data } from '@remix-run/cloudflare';

import { apiFor, refusalOf } from '../api';
import type { LoadContext } from '../load-context';
import type { PatientPage } from './answers';

const UNKNOWN = 'There is nothing under this link. A part of it may be missing: scan it again, or ask the practice.';

/** What lies behind a token, with the status that its page answers. */
export async function openLink(
	context: LoadContext,
	request: Request,
	token: string,
): Promise<{ page: PatientPage; status: number }> {
	const answer = await apiFor(context, request).v1['consent-links'].open.$post({ json: { token } });
	if (answer.ok) return { page: await answer.json(), status: 200 };
	const status: number = answer.status;
	const { message } = await refusalOf(answer);
	if (status === 410) return { page: { state: 'over', sentence: message }, status };
	if (status === 404 || status === 400) return { page: { state: 'unknown', sentence: UNKNOWN }, status: 404 };
	return { page: { state: 'silent', sentence: message }, status };
}

/** The loader of each page of a link. */
export async function loadLink(context: LoadContext, request: Request, token: string) {
	const { page, status } = await openLink(context, request, token);
	return data({ page, token }, status);
}
