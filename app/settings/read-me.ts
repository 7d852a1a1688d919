import { apiFor, turnedAway } from '../api';
import type { LoadContext } from '../load-context';

/** The person behind the session: name, address, ways in. Without one it leads to sign-in and back. */
export async function readMe(context: LoadContext, request: Request) {
	const answer = await apiFor(context, request).v1.me.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	return answer.json();
}

export type Me = Awaited<ReturnType<typeof readMe>>;
