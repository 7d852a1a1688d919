import { z } from 'zod';
import type { SignatureFault } from './post-webhook';

const count = z.int().min(0).max(1000);

/** How deliveries go wrong. What a change does not name stays as it was. */
export const WebhookSwitches = z.strictObject({
	/** Every delivery is sent so many times more, at once. */
	duplicate: count.max(20).default(0),
	/** So many events from now on are not delivered, until `release` or `resend`. */
	lose: z.union([z.literal('all'), count]).default(0),
	/** So many deliveries from now on are signed with a secret that nobody has, and not repeated. */
	forge: count.default(0),
	/** So many deliveries from now on are signed for a quarter of an hour ago, and not repeated. */
	stale: count.default(0),
	/** Milliseconds until the first attempt; later events overtake. */
	lateMs: z.int().min(0).max(60_000).default(0),
	/** Events are kept until there are `count` of them and then sent in an order drawn from `seed`, one after the other. */
	hold: z
		.strictObject({ count: z.int().min(1).max(1000), seed: z.int() })
		.nullable()
		.default(null),
	/** Only events of these types meet the switches; all when absent. */
	types: z.array(z.string()).nullable().default(null),
	/** How long the receiver may take for an answer. */
	timeoutMs: z.int().min(50).max(60_000).default(10_000),
});
export type WebhookSwitches = z.output<typeof WebhookSwitches>;
export type WebhookSwitchesInput = z.input<typeof WebhookSwitches>;

export function changedSwitches(before: WebhookSwitches, change: WebhookSwitchesInput): WebhookSwitches {
	// Checked as a whole: a default must not put back a switch that the change does not name.
	return WebhookSwitches.parse({ ...before, ...change });
}

/** How the next delivery is signed, and the switches after it. */
export function spendFault(switches: WebhookSwitches): { fault: SignatureFault; left: WebhookSwitches } {
	const { forge, stale } = switches;
	if (forge > 0) return { fault: 'forged', left: { ...switches, forge: forge - 1 } };
	if (stale > 0) return { fault: 'stale', left: { ...switches, stale: stale - 1 } };
	return { fault: undefined, left: switches };
}

/** The items in an order that depends on the seed alone. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
	const random = mulberry32(seed);
	return items
		.map((item) => ({ item, key: random() }))
		.toSorted((a, b) => a.key - b.key)
		.map(({ item }) => item);
}

/** A small generator with a period of 2³², for orders and not for secrets. */
function mulberry32(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
