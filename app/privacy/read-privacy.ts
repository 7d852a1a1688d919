import { apiFor, turnedAway } from '../api';
import type { LoadContext } from '../load-context';

/** What is held and what was asked for, in one call. Without a session it leads to sign-in and back. */
export async function readPrivacy(context: LoadContext, request: Request) {
	const answer = await apiFor(context, request).v1.privacy.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	return answer.json();
}

export type Privacy = Awaited<ReturnType<typeof readPrivacy>>;
