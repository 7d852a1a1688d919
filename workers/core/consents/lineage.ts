import { and, inArray, isNull, not, sql, type SQL, type SQLWrapper } from 'drizzle-orm';

import { assets, renders } from '../../../schema/renders';
import { shares } from '../../../schema/shares';
import { uploads } from '../../../schema/uploads';
import type { Database } from '../deps';
import { isCheckedPaper } from './checked-paper';

/*
 * All that rests on a consent (N2): photos sent under it, whatever was made from them, and links to that. Consents are given as a list
 * or subquery in parentheses, so that each statement of a batch can ask again whether they may be touched.
 */

/** Of `uploads`: photos, and papers that nobody compared. A paper that somebody did is the signed consent itself and is none of them. */
export function isSentUnder(consentIds: SQLWrapper): SQL {
	return sql`${inArray(uploads.consentId, consentIds)} and ${not(isCheckedPaper())}`;
}

/** Of `assets`: pictures, videos and compositions, whichever way they came about. */
export function isMadeUnder(db: Database, consentIds: SQLWrapper): SQL {
	const under = db.select({ id: renders.id }).from(renders).where(inArray(renders.consentId, consentIds));
	return inArray(assets.renderId, under);
}

/**
 * Marks it all: from now on nothing shows it, and its bytes are due. Twice changes nothing the second time. An order that still runs is
 * not ended here; what it makes later is marked by its end.
 */
export function markLineage(db: Database, consentIds: SQLWrapper, nowMs: number) {
	const isMade = isMadeUnder(db, consentIds);
	const made = db.select({ id: assets.id }).from(assets).where(isMade);
	return [
		db
			.update(uploads)
			.set({ state: 'deleting', deleteAtMs: nowMs, deleteClock: 'request' })
			.where(and(isSentUnder(consentIds), inArray(uploads.state, ['awaiting', 'ready']))),
		db
			.update(shares)
			.set({ revokedAtMs: nowMs })
			.where(and(isNull(shares.revokedAtMs), inArray(shares.assetId, made))),
		db
			.update(assets)
			.set({ state: 'deleting' })
			.where(and(isMade, inArray(assets.state, ['pending', 'ready']))),
	] as const;
}
