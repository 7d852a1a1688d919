import { and, count, eq, gt, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { receipts } from '../../../schema/receipts';
import { assets, attempts, renders } from '../../../schema/renders';
import { postings } from '../../../schema/shares';
import { uploads } from '../../../schema/uploads';
import { ASSET_KINDS, type AssetKind } from '../../../studios/studio';
import type { Deps, JobDeps } from '../deps';
import { AppError } from '../errors';
import { LATE_PUT_MS } from '../media/upload-window';
import { issueReceipt } from '../receipts/issue-receipt';
import type { ReceiptFacts } from '../receipts/receipt-facts';
import { ASSET_WORDS } from '../retention/erase-asset';
import { falPlace, keepingFacts, storePlace } from '../retention/places';
import { isMadeUnder, isSentUnder, markLineage } from './lineage';

/** Places of the store that are listed beside each other. */
const LISTED_AT_ONCE = 20;

/** Of one consent one receipt: its id follows from the consent's. */
export function revocationReceiptId(consentId: string): string {
	return `rct_${consentId.slice(consentId.indexOf('_') + 1)}`;
}

/** The consent that such an id is of, if it is of one. */
export function revokedConsentId(receiptId: string): string {
	return `cns_${receiptId.slice(receiptId.indexOf('_') + 1)}`;
}

/**
 * Signs that a consent has ended and that what rested on it is gone: every photo and everything made from them deleted, their places
 * listed again and found empty, every order ended and forgotten by its processor. `waiting` while one is not. What came about in the
 * moment of the revocation is marked here, too. Each photo and asset has a receipt of its own; this one says how many they were.
 */
export async function confirmRevocation(
	deps: JobDeps,
	{ consentId }: { consentId: string },
): Promise<'issued' | 'waiting' | 'nothing_to_do'> {
	const { db } = deps;
	const nowMs = deps.now().getTime();
	const [consent] = await db
		.select({ accountId: consents.accountId, revokedAtMs: consents.revokedAtMs, signedVia: consents.signedVia })
		.from(consents)
		.where(and(eq(consents.id, consentId), eq(consents.state, 'revoked')));
	if (consent === undefined || consent.revokedAtMs === null) return 'nothing_to_do';
	await db.batch([...markLineage(db, sql`(${consentId})`, nowMs)]);
	if (await isSomethingLeft(deps, consentId, nowMs)) return 'waiting';
	const { sent, made, tries, posted } = await readWhatWas(deps, consentId);
	await requireEmpty(deps, [...sent, ...made]);

	const at = new Date(nowMs).toISOString();
	await issueReceipt(deps, {
		receiptId: revocationReceiptId(consentId),
		accountId: consent.accountId,
		facts: {
			kind: 'consent_revoked',
			objectId: consentId,
			deleted: [{ what: 'consent in force', count: 1 }, ...countSent(deps.studio, sent), ...countMade(made)],
			places: [storePlace(at), falPlace(tries, at)],
			kept: [signedConsent(consent), ...(posted === 0 ? [] : [POSTED])],
			...keepingFacts(tries),
			reason: 'consent_revoked',
			dueAt: new Date(consent.revokedAtMs).toISOString(),
			deletedAt: at,
		},
		alongside: [],
	});
	return 'issued';
}

function signedConsent({ signedVia }: Pick<typeof consents.$inferSelect, 'signedVia'>) {
	const shown = signedVia === 'paper' ? 'with the paper it was signed on' : 'without any picture';
	return { what: `the signed consent, ${shown}`, why: 'it proves what was allowed until then', until: null };
}

const POSTED = {
	what: 'copies that were posted elsewhere',
	why: 'we cannot reach them; whoever posted them takes them down',
	until: null,
};

type Counted = ReceiptFacts['deleted'][number];

interface Place {
	objectKey: string;
}

/** Photos, assets, orders: in this order, in one batch. */
async function isSomethingLeft({ db }: JobDeps, consentId: string, nowMs: number): Promise<boolean> {
	const ids = sql`(${consentId})`;
	const openMs = nowMs - LATE_PUT_MS;
	const left = await db.batch([
		db
			.select({ id: uploads.id })
			.from(uploads)
			.where(
				and(
					isSentUnder(ids),
					or(inArray(uploads.state, ['awaiting', 'ready', 'deleting']), gt(uploads.putExpiresAtMs, openMs)),
				),
			)
			.limit(1),
		db
			.select({ id: assets.id })
			.from(assets)
			.where(and(isMadeUnder(db, ids), or(ne(assets.state, 'deleted'), gt(assets.putExpiresAtMs, openMs))))
			.limit(1),
		db
			.select({ id: renders.id })
			.from(renders)
			.where(and(eq(renders.consentId, consentId), isNull(renders.forgottenAtMs)))
			.limit(1),
	]);
	return left.some((rows) => rows.length > 0);
}

async function readWhatWas({ db }: JobDeps, consentId: string) {
	const ids = sql`(${consentId})`;
	const ofConsent = db.select({ id: renders.id }).from(renders).where(eq(renders.consentId, consentId));
	const [sent, made, tries, posted] = await db.batch([
		db
			.select({ objectKey: uploads.objectKey, kind: uploads.kind })
			.from(uploads)
			.where(and(isSentUnder(ids), eq(uploads.state, 'deleted'))),
		db.select({ objectKey: assets.objectKey, kind: assets.kind }).from(assets).where(isMadeUnder(db, ids)),
		db
			.select({
				processor: attempts.processor,
				requestId: attempts.requestId,
				state: attempts.state,
				failure: attempts.failure,
				hygiene: attempts.hygiene,
			})
			.from(attempts)
			.where(inArray(attempts.renderId, ofConsent)),
		db
			.select({ n: count() })
			.from(postings)
			.where(
				and(
					isNull(postings.removedAtMs),
					inArray(postings.assetId, db.select({ id: assets.id }).from(assets).where(isMadeUnder(db, ids))),
				),
			),
	]);
	return { sent, made, tries, posted: posted[0]?.n ?? 0 };
}

/** Lists every place again. One that holds something, whoever put it there, is emptied, and the receipt waits for the next look. */
async function requireEmpty({ blobs }: JobDeps, places: readonly Place[]): Promise<void> {
	for (let first = 0; first < places.length; first += LISTED_AT_ONCE) {
		const keys = places.slice(first, first + LISTED_AT_ONCE).map(({ objectKey }) => objectKey);
		const found = await Promise.all(keys.map((key) => blobs.list(key, null)));
		const left = found
			.flatMap(({ objects }) => objects.map(({ objectKey }) => objectKey))
			.filter((key) => keys.includes(key));
		if (left.length === 0) continue;
		await blobs.delete(left);
		throw new AppError('upstream_unavailable', 'The store still held something of a consent that was revoked.');
	}
}

function countSent(
	{ subjectWord }: JobDeps['studio'],
	sent: readonly { kind: (typeof uploads.$inferSelect)['kind'] }[],
): Counted[] {
	const papers = sent.filter(({ kind }) => kind === 'paper').length;
	return counted([
		{ what: `${subjectWord} photo`, count: sent.length - papers },
		{ what: 'paper', count: papers },
	]);
}

function countMade(made: readonly { kind: AssetKind }[]): Counted[] {
	return counted(
		ASSET_KINDS.map((kind) => ({ what: ASSET_WORDS[kind], count: made.filter((one) => one.kind === kind).length })),
	);
}

function counted(all: readonly Counted[]): Counted[] {
	return all.filter(({ count: many }) => many > 0);
}

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
