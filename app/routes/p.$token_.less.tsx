import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useActionData, useLoaderData } from '@remix-run/react';

import { apiFor, refusalOf } from '../api';
import { patientHeaders, patientMeta, patientStyles, pathsOf } from '../patient/bare-page';
import { choicesOf } from '../patient/choices';
import { LessView } from '../patient/less-view';
import { loadLink } from '../patient/open-link';
import { SentenceView } from '../patient/sentence-view';
import { BARE } from '../still';

export const handle = BARE;
export const links = patientStyles;
export const meta = patientMeta;
export const headers = patientHeaders;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const token = params['token'] ?? '';
	const loaded = await loadLink(context, request, token);
	const { page } = loaded.data;
	// Nothing to take away: not signed yet, or not in force any more.
	if (page.state === 'to_sign' || (page.state === 'signed' && page.consent.state !== 'active')) {
		throw redirect(pathsOf(token).page);
	}
	return data({ page, token }, loaded.init ?? undefined);
}

export async function action({ request, context, params }: ActionFunctionArgs) {
	const token = params['token'] ?? '';
	const { channels } = choicesOf(await request.formData());
	const answer = await apiFor(context, request).v1['consent-links'].narrow.$post({
		json: { token, channels: [...channels] },
	});
	if (answer.ok) return redirect(`${pathsOf(token).page}?done=narrowed`);
	return data({ error: (await refusalOf(answer)).message }, answer.status);
}

export default function AllowLess() {
	const { page, token } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	if (page.state !== 'signed') return <SentenceView page={page} />;
	return <LessView signed={page} token={token} error={answer?.error} />;
}
