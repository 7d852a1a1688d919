import { expect, test } from 'vitest';

import { STUDIOS } from '../../../studios/all';
import { dental } from '../../../studios/dental';
import { itemOf, itemOfPriceKey, itemsOf, priceKeyOf, titleOfItem, whatCreditsBuy } from '../../../studios/pricing';
import { prepareStripe } from '../../../workers/core/billing/prepare-stripe';
import { tillWorld } from './till-world';

const ALL = Object.values(STUDIOS);

test.each(ALL)('$slug sells packs and plans in whole credits and cents, each under one key', (studio) => {
	const items = itemsOf(studio);
	const keys = items.map((item) => priceKeyOf(studio, item));
	expect(items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['pack', 'plan']));
	expect(new Set(keys).size).toBe(keys.length);
	expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
	for (const { id, credits, cents, version, kind } of items) {
		expect(id).toMatch(new RegExp(`^${kind}\\.\\w+$`));
		for (const number of [credits, cents, version]) expect(Number.isInteger(number) && number > 0).toBe(true);
	}
	// A product's id at Stripe is the key with its dots as underscores: two keys may not become one.
	expect(new Set(keys.map((key) => key.replaceAll('.', '_'))).size).toBe(keys.length);
});

test.each(ALL)(
	'$slug: a larger plan costs more and each credit of it less, and no plan’s credit more than a pack’s',
	(studio) => {
		const { packs, plans } = studio.pricing;
		const centsACredit = plans.map(({ cents, credits }) => cents / credits);
		expect(plans.map(({ cents }) => cents)).toEqual(plans.map(({ cents }) => cents).toSorted((a, b) => a - b));
		expect(centsACredit).toEqual(centsACredit.toSorted((a, b) => b - a));
		for (const pack of packs) expect(pack.cents / pack.credits).toBeGreaterThanOrEqual(centsACredit[0]!);
	},
);

test.each(ALL)('$slug: no key of its own is another studio’s', (studio) => {
	for (const item of itemsOf(studio)) {
		const owners = ALL.filter((each) => itemOfPriceKey(each, priceKeyOf(studio, item)) !== null);
		expect(owners).toEqual([studio]);
	}
});

const OLD = { id: 'plan.starter', name: 'Starter', credits: 250, cents: 3900, version: 1 };
const CHANGED = {
	...dental,
	pricing: { ...dental.pricing, plans: [{ ...OLD, credits: 300, cents: 4900, version: 2 }], retired: [OLD] },
};

test('an earlier version goes on meaning what it meant, and is sold no more', () => {
	expect(itemOfPriceKey(CHANGED, 'afterglow.dental.plan.starter.v1')).toMatchObject({ credits: 250, cents: 3900 });
	expect(itemOfPriceKey(CHANGED, 'afterglow.dental.plan.starter.v2')).toMatchObject({ credits: 300, cents: 4900 });
	expect(itemOf(CHANGED, 'plan.starter')).toMatchObject({ credits: 300, version: 2 });
	expect(itemOfPriceKey(CHANGED, 'afterglow.dental.plan.starter.v3')).toBeNull();
	expect(itemOfPriceKey(CHANGED, 'afterglow.media.plan.starter.v1')).toBeNull();
});

test('what is prepared at Stripe is what is sold now, under its key', async () => {
	const world = tillWorld({ studio: CHANGED });
	const { made } = await prepareStripe(world);
	expect(made).toEqual(['afterglow.dental.pack.100.v1', 'afterglow.dental.plan.starter.v2']);
	expect(world.stripe.calls[0]?.input).toEqual({
		studioName: 'Dental Diffusion',
		items: [
			{
				priceKey: 'afterglow.dental.pack.100.v1',
				name: 'Dental Diffusion: 100 credits',
				cents: 1900,
				currency: 'usd',
				monthly: false,
			},
			{
				priceKey: 'afterglow.dental.plan.starter.v2',
				name: 'Dental Diffusion Starter plan: 300 credits a month',
				cents: 4900,
				currency: 'usd',
				monthly: true,
			},
		],
	});
	expect((await prepareStripe(world)).made).toEqual([]);
});

test('credits are told in works of the studio', () => {
	expect(whatCreditsBuy(dental, 100)).toBe('4 smiles');
	expect(whatCreditsBuy(dental, 24)).toBe('1 smile');
	expect(whatCreditsBuy(dental, 23)).toBeNull();
	expect(whatCreditsBuy(STUDIOS.media, 1000)).toBeNull();
});

test('an item has a title also when its name is forgotten', () => {
	expect(titleOfItem(dental, 'pack.100')).toBe('100 credits');
	expect(titleOfItem(dental, 'plan.group')).toBe('Group plan');
	expect(titleOfItem(dental, 'plan.gone')).toBe('plan.gone');
});
