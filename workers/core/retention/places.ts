import type { attempts } from '../../../schema/renders';
import type { uploads } from '../../../schema/uploads';
import type { Studio } from '../../../studios/studio';
import type { ReceiptFacts } from '../receipts/receipt-facts';
import { falTraceOf } from '../renders/fal-trace';
import { keepingOf } from '../renders/keeping-summary';

/** The places a receipt names. */
export const STORE_NAME = 'Our private store';
export const FAL_NAME = 'fal.ai';

/** What receipts call an upload. */
export function uploadWord(
	kind: (typeof uploads.$inferSelect)['kind'],
	{ subjectWord }: Pick<Studio, 'subjectWord'>,
): string {
	if (kind === 'source') return `${subjectWord} photo`;
	return kind === 'logo' ? 'logo' : 'paper of a consent';
}

type Place = ReceiptFacts['places'][number];

/** Our store, read again and found empty. */
export function storePlace(checkedAt: string): Place {
	return { name: STORE_NAME, state: 'deleted', checkedAt };
}

/**
 * What is true of fal, of attempts that are all forgotten: something was deleted there and looked for again; or a
 * submission's answer was lost and the lifetime of whatever it made is over; or nothing was ever sent. `checkedAt` is when
 * that was seen, which for a video made yesterday was yesterday.
 */
export function falPlace(
	made: readonly Pick<typeof attempts.$inferSelect, 'processor' | 'requestId' | 'state' | 'failure'>[],
	checkedAt: string,
): Place {
	const traces = made.map(falTraceOf);
	if (traces.includes('maybe')) return { name: FAL_NAME, state: 'lifetime_ended', checkedAt };
	return { name: FAL_NAME, state: traces.includes('named') ? 'deleted' : 'nothing_held', checkedAt };
}

/** What a receipt says of processors beside where things lay; nothing where none was asked for anything. */
export function keepingFacts(
	made: readonly Pick<typeof attempts.$inferSelect, 'processor' | 'hygiene'>[],
): Pick<ReceiptFacts, 'processors'> {
	return made.length === 0 ? {} : { processors: keepingOf(made) };
}
