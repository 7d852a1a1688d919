import { and, eq } from 'drizzle-orm';

import { CHOICE_PURPOSES } from '../../../schema/choices';
import { rightsRequests } from '../../../schema/rights';
import type { Whence } from '../actor';
import { isSignedIn, refusalOfSession } from '../accounts/standing';
import { isGateShut } from '../audit/audit-statement';
import { choiceStatement } from '../choices/record-choice';
import type { Regime } from '../choices/regime';
import type { AccessDeps } from '../deps';
import { personalGateStatement } from '../people/personal-audit';
import { openOwnRequest } from './open-request';

/** Of the words on the page that asks. */
export const OBJECTION_TEXT_VERSION = 'objection-1';

type ObjectDeps = Parameters<typeof openOwnRequest>[0] & Pick<AccessDeps, 'db'>;

/**
 * Objects to every use that rests on interest or consent (Art. 21, 7(3)): measuring, advertising, names in error reports and both classes
 * of mail are refused at once, in one step. For the rest, such as the record of who changed what, a person looks at it: a request is
 * opened, once while one is open.
 */
export async function objectToUses(
	deps: ObjectDeps,
	input: {
		person: { userId: string; sessionId: string; name: string; email: string };
		whence: Whence;
		regime: Regime;
		hasGpc: boolean;
		words: string;
	},
): Promise<{ requestId: string; denied: readonly string[] }> {
	const { db } = deps;
	const { person, whence, regime, hasGpc, words } = input;
	const { userId, name, email } = person;
	const made = {
		visitorId: null,
		userId,
		regime,
		hasGpc,
		textVersion: OBJECTION_TEXT_VERSION,
		surface: 'settings' as const,
	};
	const denied = CHOICE_PURPOSES.map((purpose) => ({ purpose, choice: 'denied' as const }));
	const entry = { action: 'objection.made' } as const;
	try {
		await db.batch([
			personalGateStatement(deps, { userId, whence }, entry, isSignedIn(deps, person)),
			choiceStatement(deps, made, denied),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		throw (await refusalOfSession(deps, person)) ?? cause;
	}
	const [open] = await db
		.select({ id: rightsRequests.id })
		.from(rightsRequests)
		.where(and(eq(rightsRequests.userId, userId), eq(rightsRequests.right, 'object'), eq(rightsRequests.state, 'open')))
		.limit(1);
	const requestId =
		open?.id ??
		(
			await openOwnRequest(deps, {
				userId,
				email,
				name,
				network: whence.network,
				right: 'object',
				who: 'somebody with an account',
				words,
			})
		).id;
	return { requestId, denied: CHOICE_PURPOSES };
}
