import { and, eq, exists, not, sql } from 'drizzle-orm';

import { exports } from '../../../schema/rights';
import type { Person } from '../accounts/resolve-person';
import { isSignedIn, refusalOfSession } from '../accounts/standing';
import type { Whence } from '../actor';
import { isGateShut } from '../audit/audit-statement';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { limitStatements, type Limit } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { newObjectKey } from '../media/object-keys';
import { personalGateStatement } from '../people/personal-audit';
import { tellQueue } from '../tell-queue';
import { DAY_MS } from '../../../studios/policy/data-classes';
import { toExport, type Export } from './read-exports';

/**
 * Asks for a copy of everything held about a person, with all of the account they are in where they own it (Art. 15, 20, DD-39).
 * Refused while one is being made (`conflict`), and beyond the studio's rate.
 */
export async function requestExport(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'queue' | 'studio' | 'lookupKey'>,
	{ person, whence }: { person: Person; whence: Whence },
): Promise<Export> {
	const { db, now, newId } = deps;
	const nowMs = now().getTime();
	const id = newId('export');
	const row = {
		id,
		userId: person.userId,
		accountId: person.account?.role === 'owner' ? person.account.id : null,
		state: 'queued' as const,
		objectKey: newObjectKey('exp', person.userId),
		requestedAtMs: nowMs,
		// By then it is ready or given up.
		deleteAtMs: nowMs + DAY_MS,
	};
	const running = db
		.select({ one: sql`1` })
		.from(exports)
		.where(and(eq(exports.userId, person.userId), eq(exports.state, 'queued')));
	const holds = sql`${not(exists(running))} and ${isSignedIn(deps, person)}`;
	const entry = { action: 'export.asked', targetId: id } as const;
	const limits: Limit[] = [{ what: 'export', by: 'person', value: person.userId }];
	try {
		await db.batch([
			personalGateStatement(deps, { userId: person.userId, whence }, entry, holds),
			db.insert(exports).values(row),
			...limitStatements(deps, limits),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
		throw (await refusalOfSession(deps, person)) ?? running409(cause);
	}
	await tellQueue(deps, { type: 'export.build', exportId: id });
	return toExport({ ...row, byteLength: null, readyAtMs: null, isWithdrawn: 0 }, nowMs);
}

function running409(cause: unknown): AppError {
	return new AppError('conflict', 'A copy is being made already. You get a mail when it is ready.', { cause });
}
