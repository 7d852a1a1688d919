import { and, eq, sql, type SQL } from 'drizzle-orm';

import { choices } from '../../../schema/choices';
import { sessions } from '../../../schema/users';
import { CHOICE_TEXT_VERSION } from '../../../studios/policy/trackers';
import { signUpConversionStatement, tellsMeta } from '../conversions/conversion-statements';
import type { Deps } from '../deps';
import { tellQueue } from '../tell-queue';
import { linkVisitorStatement } from './link-visitor';
import { newestOwn } from './newest-own';
import type { Regime } from './regime';

type ArrivalDeps = Pick<Deps, 'db' | 'now' | 'newId' | 'studio' | 'queue'>;
type SignalDeps = Omit<ArrivalDeps, 'queue'>;

/**
 * What a sign-in means for choices: those of the browser become the person's; a signal that the browser sends is written down for
 * their account, so that the server follows it where no browser is (N13); and a sign-up that they allow Meta to be told of is noted.
 * One batch, and nothing at all for a browser that has not chosen and sends no signal.
 */
export async function noteArrival(
	deps: ArrivalDeps,
	input: { visitorId: string | null; sessionToken: string; regime: Regime; hasGpc: boolean },
): Promise<void> {
	const { visitorId, sessionToken, hasGpc } = input;
	if (visitorId === null) {
		if (hasGpc) await signalStatement(deps, input, eq(sessions.token, sessionToken));
		return;
	}
	const link = linkVisitorStatement(deps, { visitorId, sessionToken });
	if (hasGpc) {
		await deps.db.batch([link, signalStatement(deps, input, eq(sessions.token, sessionToken))]);
		return;
	}
	if (!tellsMeta(deps.studio)) {
		await link;
		return;
	}
	const [, noted] = await deps.db.batch([link, signUpConversionStatement(deps, { sessionToken })]);
	for (const { id } of noted) await tellQueue(deps, { type: 'conversion.send', conversionId: id });
}

/**
 * Writes down the signal of a browser whose person signed in before it was sent: the server follows it from then on, also where a renewal
 * is paid without them. Nothing, where Meta is told nothing, or their newest word is a no already.
 */
export async function noteSignal(
	deps: SignalDeps,
	{ sessionId, ...made }: { sessionId: string; visitorId: string | null; regime: Regime },
): Promise<void> {
	if (tellsMeta(deps.studio)) await signalStatement(deps, made, eq(sessions.id, sessionId));
}

/** A no to sharing, unless the person's newest word is one already: signing in each day writes no row each day. */
function signalStatement(
	{ db, now, newId }: SignalDeps,
	{ visitorId, regime }: { visitorId: string | null; regime: Regime },
	whoseSession: SQL,
) {
	const newest = newestOwn(sessions.userId, 'advertising');
	return db.insert(choices).select(
		db
			.select({
				id: sql<string>`${newId('choice')}`.as('id'),
				visitorId: sql<string | null>`${visitorId}`.as('visitor_id'),
				userId: sessions.userId,
				purpose: sql<'advertising'>`'advertising'`.as('purpose'),
				choice: sql<'denied'>`'denied'`.as('choice'),
				regime: sql<Regime>`${regime}`.as('regime'),
				hasGpc: sql<boolean>`1`.as('has_gpc'),
				textVersion: sql<string>`${CHOICE_TEXT_VERSION}`.as('text_version'),
				surface: sql<'signal'>`'signal'`.as('surface'),
				madeAtMs: sql<number>`${now().getTime()}`.as('made_at_ms'),
			})
			.from(sessions)
			.where(and(whoseSession, sql`${newest} is not 'denied'`)),
	);
}
