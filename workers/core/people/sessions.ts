import { and, desc, eq, exists, gt, gte, lt, ne, or, sql } from 'drizzle-orm';

import { sessions, verifications } from '../../../schema/users';
import type { Changer } from '../accounts/tell-person';
import { isGateShut } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { personalGateStatement } from './personal-audit';

type SessionDeps = Pick<Deps, 'db' | 'now' | 'newId'>;

export interface ListedSession {
	id: string;
	/** As the browser named itself at sign-in. */
	userAgent: string | null;
	signedInAt: Date;
	isThis: boolean;
}

/** Where somebody is signed in, the newest first (ASVS 7.5.2). */
export async function listSessions(
	{ db }: Pick<Deps, 'db'>,
	{ userId, sessionId }: { userId: string; sessionId: string },
): Promise<ListedSession[]> {
	const rows = await db
		.select({ id: sessions.id, userAgent: sessions.userAgent, signedInAt: sessions.createdAt })
		.from(sessions)
		// Sessions are written by the machine's clock.
		.where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, new Date())))
		.orderBy(desc(sessions.createdAt), desc(sessions.id));
	return rows.map((row) => ({ ...row, isThis: row.id === sessionId }));
}

/** Ends one of a person's sessions: its next request is nobody's. Somebody else's is not there. */
export async function endSession(deps: SessionDeps, { person, whence }: Changer, id: string): Promise<void> {
	const { db } = deps;
	const isTheirs = and(eq(sessions.id, id), eq(sessions.userId, person.userId));
	const isThere = exists(
		db
			.select({ one: sql`1` })
			.from(sessions)
			.where(isTheirs),
	);
	const who = { userId: person.userId, whence };
	try {
		await db.batch([
			personalGateStatement(deps, who, { action: 'session.ended', targetId: id }, isThere),
			db.delete(sessions).where(isTheirs),
		]);
	} catch (cause) {
		throw isGateShut(cause) ? notFound('session') : cause;
	}
}

/**
 * Ends every session of a person, or all but the one that asks, and every sign-in that waits for its second factor; how many
 * sessions those were.
 */
export async function endSessions(
	deps: SessionDeps,
	{ person, whence }: Changer,
	{ keepsThis }: { keepsThis: boolean },
): Promise<number> {
	const { db } = deps;
	const { userId, sessionId } = person;
	const theirs = and(eq(sessions.userId, userId), keepsThis ? ne(sessions.id, sessionId) : undefined);
	const isAny = or(
		exists(
			db
				.select({ one: sql`1` })
				.from(sessions)
				.where(theirs),
		),
		exists(
			db
				.select({ one: sql`1` })
				.from(verifications)
				.where(challengesOf(userId)),
		),
	);
	try {
		const [, ended] = await db.batch([
			personalGateStatement(deps, { userId, whence }, { action: 'sessions.ended' }, sql`${isAny}`),
			db.delete(sessions).where(theirs).returning({ id: sessions.id }),
			endChallengesStatement(deps, { userId }),
		]);
		return ended.length;
	} catch (cause) {
		if (isGateShut(cause)) return 0;
		throw cause;
	}
}

/** Ends the session that a browser leaves by signing in anew; nothing when it is over already. */
export async function forgetSession({ db }: Pick<Deps, 'db'>, { token }: { token: string }): Promise<void> {
	await db.delete(sessions).where(eq(sessions.token, token));
}

/**
 * Ends every sign-in of a person that waits for its second factor: its password, mailed code or provider was shown before, and
 * is not to be good for a session after. For the batch of what makes it so (ASVS 7.4.3).
 */
export function endChallengesStatement({ db }: Pick<Deps, 'db'>, { userId }: { userId: string }) {
	return db.delete(verifications).where(challengesOf(userId));
}

/** As better-auth names them: `2fa-` and then letters; a range, since `like` would not use the index. */
function challengesOf(userId: string) {
	const { identifier, value } = verifications;
	return and(gte(identifier, '2fa-'), lt(identifier, '2fa.'), eq(value, userId));
}
