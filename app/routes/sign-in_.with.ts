import { redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';
import { z } from 'zod';

import { STUDIOS } from '../../studios/all';
import { refusalOf } from '../api';
import { cookieHeaders, postAuth } from '../auth';
import { leaveTo } from '../auth/leave-to';
import { isProvider, PROVIDERS } from '../auth/provider-mark';
import { textOf } from '../form';
import { pathOr } from '../paths';

const Visit = z.object({ url: z.url() });

export function loader() {
	return redirect('/sign-in');
}

/** Leads to a provider's page; where it cannot be reached, back to sign-in with the reason. */
export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const provider = textOf(form, 'provider');
	if (!isProvider(provider)) return redirect('/sign-in');
	const next = pathOr(STUDIOS[context.studio].work.path, form.get('next'));
	const answer = await postAuth(context, request, 'sign-in/social', { provider, next });
	if (answer.ok) {
		const { url } = Visit.parse(await answer.json());
		return leaveTo(url, PROVIDERS[provider].name, cookieHeaders(answer));
	}
	const { code } = await refusalOf(answer);
	return redirect(`/sign-in?error=${code === 'too_many_requests' ? code : 'provider_unavailable'}`);
}
