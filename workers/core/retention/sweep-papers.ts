import { and, eq, inArray, lte, sql } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { uploads } from '../../../schema/uploads';
import { isCheckedPaper } from '../consents/checked-paper';
import type { Deps } from '../deps';
import { KEPT_UNTIL_MS } from '../uploads/upload-state';

/** What no sweep takes by its hour, and what a consent that was checked a moment before a crash is owed: its paper stays. */
export async function keepCheckedPapers({ db }: Pick<Deps, 'db'>, { dueMs }: { dueMs: number }): Promise<void> {
	await db
		.update(uploads)
		.set({ deleteAtMs: KEPT_UNTIL_MS })
		.where(
			and(
				// In the index's own words: one that asks with a parameter is not found to ask for papers alone.
				sql`${uploads.kind} = 'paper'`,
				eq(uploads.state, 'ready'),
				lte(uploads.deleteAtMs, dueMs),
				isCheckedPaper(),
			),
		);
}

/** Takes what is left of papers off the drafts that begun before, so that nothing keeps such a draft. One statement. */
export function leaveDrafts({ db }: Pick<Deps, 'db'>, { draftedBy }: { draftedBy: number }) {
	const drafts = db
		.select({ id: consents.id })
		.from(consents)
		.where(and(eq(consents.state, 'draft'), lte(consents.createdAtMs, draftedBy)));
	return db
		.update(uploads)
		.set({ consentId: null })
		.where(
			and(
				inArray(uploads.consentId, drafts),
				eq(uploads.kind, 'paper'),
				// The plus leaves the search to the index on the consent.
				sql`+${uploads.state} in ('deleted', 'rejected', 'expired')`,
			),
		);
}
