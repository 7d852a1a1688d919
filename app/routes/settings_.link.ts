import { redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';

import { apiFor, refusalOf } from '../api';
import { cookieHeaders } from '../auth';
import { leaveTo } from '../auth/leave-to';
import { isProvider, PROVIDERS } from '../auth/provider-mark';
import { textOf } from '../form';
import { withNext } from '../paths';

const HERE = '/settings/security';

export function loader() {
	return redirect(HERE);
}

/** Leads to a provider's page, which leads back to the security settings with what came of it. */
export async function action({ request, context }: ActionFunctionArgs) {
	const provider = textOf(await request.formData(), 'provider');
	if (!isProvider(provider)) return redirect(HERE);
	const answer = await apiFor(context, request).v1.me.ways.$post({ json: { provider, next: HERE } });
	if (answer.ok) {
		const { url } = await answer.json();
		return leaveTo(url, PROVIDERS[provider].name, cookieHeaders(answer));
	}
	const { code } = await refusalOf(answer);
	if (code === 'not_signed_in') return redirect(withNext('/sign-in', HERE));
	if (code === 'reauthentication_required') return redirect(withNext('/prove', HERE));
	return redirect(`${HERE}?error=${code === 'too_many_requests' ? code : 'provider_unavailable'}`);
}
