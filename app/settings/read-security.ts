import { apiFor, turnedAway } from '../api';
import { offeredWays } from '../auth/offered-ways';
import type { LoadContext } from '../load-context';
import { readMe } from './read-me';

/** Everything that the security page shows, asked for at once. */
export async function readSecurity(context: LoadContext, request: Request) {
	const api = apiFor(context, request);
	const [me, offered, sessions, events] = await Promise.all([
		readMe(context, request),
		offeredWays(context, request),
		api.v1.me.sessions.$get(),
		api.v1.me.events.$get(),
	]);
	if (!sessions.ok) throw await turnedAway(sessions, request);
	if (!events.ok) throw await turnedAway(events, request);
	const [{ items: sessionItems }, { items: eventItems }] = [await sessions.json(), await events.json()];
	return { me, offered, sessions: sessionItems, events: eventItems };
}

export type SecurityData = Awaited<ReturnType<typeof readSecurity>>;
