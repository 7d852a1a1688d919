import { and, eq, inArray } from 'drizzle-orm';

import type { erasureLegs } from '../../../schema/erasures';
import { erasures } from '../../../schema/erasures';
import { mails } from '../../../schema/mail';
import type { Residue } from '../../../studios/policy/policy';
import type { JobDeps } from '../deps';
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
 * whose address was sealed when it was asked for.
 */
export async function certifyErasure(
	deps: JobDeps,
	{ erasure, legs }: { erasure: ErasureRow; legs: readonly LegRow[] },
): Promise<void> {
	const { db } = deps;
	const nowMs = deps.now().getTime();
	const doneAt = new Date(nowMs).toISOString();
	const mail = erasure.doneMail === null ? null : doneMailRow(erasure, nowMs);
	await issueReceipt(deps, {
		receiptId: erasure.receiptId,
		// A person belongs to no account, and no receipt names one.
		accountId: erasure.accountId ?? erasure.id,
		facts: {
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
		},
		alongside: [
			db
				.update(erasures)
				.set({ state: 'certified', blockedLeg: null, doneMail: null, finishedAtMs: nowMs })
				.where(and(eq(erasures.id, erasure.id), inArray(erasures.state, statesBefore('verified')))),
			...(mail === null ? [] : [db.insert(mails).values(mail).onConflictDoNothing()]),
		],
	});
	log('erasure_certified', {
		erasureId: erasure.id,
		kind: erasure.kind,
		tookMs: nowMs - erasure.requestedAtMs,
		lateMs: Math.max(0, nowMs - erasure.dueAtMs),
	});
	if (mail !== null) await tellQueue(deps, { type: 'mail.send', mailId: mail.id });
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
