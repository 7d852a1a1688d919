import { apiFor, turnedAway } from '../api';
import type { LoadContext } from '../load-context';

/**
 * One member of what the session acts in. Somebody who does not belong to it is a page that does not exist, and so is a page about
 * the owner or oneself that changes others.
 */
export async function readMember(context: LoadContext, request: Request, id: string | undefined) {
	const answer = await apiFor(context, request).v1.members.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	const { items } = await answer.json();
	const member = items.find((candidate) => candidate.id === id);
	if (member === undefined) {
		throw new Response('Nobody with this address belongs here now. Look at the team again.', { status: 404 });
	}
	const mayDecide = items.some(({ isYou, role }) => isYou && role === 'owner');
	if (!mayDecide) throw new Response('Only the owner changes roles and removes people.', { status: 403 });
	if (member.role === 'owner') {
		throw new Response('This is the owner. Ownership is handed over under Team.', { status: 404 });
	}
	return member;
}
