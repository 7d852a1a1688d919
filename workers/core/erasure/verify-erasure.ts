import { DATA_MAP } from '../../../schema/data-map/data-map';
import type { JobDeps } from '../deps';
import { keyName } from '../vault/data-key';
import { isErased } from '../vault/tombstone';
import { prefixesOf } from './erase-objects';
import type { ErasureRow, Leg } from './legs';
import { countLeft, ruleOf } from './owned-rows';

/** What is still there: the leg that has to be done again, and where it was found. */
export interface Left {
	leg: Leg;
	/** A table, a prefix of the store, or the vault. */
	place: string;
}

/**
 * Reads every place of ours again, by the data map and not by what the legs did: a table that nobody thought of is found by it. What
 * processors hold was read again by their legs, while there were rows that say what they had. The store is listed after the rows: with
 * an account's orders gone none can name what lies there any more, and whoever stores after this listing finds that out, and deletes.
 */
export async function verifyErasure(
	deps: Pick<JobDeps, 'db' | 'blobs' | 'vault'>,
	erasure: ErasureRow,
): Promise<Left[]> {
	const { db, blobs, vault } = deps;
	const left: Left[] = [];
	for (const table of Object.keys(DATA_MAP)) {
		if (ruleOf(table, erasure.kind) === 'none') continue;
		if ((await countLeft(db, table, erasure)) > 0) left.push({ leg: legOf(table), place: table });
	}
	for (const prefix of prefixesOf(erasure)) {
		const { objects } = await blobs.list(prefix, null);
		if (objects.length > 0) {
			left.push({ leg: erasure.kind === 'person' ? 'exports' : 'strays', place: prefix.split('/')[0] ?? prefix });
		}
	}
	if ((await vault.store.read(keyName(erasure.targetId))) !== null) left.push({ leg: 'keys', place: 'vault' });
	if (!(await isErased({ vault }, erasure.targetId))) {
		throw new Error('an erasure has no tombstone: nothing would refuse what comes late');
	}
	return left;
}

/** Rows that say where something lies elsewhere take their leg with them. */
function legOf(table: string): Leg {
	switch (table) {
		case 'renders':
		case 'attempts':
			return 'work';
		case 'uploads':
			return 'photos';
		case 'assets':
			return 'outputs';
		case 'billing_customers':
		case 'checkouts':
			return 'payments';
		case 'exports':
			return 'exports';
		default:
			return 'records';
	}
}
