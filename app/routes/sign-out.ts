import { redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';

import { apiFor, isSignedOut, turnedAway } from '../api';
import { postAuth, redirectWithCookies } from '../auth';

export function loader() {
	return redirect('/');
}

/** Ends this session and leads to the first page, or with `everywhere` every session of the person. */
export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const isEverywhere = form.get('everywhere') === 'yes';
	if (isEverywhere) {
		const ended = await apiFor(context, request).v1.me.sessions.$delete({ query: {} });
		// Signed out already is what was asked for; anything else leaves sessions that the person believes to be over.
		if (!ended.ok && !isSignedOut(ended)) throw await turnedAway(ended, request);
	}
	const out = await postAuth(context, request, 'sign-out', {});
	// The cookie stays for another try: without it nobody could end the session that still runs.
	if (!out.ok && !isEverywhere) throw await turnedAway(out, request);
	return redirectWithCookies(isEverywhere ? '/sign-in?done=ended' : '/', out);
}
