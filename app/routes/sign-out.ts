import { redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';

import { postAuth, redirectWithCookies } from '../auth';

export function loader() {
	return redirect('/');
}

/** Ends this session, or with `everywhere` every session of the person, then leads to the first page. */
export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const everywhere = form.get('everywhere') === 'yes' ? [await postAuth(context, request, 'revoke-sessions', {})] : [];
	const out = await postAuth(context, request, 'sign-out', {});
	return redirectWithCookies('/', ...everywhere, out);
}
