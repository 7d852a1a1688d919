import { and, gt, gte, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

import { assets, renders } from '../../../schema/renders';
import { shares } from '../../../schema/shares';
import { uploads } from '../../../schema/uploads';
import { revocationReceiptId } from '../consents/confirm-revocation';
import { isMadeUnder, isSentUnder } from '../consents/lineage';
import type { Database, Deps } from '../deps';
import type { InclusionProof } from '../log/log-head';
import { canonicalJson } from '../receipts/canonical-json';
import { readReceipt } from '../receipts/read-receipt';
import type { SignedReceipt } from '../receipts/receipt-facts';
import type { FoundLink } from './find-link';
import { keptAfter, type Kept } from './revoke-by-link';

export interface Deletion {
	photosLeft: number;
	picturesLeft: number;
	processorCopiesLeft: number;
	linksEnded: number;
	postedLeft: number;
	kept: Kept[];
	receipt: { receipt: SignedReceipt; body: string; proof: InclusionProof | null } | null;
}

/**
 * How far the deletion after a revocation is, step by step, and its receipt once that is signed. One D1 statement while it goes on, three
 * at most.
 */
export async function deletionSteps(
	{ db }: Pick<Deps, 'db'>,
	found: FoundLink,
	{ postedLeft }: { postedLeft: number },
): Promise<Deletion> {
	const { consent } = found;
	const ids = sql`(${consent.id})`;
	const isMade = isMadeUnder(db, ids);
	const made = db.select({ id: assets.id }).from(assets).where(isMade);
	const revokedAtMs = consent.revokedAtMs ?? 0;
	const photos = counted(db, uploads, and(isSentUnder(ids), inArray(uploads.state, ['awaiting', 'ready', 'deleting'])));
	const pictures = counted(db, assets, and(isMade, inArray(assets.state, ['pending', 'ready', 'deleting'])));
	const copies = counted(db, renders, and(inArray(renders.consentId, ids), isNull(renders.forgottenAtMs)));
	const links = counted(
		db,
		shares,
		and(
			inArray(shares.assetId, made),
			gt(shares.expiresAtMs, revokedAtMs),
			or(isNull(shares.revokedAtMs), gte(shares.revokedAtMs, revokedAtMs)),
		),
	);
	const [steps, receipt] = await Promise.all([
		db
			.select({
				photosLeft: sql<number>`${photos}`,
				picturesLeft: sql<number>`${pictures}`,
				processorCopiesLeft: sql<number>`${copies}`,
				linksEnded: sql<number>`${links}`,
			})
			.from(sql`(select 1)`),
		found.hasReceipt === 1 ? readReceipt({ db }, { receiptId: revocationReceiptId(consent.id) }) : null,
	]);
	const [left] = steps;
	if (left === undefined) throw new Error(`nothing was counted for ${consent.id}`);
	return {
		...left,
		postedLeft,
		kept: keptAfter(found),
		receipt: receipt === null ? null : { ...receipt, body: canonicalJson(receipt.receipt.body) },
	};
}

function counted(db: Database, table: SQLiteTable, where: SQL | undefined) {
	return db
		.select({ n: sql`count(*)` })
		.from(table)
		.where(where);
}
