import { asc, eq, inArray } from 'drizzle-orm';

import { erasureLegs, erasures } from '../../../schema/erasures';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import type { InclusionProof } from '../log/log-head';
import { canonicalJson } from '../receipts/canonical-json';
import { readReceipt } from '../receipts/read-receipt';
import type { SignedReceipt } from '../receipts/receipt-facts';
import type { ErasureState } from './erasure-state';
import { childOf, LEG_WORDS, LEGAL_HOLD, LEGS, type ErasureKind } from './legs';

export interface ErasureView {
	id: string;
	kind: ErasureKind;
	state: ErasureState;
	/** What holds it up, in words; null while nothing does. */
	blockedBy: string | null;
	requestedAt: string;
	dueAt: string;
	finishedAt: string | null;
	legs: { leg: string; words: string; state: 'open' | 'deleted' | 'nothing_held' | 'kept' | 'scheduled' }[];
	receiptId: string;
	/** Once it is certified, with the exact bytes that were signed. */
	receipt: { receipt: SignedReceipt; body: string; proof: InclusionProof | null } | null;
	/** Those of the accounts that go with a person. */
	accounts: { id: string; state: ErasureState }[];
}

/** How far an erasure is, for whoever has its unguessable id: its person cannot sign in any more. Says of whom nothing. */
export async function readErasure({ db }: Pick<Deps, 'db'>, { id }: { id: string }): Promise<ErasureView> {
	const [[erasure], legs] = await db.batch([
		db.select().from(erasures).where(eq(erasures.id, id)),
		db.select().from(erasureLegs).where(eq(erasureLegs.erasureId, id)).orderBy(asc(erasureLegs.leg)),
	]);
	if (erasure === undefined) throw notFound('erasure');
	const { kind, state, receiptId, accountId } = erasure;
	const children = legs.flatMap(({ leg }) => childOf(leg) ?? []);
	const accounts =
		children.length === 0
			? []
			: await db
					.select({ id: erasures.id, state: erasures.state })
					.from(erasures)
					.where(inArray(erasures.id, children));
	const found = state === 'certified' ? await readReceipt({ db }, { receiptId, accountId: accountId ?? id }) : null;
	return {
		id,
		kind,
		state,
		blockedBy: erasure.blockedLeg === null ? null : wordsOf(erasure.blockedLeg),
		requestedAt: toIso(erasure.requestedAtMs),
		dueAt: toIso(erasure.dueAtMs),
		finishedAt: erasure.finishedAtMs === null ? null : toIso(erasure.finishedAtMs),
		legs: LEGS.flatMap((leg) =>
			legs.filter((row) => row.leg === leg).map((row) => ({ leg, words: LEG_WORDS[leg], state: row.state })),
		),
		receiptId,
		receipt: found === null ? null : { ...found, body: canonicalJson(found.receipt.body) },
		accounts,
	};
}

function wordsOf(leg: string): string {
	if (leg === LEGAL_HOLD) return 'A legal hold';
	const known = LEGS.find((each) => each === leg);
	return known === undefined ? 'An account that goes with it' : LEG_WORDS[known];
}

function toIso(ms: number): string {
	return new Date(ms).toISOString();
}
