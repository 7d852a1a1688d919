import { expect, test } from 'vitest';

import { brandWords } from '../../../app/credits/card-section';
import { faceOf, pauseAfter } from '../../../app/credits/checkout-view';
import { currencyWords, moneyWords } from '../../../app/credits/money-words';
import { centsForOne, offersOf, priceOfOne, toolWords } from '../../../app/credits/offers';
import { isPriceChange, shortOf } from '../../../app/credits/order-notices';
import { hasPlan, isLate, RUNNING } from '../../../app/credits/plan-words';
import { stripeRefusalWords } from '../../../app/credits/stripe-refusal';
import { shortDayWords } from '../../../app/times';
import { dental } from '../../../studios/dental';
import { image } from '../../../studios/image';
import { media } from '../../../studios/media';
import { RUNNING_STATUSES } from '../../../workers/core/billing/running-plan';

test('whole amounts are written without cents, others with them', () => {
	expect(moneyWords(1_900, 'usd')).toBe('$19');
	expect(moneyWords(1_950, 'usd')).toBe('$19.50');
	expect(moneyWords(123_456, 'eur')).toBe('€1,234.56');
	expect(currencyWords('usd')).toBe('US dollars');
	expect(currencyWords('eur')).toBe('Euro');
});

test('what is offered is what the studio sells, and nothing where nothing can be made', () => {
	expect(offersOf(dental).packs.map(({ id }) => id)).toEqual(dental.pricing.packs.map(({ id }) => id));
	expect(offersOf(dental).plans.map(({ id }) => id)).toEqual(dental.pricing.plans.map(({ id }) => id));
	expect(media.pricing.packs.length).toBeGreaterThan(0);
	expect(offersOf(media)).toEqual({ packs: [], plans: [] });
	expect(priceOfOne(media)).toBeNull();
});

test('what one piece of work comes to is its share of the price, rounded to a cent', () => {
	const [pack] = offersOf(dental).packs;
	expect(pack).toMatchObject({ credits: 100, cents: 1_900 });
	expect(centsForOne(dental, pack!)).toBe(456);
	expect(centsForOne(media, pack!)).toBeNull();
	// Larger plans are never dearer for one.
	for (const studio of [dental, image]) {
		const each = offersOf(studio).plans.map((plan) => centsForOne(studio, plan) ?? 0);
		expect(each).toEqual(each.toSorted((a, b) => b - a));
	}
	expect(toolWords(dental)).toBe('a smile video');
});

test('a plan runs exactly while the api lets no other be bought beside it', () => {
	expect([...RUNNING].toSorted()).toEqual([...RUNNING_STATUSES].toSorted());
	expect(['active', 'past_due', 'canceled', 'incomplete', null].map((status) => hasPlan({ status }))).toEqual([
		true,
		true,
		false,
		false,
		false,
	]);
	expect(['active', 'past_due', 'unpaid', null].map((status) => isLate({ status }))).toEqual([
		false,
		true,
		true,
		false,
	]);
});

test('an address that carries a refusal makes the page say a sentence of ours, whatever it carries', () => {
	expect(stripeRefusalWords(null, 'till')).toBeNull();
	expect(stripeRefusalWords('upstream_unavailable', 'till')).toContain('Stripe does not answer');
	expect(stripeRefusalWords('conflict', 'till')).not.toBe(stripeRefusalWords('conflict', 'portal'));
	const forged = stripeRefusalWords('Call 555-0100 to pay', 'portal');
	expect(forged).not.toContain('555');
	expect(forged).toMatch(/^[A-Z].+\.$/);
});

test('the page that waits looks each second at first, and never more often than that nor less than four times a minute', () => {
	const pauses = Array.from({ length: 40 }, (_, looks) => pauseAfter(looks));
	expect(pauses[0]).toBe(1_000);
	expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
	expect(pauses.at(-1)).toBe(15_000);
});

const checkout = {
	id: 'chk_1',
	item: 'pack.100',
	title: '100 credits',
	credits: 100,
	cents: 1_900,
	isUnderReview: false,
	currency: 'usd',
	createdAt: '2026-11-21T14:00:00.000Z',
} as const;

test('what became of a payment is said for each state, and only what is settled offers to choose again', () => {
	const states = ['open', 'paying', 'paid', 'failed', 'expired'] as const;
	const faces = states.map((state) => faceOf({ ...checkout, state }, 0));
	expect(new Set(faces.map(({ title }) => title)).size).toBe(states.length);
	expect(faces.map(({ isWaiting, mayBuyAgain }) => [isWaiting, mayBuyAgain])).toEqual([
		[true, false],
		[true, false],
		[true, false],
		[false, true],
		[false, true],
	]);
	expect(faces[1]?.sentence).toContain('you may close this page');
	expect(faces[3]?.sentence).toContain('Nothing was paid');
	expect(faceOf(null, 0)).toEqual(faceOf({ ...checkout, state: 'open' }, 0));
	expect(faceOf(null, 20).sentence).toContain('longer than usual');
});

test('a payment that does not fit is said to have arrived, and neither waits nor offers to pay again', () => {
	expect(faceOf({ ...checkout, state: 'paying', isUnderReview: true }, 0)).toEqual({
		isWaiting: false,
		mayBuyAgain: false,
		title: 'Your payment arrived',
		sentence: 'Something about it does not fit. Somebody looks at it; you need do nothing.',
	});
});

test('too few credits are known from the balance or from the refusal, which is newer', () => {
	const refusal = { code: 'insufficient_credits', message: 'x', details: { available: 2, required: 24 } };
	expect(shortOf(18, 24, null)).toEqual({ available: 18, required: 24 });
	expect(shortOf(24, 24, null)).toBeNull();
	expect(shortOf(null, 24, null)).toBeNull();
	expect(shortOf(100, 24, refusal)).toEqual({ available: 2, required: 24 });
	expect(shortOf(null, null, { code: 'insufficient_credits', message: 'x' })).toBeNull();
	expect(isPriceChange({ code: 'price_above_limit', message: 'x' })).toBe(true);
	expect(isPriceChange(refusal)).toBe(false);
});

test('a day on a chart is written short, in the language of dates', () => {
	expect(shortDayWords('2026-10-23')).toBe('23 Oct');
	expect(shortDayWords('2026-10-23', 'en-US')).toBe('Oct 23');
});

test('a card is called by the name that stands on it', () => {
	expect([brandWords('visa'), brandWords('amex'), brandWords('eftpos')]).toEqual([
		'Visa',
		'American Express',
		'Eftpos',
	]);
});
