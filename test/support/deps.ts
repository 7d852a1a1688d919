import { drizzle } from 'drizzle-orm/d1';
import { env } from 'cloudflare:workers';

import { STUDIOS } from '../../studios/all';
import type { AccessDeps, PublishedKeys } from '../../workers/core/deps';
import { createEgress } from '../../workers/core/egress/egress';
import { newId } from '../../workers/core/ids';
import type { WorkMessage } from '../../workers/core/messages';
import { createVault } from '../../workers/core/vault/vault';
import { TEST_RECEIPT_PUBLIC_KEY } from './receipt-key';

/** Saturday noon, UTC, so that a test can add hours without crossing a month. */
export const START = new Date('2026-11-21T12:00:00.000Z');

/** What wraps the data keys of the tests. */
export const VAULT_KEY = 'a vault key of the tests, 32 characters or more';

export interface SentMessage {
	message: WorkMessage;
	delaySeconds: number;
}

export interface TestClock {
	now: () => Date;
	set(to: Date): void;
	advance(by: { seconds?: number; minutes?: number; hours?: number }): void;
}

export interface TestDeps extends AccessDeps, PublishedKeys {
	clock: TestClock;
	/** What went to the queue, oldest first. */
	sent: SentMessage[];
	/** The binding under `db`, for counting and failing calls. */
	d1: D1Database;
}

export function testClock(start: Date = START): TestClock {
	let at = start.getTime();
	return {
		now: () => new Date(at),
		set: (to) => {
			at = to.getTime();
		},
		advance: ({ seconds = 0, minutes = 0, hours = 0 }) => {
			at += ((hours * 60 + minutes) * 60 + seconds) * 1000;
		},
	};
}

/** Tests reach nobody outside; one that should hear something passes its own `egress`. */
const nobody: typeof fetch = () => Promise.reject(new Error('Nobody listens in a test.'));

/**
 * Dependencies over the real local D1. Storage is shared within a test file, so tests keep apart by fresh ids
 * (`givenAccount`), never by emptying tables.
 */
export function freshDeps(overrides: Partial<AccessDeps & PublishedKeys> & { d1?: D1Database } = {}): TestDeps {
	const { d1 = env.DB, ...rest } = overrides;
	const clock = testClock();
	const sent: SentMessage[] = [];
	return {
		d1,
		clock,
		sent,
		db: drizzle(d1),
		now: clock.now,
		newId,
		studio: STUDIOS.dental,
		queue: {
			send: async (message, options) => {
				sent.push({ message, delaySeconds: options?.delaySeconds ?? 0 });
			},
		},
		egress: createEgress(STUDIOS.dental.policy, { isProduction: true, fetcher: nobody }),
		appOrigin: 'https://app.test',
		mediaOrigin: 'https://media.test',
		lookupKey: 'a lookup key of the tests, 32 characters or more',
		mailKey: 'a mail sealing key of the tests, 32 characters or more',
		vault: createVault(env.VAULT, { current: VAULT_KEY, before: null }),
		urlSigningKey: 'a signing key of the tests, 32 characters or more',
		publishedKeys: [TEST_RECEIPT_PUBLIC_KEY],
		...rest,
	};
}
