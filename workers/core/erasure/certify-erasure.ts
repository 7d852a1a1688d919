import { eq, inArray, sql } from 'drizzle-orm';

import type { erasureLegs } from '../../../schema/erasures';
import { erasures } from '../../../schema/erasures';
import { mails } from '../../../schema/mail';
import type { Residue } from '../../../studios/policy/policy';
import type { JobDeps } from '../deps';
import { lacks } from '../errors';
import { log } from '../log';
import { issueReceipt } from '../receipts/issue-receipt';
import type { ReceiptFacts } from '../receipts/receipt-facts';
import { FAL_NAME, STORE_NAME } from '../retention/places';
import { tellQueue } from '../tell-queue';
import { doneMailRow } from './done-mail';
import { statesBefore } from './erasure-state';
import type { ErasureKind, ErasureRow } from './legs';

type LegRow = typeof erasureLegs.$inferSelect;

const KIND = { person: 'person_erased', account: 'account_erased', subject: 'subject_erased' } as const;
/** Legs whose counts a receipt names, in words for one. */
const COUNTED = { photos: 'photo', outputs: 'picture or video', records: 'order' } as const;

/**
 * Signs what was erased, what is kept and until when, and ends the erasure in the same batch (E8). With it goes the mail that says so,
 * whose address was sealed when it was asked for. False, and nothing signed, when it is not being verified any more: a hold that was
 * placed meanwhile, or another try that began anew.
 */
export async function certifyErasure(
	deps: JobDeps,
	{ erasure, legs }: { erasure: ErasureRow; legs: readonly LegRow[] },
): Promise<boolean> {
	if (legs.some(({ state }) => state === 'open')) return false;
	const nowMs = deps.now().getTime();
	const mail = erasure.doneMail === null ? null : doneMailRow(erasure, nowMs);
	try {
		await issueReceipt(deps, {
			receiptId: erasure.receiptId,
			// A person belongs to no account, and no receipt names one.
			accountId: erasure.accountId ?? erasure.id,
			facts: factsOf(deps, erasure, legs, nowMs),
			alongside: [
				certification(deps, erasure, nowMs),
				...(mail === null ? [] : [deps.db.insert(mails).values(mail).onConflictDoNothing()]),
			],
		});
	} catch (cause) {
		if (!lacks(cause, 'erasures.target_id')) throw cause;
		return false;
	}
	log('erasure_certified', {
		erasureId: erasure.id,
		kind: erasure.kind,
		tookMs: nowMs - erasure.requestedAtMs,
		lateMs: Math.max(0, nowMs - erasure.dueAtMs),
	});
	if (mail !== null) await tellQueue(deps, { type: 'mail.send', mailId: mail.id });
	return true;
}

/** The end of an erasure. One that is not being verified breaks the batch: a receipt must not be signed beside it. */
function certification({ db }: Pick<JobDeps, 'db'>, { id }: ErasureRow, nowMs: number) {
	const isVerified = inArray(erasures.state, statesBefore('verified'));
	return db
		.update(erasures)
		.set({
			targetId: sql`case when ${isVerified} then ${erasures.targetId} end`,
			state: 'certified',
			blockedLeg: null,
			doneMail: null,
			finishedAtMs: nowMs,
		})
		.where(eq(erasures.id, id));
}

function factsOf(
	deps: Pick<JobDeps, 'studio'>,
	erasure: ErasureRow,
	legs: readonly LegRow[],
	nowMs: number,
): ReceiptFacts {
	const doneAt = new Date(nowMs).toISOString();
	return {
		kind: KIND[erasure.kind],
		objectId: erasure.kind === 'person' ? erasure.id : erasure.targetId,
		deleted: [{ what: wordOf(deps, erasure.kind), count: 1 }, ...countsOf(legs)],
		places: placesOf(legs, doneAt),
		kept: deps.studio.policy.erasure.residue
			.filter(({ of }) => of.includes(erasure.kind))
			.map((residue) => keptOf(residue, nowMs)),
		reason: 'requested',
		dueAt: new Date(erasure.dueAtMs).toISOString(),
		deletedAt: doneAt,
	};
}

function wordOf({ studio }: Pick<JobDeps, 'studio'>, kind: ErasureKind): string {
	return { person: 'person', account: studio.tenancy.word, subject: studio.subjectWord }[kind];
}

function countsOf(legs: readonly LegRow[]): ReceiptFacts['deleted'] {
	return legs.flatMap(({ leg, deleted }) => {
		const what = leg === 'photos' || leg === 'outputs' || leg === 'records' ? COUNTED[leg] : undefined;
		return what === undefined || deleted === 0 ? [] : [{ what, count: deleted }];
	});
}

/** Our own places were read again a moment ago, all of them; a processor's when its leg was closed. */
function placesOf(legs: readonly LegRow[], doneAt: string): ReceiptFacts['places'] {
	const places: ReceiptFacts['places'] = [
		{ name: 'Our database', state: 'deleted', checkedAt: doneAt },
		{ name: STORE_NAME, state: 'deleted', checkedAt: doneAt },
		{ name: 'Our vault of keys', state: 'deleted', checkedAt: doneAt },
	];
	for (const { leg, state, checkedAtMs } of legs) {
		if (state === 'open') throw new Error(`the leg ${leg} is open, and a receipt says that nothing is`);
		const checkedAt = checkedAtMs === null ? doneAt : new Date(checkedAtMs).toISOString();
		if (leg === 'processors') {
			places.push({ name: FAL_NAME, state: state === 'scheduled' ? 'lifetime_ended' : state, checkedAt });
		}
		if (leg === 'payments') places.push({ name: 'Stripe', state, checkedAt });
		if (leg === 'mail_service') places.push({ name: 'Resend', state, checkedAt });
	}
	return places;
}

function keptOf({ what, why, ms }: Residue, nowMs: number): ReceiptFacts['kept'][number] {
	return { what, why, until: ms === null ? null : new Date(nowMs + ms).toISOString() };
}
