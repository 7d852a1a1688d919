import { STUDIOS } from '../../studios/all';
import type { LoadContext } from '../load-context';

/** Where people work alone there is no team, and its pages say so. */
export function requireTeam(context: LoadContext): void {
	const { tenancy, work } = STUDIOS[context.studio];
	if (tenancy.membersMax > 1) return;
	throw new Response(
		`Here everybody has an ${tenancy.word} of their own, so there is no team. Your ${work.many} are seen by you alone.`,
		{ status: 404 },
	);
}
