import { apiFor, turnedAway } from '../api';
import type { LoadContext } from '../load-context';
import { readMe } from './read-me';

/** Which mail the person wants, whether it arrives, and where it goes. Without a session it leads to sign-in and back. */
export async function readMail(context: LoadContext, request: Request) {
	const [{ email }, answer] = await Promise.all([readMe(context, request), apiFor(context, request).v1.me.mail.$get()]);
	if (!answer.ok) throw await turnedAway(answer, request);
	return { email, ...(await answer.json()) };
}
