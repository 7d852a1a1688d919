import type { D1Database } from '@cloudflare/workers-types';
import { drizzle } from 'drizzle-orm/d1';

import { grantCredits } from '../workers/core/credits/grant-credits';
import { toCredits } from '../workers/core/money';

/** More than any run spends. */
const CREDITS = 10_000_000;

/** Enough credits that no order of a run is refused. */
export async function grantForBench(d1: D1Database, accountId: string): Promise<void> {
	await grantCredits(
		{ db: drizzle(d1), now: () => new Date() },
		{ entryId: `grant:bench:${accountId}`, accountId, amount: toCredits(CREDITS), source: 'promo' },
	);
}
