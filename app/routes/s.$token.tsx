import { data, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/cloudflare';
import { useActionData, useLoaderData } from '@remix-run/react';

import { apiFor, refusalOf } from '../api';
import { textOf } from '../form';
import type { LoadContext } from '../load-context';
import type { SharedPage } from '../share/answers';
import { SharedView } from '../share/shared-view';
import { shareStyles } from '../share/styles';
import { BARE } from '../still';

/*
 * What a link shows, to whoever holds it: nothing of the app stands around it, nothing runs but the cut of a picture pair, nothing is
 * stored in the browser, and its address is told to nobody else: the policy of every page, `same-origin`, sees to that. A stricter one would
 * take the origin from the form with the passcode, too, which is then refused as another site's.
 */
export const handle = BARE;

export const links = shareStyles;

/** Said by the page itself, so that it holds wherever it is opened. The title names nobody. */
export const meta: MetaFunction = () => [
	{ title: 'Shared with you' },
	{ name: 'robots', content: 'noindex, nofollow, noarchive' },
];

export function headers() {
	return { 'x-robots-tag': 'noindex, nofollow, noarchive' };
}

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	return open(context, request, { token: params['token'] ?? '' });
}

export async function action({ request, context, params }: ActionFunctionArgs) {
	const passcode = textOf(await request.formData(), 'passcode').trim();
	return open(context, request, { token: params['token'] ?? '', passcode });
}

async function open(context: LoadContext, request: Request, json: { token: string; passcode?: string }) {
	const answer = await apiFor(context, request).v1.shares.open.$post({ json });
	if (answer.ok) return data<SharedPage>(await answer.json());
	const status: number = answer.status;
	const { message, details } = await refusalOf(answer);
	if (status === 410) {
		const state = details?.reason === 'paused' ? 'silent' : 'over';
		return data<SharedPage>({ state, sentence: message }, 410);
	}
	const isTry = details?.reason === 'wrong_passcode' || (status === 429 && json.passcode !== undefined);
	if (isTry) return data<SharedPage>({ state: 'wrong', sentence: message }, status);
	if (status === 404 || status === 400) return data<SharedPage>({ state: 'unknown', sentence: UNKNOWN }, 404);
	return data<SharedPage>({ state: 'silent', sentence: message }, status);
}

const UNKNOWN = 'There is nothing under this link. A part of it may be missing: open it from the message itself.';

export default function Shared() {
	const first = useLoaderData<typeof loader>();
	const tried = useActionData<typeof action>();
	return <SharedView page={tried ?? first} />;
}
