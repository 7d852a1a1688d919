import type { Deps } from '../deps';
import type { InclusionProof } from '../log/log-head';
import { prove, readWithHead } from '../log/read-proof';
import type { SignedReceipt } from './receipt-facts';
import { fromRow } from './stored-receipt';

/**
 * An account's own receipt, with the proof that it is in the log where a head covers it; two statements. Null when there is none
 * under this id, or not for this account; whether one is still to come is known by what is being deleted, so the caller
 * decides between "pending" and `not_found`. Without `accountId` the caller has decided who may see it.
 */
export async function readReceipt(
	{ db }: Pick<Deps, 'db'>,
	input: { receiptId: string; accountId?: string },
): Promise<{ receipt: SignedReceipt; proof: InclusionProof | null } | null> {
	const found = await readWithHead(db, input);
	return found === null ? null : { receipt: fromRow(found.receipt), proof: await prove(db, found) };
}
