import { and, desc, eq, exists, gt, ne, sql } from 'drizzle-orm';

import { sessions } from '../../../schema/users';
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

/** Ends every session of a person, or all but the one that asks; how many those were. */
export async function endSessions(
	deps: SessionDeps,
	{ person, whence }: Changer,
	{ keepsThis }: { keepsThis: boolean },
): Promise<number> {
	const { db } = deps;
	const { userId, sessionId } = person;
	const theirs = and(eq(sessions.userId, userId), keepsThis ? ne(sessions.id, sessionId) : undefined);
	const isAny = exists(
		db
			.select({ one: sql`1` })
			.from(sessions)
			.where(theirs),
	);
	try {
		const [, ended] = await db.batch([
			personalGateStatement(deps, { userId, whence }, { action: 'sessions.ended' }, isAny),
			db.delete(sessions).where(theirs).returning({ id: sessions.id }),
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
