import { eq } from 'drizzle-orm';

import { creditHoldResolutions, creditHolds } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import type { Hold } from './statements';

export interface StoredHold {
	holdId: string;
	accountId: string;
	amount: number;
	renderId: string;
	resolution: 'captured' | 'released' | null;
}

/** A hold and how it ended, or null. It is read after a refused write, to tell a repeat from a contradiction. */
export async function readHold({ db }: Pick<Deps, 'db'>, { holdId }: { holdId: string }): Promise<StoredHold | null> {
	const [row] = await withD1Retry(() =>
		db
			.select({
				holdId: creditHolds.id,
				accountId: creditHolds.accountId,
				amount: creditHolds.amount,
				renderId: creditHolds.renderId,
				resolution: creditHoldResolutions.kind,
			})
			.from(creditHolds)
			.leftJoin(creditHoldResolutions, eq(creditHoldResolutions.holdId, creditHolds.id))
			.where(eq(creditHolds.id, holdId)),
	);
	return row ?? null;
}

export function isSameHold(stored: StoredHold, asked: Omit<Hold, 'renderId'> & { renderId?: string }): boolean {
	return (
		stored.accountId === asked.accountId &&
		stored.amount === asked.amount &&
		(asked.renderId === undefined || stored.renderId === asked.renderId)
	);
}
