import type { Mutant } from './mutant';

const RECORD = 'workers/core/billing/record-event.ts';
const WEBHOOK = 'workers/core/gateways/stripe/webhook.ts';
const CHECKOUT = 'workers/core/billing/sync-checkout.ts';
const PAYMENT = 'workers/core/billing/sync-payment.ts';
const GRANT = 'workers/core/billing/grant-purchase.ts';

const RECORDS = 'test/core/billing/record-event.test.ts';
const CHECKOUTS = 'test/core/billing/sync-checkout.test.ts';
const PAYMENTS = 'test/core/billing/sync-payment.test.ts';
const WEBHOOKS = 'test/core/gateways/stripe/webhook.test.ts';

/** What keeps Stripe's events and our credits one to one. */
export const BILLING_MUTANTS: readonly Mutant[] = [
	{
		name: 'webhook-told-before-recorded',
		edits: [
			{
				file: RECORD,
				find: '	const kept = await db\n',
				replace: "	await tellQueue(deps, { type: 'stripe.event', eventId: id });\n	const kept = await db\n",
			},
		],
		tests: [RECORDS],
	},
	{
		name: 'webhook-of-the-other-mode',
		edits: [
			{ file: RECORD, find: 'if (isLive !== stripe.isLive)', replace: 'if (isLive !== stripe.isLive && id === type)' },
		],
		tests: [RECORDS],
	},
	{
		name: 'webhook-signature-unchecked',
		edits: [
			{
				file: WEBHOOK,
				find: "parsed = await Stripe.webhooks.constructEventAsync(text, signature ?? '', secret, LEEWAY_SECONDS, provider, nowMs);",
				replace: "parsed = JSON.parse(text + (provider === null ? secret : ''));",
			},
		],
		tests: [RECORDS, WEBHOOKS],
	},
	{
		name: 'webhook-of-any-time',
		edits: [
			{
				file: WEBHOOK,
				find: 'return Math.abs(Math.floor(nowMs / 1000) - Number(seconds)) <= LEEWAY_SECONDS;',
				replace: 'return nowMs > 0 && LEEWAY_SECONDS > 0;',
			},
		],
		tests: [WEBHOOKS],
	},
	{
		name: 'event-done-before-it-is-worked-on',
		edits: [
			{
				file: 'workers/core/billing/handle-event.ts',
				find: '	await syncObject(deps, event);\n	await withD1Retry(() => db.update(stripeEvents).set({ doneAtMs: now().getTime() }).where(isOpen));\n',
				replace:
					'	await withD1Retry(() => db.update(stripeEvents).set({ doneAtMs: now().getTime() }).where(isOpen));\n	await syncObject(deps, event);\n',
			},
		],
		tests: ['test/core/billing/sync-checkout.test.ts'],
	},
	{
		name: 'grant-keyed-by-the-event',
		edits: [
			{
				file: GRANT,
				find: 'db.insert(purchases).values({ ...row, credits }),',
				replace: 'db.insert(purchases).values({ ...row, credits }).onConflictDoNothing(),',
			},
			{
				file: GRANT,
				find: 'entryId: `grant:stripe:${row.id}`,',
				replace: 'entryId: `grant:stripe:${row.id}:${crypto.randomUUID()}`,',
			},
		],
		tests: [CHECKOUTS],
	},
	{
		name: 'unpaid-till-granted',
		edits: [
			{
				file: CHECKOUT,
				find: "if (checkout.paymentStatus === 'unpaid') {",
				replace: "if (checkout.paymentStatus === 'unpaid' && payment === null) {",
			},
		],
		tests: [CHECKOUTS],
	},
	{
		name: 'amount-not-compared',
		edits: [
			{
				file: CHECKOUT,
				find: "return isPriceOurs && isTableOurs && isPaid ? null : 'wrong_amount';",
				replace: "return isPriceOurs || isTableOurs || isPaid ? null : 'wrong_amount';",
			},
		],
		tests: [CHECKOUTS],
	},
	{
		name: 'currency-not-compared',
		edits: [
			{
				file: CHECKOUT,
				find: "if (currencies.some((currency) => currency !== row.currency)) return 'wrong_currency';",
				replace: '',
			},
		],
		tests: [CHECKOUTS],
	},
	{
		name: 'customer-not-compared',
		edits: [
			{
				file: CHECKOUT,
				find: "if (customer?.accountId !== row.accountId) return 'unknown_customer';",
				replace: "if (customer === null) return 'unknown_customer';",
			},
		],
		tests: [CHECKOUTS],
	},
	{
		name: 'late-state-over-a-later-one',
		edits: [
			{
				file: CHECKOUT,
				find: '.where(and(isOf(checkout), inArray(checkouts.state, [...BEFORE[state]])))',
				replace: ".where(and(isOf(checkout), inArray(checkouts.state, [...BEFORE[state], ...BEFORE.paid, 'paid'])))",
			},
		],
		tests: [CHECKOUTS],
	},
	{
		name: 'refund-target-not-cumulative',
		edits: [
			{
				file: PAYMENT,
				find: '.values()].reduce((sum, credits) => sum + credits, 0);',
				replace: '.values()].reduce((sum, credits) => Math.max(sum, credits), 0);',
			},
		],
		tests: [PAYMENTS],
	},
	{
		name: 'lost-dispute-not-in-the-target',
		edits: [{ file: PAYMENT, find: 'refunded + lostCredits', replace: 'Math.max(refunded, lostCredits)' }],
		tests: [PAYMENTS],
	},
	{
		name: 'failed-refund-not-reinstated',
		edits: [
			{
				file: PAYMENT,
				find: "if (status === 'failed' || status === 'canceled') await",
				replace: "if (status === 'canceled') await",
			},
		],
		tests: [PAYMENTS],
	},
	{
		name: 'payment-read-once',
		edits: [
			{
				file: PAYMENT,
				find: 'if (isSame(again, acted)) {',
				replace: 'if (isSame(again, acted) || read === 0) {',
			},
		],
		tests: [PAYMENTS],
	},
	{
		name: 'won-dispute-not-reinstated',
		edits: [
			{
				file: 'workers/core/billing/post-dispute.ts',
				find: '			await reinstateCredits(deps, { causeId: dispute.id });\n',
				replace: '',
			},
		],
		tests: [PAYMENTS],
	},
];
