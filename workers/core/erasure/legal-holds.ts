import { and, asc, eq, isNull, ne, or, sql } from 'drizzle-orm';

import { erasures, legalHolds } from '../../../schema/erasures';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import type { Deps } from '../deps';
import { AppError, notFound, violates } from '../errors';
import { log } from '../log';
import { tellQueue } from '../tell-queue';

export interface LegalHold {
	id: string;
	kind: 'person' | 'account' | 'subject';
	targetId: string;
	matter: string;
	placedAt: string;
}

interface HoldOrder {
	whence: Whence;
	/** The id of a person, an account or a subject. */
	targetId: string;
	/** The matter's own number or name; never a person's. */
	matter: string;
}

/**
 * Forbids to delete what is held of somebody, for one matter (DD-17). From now on neither sweep nor erasure touches it, and an erasure
 * that is under way stops where it is. The same again changes nothing. `not_found` for an id that names nobody.
 */
export async function placeHold(deps: Pick<Deps, 'db' | 'now' | 'newId'>, order: HoldOrder): Promise<LegalHold> {
	const { db } = deps;
	const { whence, targetId, matter } = order;
	const kind = await kindOf(deps, targetId);
	if (kind === null) throw notFound('person, account or patient');
	const hold = { id: deps.newId('legalHold'), targetKind: kind, targetId, matter, placedAtMs: deps.now().getTime() };
	const { statement } = await operatorStatement(deps, { whence, accountId: null, action: 'hold.placed', targetId });
	try {
		await db.batch([db.insert(legalHolds).values(hold), statement]);
	} catch (cause) {
		if (!violates(cause, 'legal_holds.target_id')) throw cause;
		const [known] = await db.select().from(legalHolds).where(isOpen(order));
		if (known !== undefined) return toHold(known);
		throw new AppError('conflict', 'This hold was released at this very moment. Place it again.', { cause });
	}
	log('hold_placed', { holdId: hold.id, targetId });
	return toHold(hold);
}

/** Ends a hold, and wakes the erasure that waited for it. `not_found` when there is none for this matter. */
export async function releaseHold(
	deps: Pick<Deps, 'db' | 'now' | 'newId' | 'queue'>,
	order: HoldOrder,
): Promise<LegalHold> {
	const { db } = deps;
	const { whence, targetId } = order;
	const [hold] = await db.select().from(legalHolds).where(isOpen(order));
	if (hold === undefined) throw notFound('hold');
	const { statement } = await operatorStatement(deps, {
		whence,
		accountId: null,
		action: 'hold.released',
		targetId,
		name: `release ${hold.id}`,
	});
	await db.batch([db.update(legalHolds).set({ releasedAtMs: deps.now().getTime() }).where(isOpen(order)), statement]);
	log('hold_released', { holdId: hold.id, targetId });
	const waiting = await db
		.select({ id: erasures.id })
		.from(erasures)
		.where(and(ne(erasures.state, 'certified'), or(eq(erasures.targetId, targetId), eq(erasures.accountId, targetId))))
		.limit(WOKEN_MAX);
	for (const { id } of waiting) await tellQueue(deps, { type: 'erasure.advance', erasureId: id });
	return toHold(hold);
}

/** The rest is taken up by the sweep. */
const WOKEN_MAX = 20;
const LISTED_MAX = 200;

/** The holds that are in force, the oldest first. */
export async function listHolds({ db }: Pick<Deps, 'db'>): Promise<LegalHold[]> {
	const rows = await db
		.select()
		.from(legalHolds)
		.where(isNull(legalHolds.releasedAtMs))
		.orderBy(asc(legalHolds.placedAtMs))
		.limit(LISTED_MAX);
	return rows.map(toHold);
}

function isOpen({ targetId, matter }: HoldOrder) {
	return and(eq(legalHolds.targetId, targetId), eq(legalHolds.matter, matter), isNull(legalHolds.releasedAtMs));
}

async function kindOf({ db }: Pick<Deps, 'db'>, id: string): Promise<LegalHold['kind'] | null> {
	const [row] = await db.all<{ kind: LegalHold['kind'] }>(
		sql`select 'person' as kind from users where id = ${id}
			union all select 'account' from accounts where id = ${id}
			union all select 'subject' from subjects where id = ${id}`,
	);
	return row?.kind ?? null;
}

function toHold(row: Omit<typeof legalHolds.$inferSelect, 'releasedAtMs'>): LegalHold {
	const { id, targetKind, targetId, matter, placedAtMs } = row;
	return { id, kind: targetKind, targetId, matter, placedAt: new Date(placedAtMs).toISOString() };
}
