import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { receipts } from '../../../schema/receipts';
import { attempts, renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import type { Deps, JobDeps } from '../deps';
import { LATE_PUT_MS } from '../media/upload-window';
import { issueReceipt } from '../receipts/issue-receipt';
import { falPlace, storePlace } from '../retention/places';

/** Of one consent one receipt: its id follows from the consent's. */
export function revocationReceiptId(consentId: string): string {
	return `rct_${consentId.slice(consentId.indexOf('_') + 1)}`;
}

/** The consent that such an id is of, if it is of one. */
export function revokedConsentId(receiptId: string): string {
	return `cns_${receiptId.slice(receiptId.indexOf('_') + 1)}`;
}

/**
 * Signs that a consent has ended and that what rested on it is gone: every photo of it deleted and every order ended and forgotten by
 * its processor. `waiting` while one is not; the photos have receipts of their own, and this one says how many they were.
 */
export async function confirmRevocation(
	deps: JobDeps,
	{ consentId }: { consentId: string },
): Promise<'issued' | 'waiting' | 'nothing_to_do'> {
	const { db } = deps;
	const nowMs = deps.now().getTime();
	const [consent] = await db
		.select({ accountId: consents.accountId, revokedAtMs: consents.revokedAtMs })
		.from(consents)
		.where(and(eq(consents.id, consentId), eq(consents.state, 'revoked')));
	if (consent === undefined || consent.revokedAtMs === null) return 'nothing_to_do';
	const [left, unforgotten, gone, tries] = await db.batch([
		db
			.select({ id: uploads.id })
			.from(uploads)
			.where(
				and(
					eq(uploads.consentId, consentId),
					or(
						inArray(uploads.state, ['awaiting', 'ready', 'deleting']),
						sql`${uploads.putExpiresAtMs} > ${nowMs - LATE_PUT_MS}`,
					),
				),
			)
			.limit(1),
		db
			.select({ id: renders.id })
			.from(renders)
			.where(and(eq(renders.consentId, consentId), isNull(renders.forgottenAtMs)))
			.limit(1),
		db
			.select({ n: sql<number>`count(*)` })
			.from(uploads)
			.where(and(eq(uploads.consentId, consentId), eq(uploads.state, 'deleted'))),
		db
			.select({
				processor: attempts.processor,
				requestId: attempts.requestId,
				state: attempts.state,
				failure: attempts.failure,
			})
			.from(attempts)
			.where(
				inArray(attempts.renderId, db.select({ id: renders.id }).from(renders).where(eq(renders.consentId, consentId))),
			),
	]);
	if (left.length > 0 || unforgotten.length > 0) return 'waiting';
	const at = new Date(nowMs).toISOString();
	const photos = gone[0]?.n ?? 0;
	await issueReceipt(deps, {
		receiptId: revocationReceiptId(consentId),
		accountId: consent.accountId,
		facts: {
			kind: 'consent_revoked',
			objectId: consentId,
			deleted: [
				{ what: 'consent in force', count: 1 },
				...(photos === 0 ? [] : [{ what: `${deps.studio.subjectWord} photo`, count: photos }]),
			],
			places: [storePlace(at), falPlace(tries, at)],
			kept: KEPT,
			reason: 'consent_revoked',
			dueAt: new Date(consent.revokedAtMs).toISOString(),
			deletedAt: at,
		},
		alongside: [],
	});
	return 'issued';
}

const KEPT = [
	{ what: 'the signed consent, without any picture', why: 'it proves what was allowed until then', until: null },
	{ what: 'what was made before', why: 'it stays until you delete it', until: null },
];

/** Revoked consents without their receipt: what a lost message, or an address that was still open, left to do. */
export async function listUnconfirmed(
	{ db }: Pick<Deps, 'db'>,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<string[]> {
	const rows = await db
		.select({ id: consents.id })
		.from(consents)
		.where(
			and(
				eq(consents.state, 'revoked'),
				lte(consents.revokedAtMs, dueMs),
				sql`not exists (select 1 from ${receipts} r where r.id = 'rct_' || substr(${consents.id}, 5))`,
			),
		)
		.limit(limit);
	return rows.map(({ id }) => id);
}
