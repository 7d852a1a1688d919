import { expect, test } from 'vitest';

import { billingCustomers } from '../../../schema/billing';
import { openCheckout } from '../../../workers/core/billing/open-checkout';
import { givenAccount } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { tillWorld, tracesOf, type TillWorld } from './till-world';

const LATER = 'just after this one';

async function given() {
	const world = tillWorld();
	const actor = await givenAccount(world);
	const order = (item: string) =>
		openCheckout(world, { actor, whence: { ...WHENCE, network: `network of ${actor.accountId}` }, item });
	return { world, actor, order };
}

/** Something that happens once, when a call is made for the first time. */
function once({ stripe }: TillWorld, call: string, happens: () => Promise<unknown>) {
	stripe.before = async (name) => {
		if (name !== call) return;
		stripe.before = () => Promise.resolve();
		await happens();
	};
}

function openTills({ stripe }: TillWorld) {
	return [...stripe.checkouts.values()].filter(({ status }) => status === 'open');
}

test.each(['plan.starter', 'plan.group'])(
	'of two tabs that choose a plan at once the later order’s till stays, and the earlier is told so (%s)',
	async (item) => {
		const { world, actor, order } = await given();
		let later: { id: string; url: string } | null = null;
		// While the first one's till opens, the second one is ordered, opened and stored.
		once(world, 'openCheckout', async () => {
			later = await order(item);
		});

		await expect(order('plan.starter')).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining(LATER),
		});

		expect(openTills(world).map(({ checkoutId }) => checkoutId)).toEqual([later!.id]);
		expect((await tracesOf(world, actor)).orders).toHaveLength(2);
	},
);

test('two that see each other without a till end with one of them', async () => {
	const { world, order } = await given();
	let arrived = 0;
	let both: () => void;
	const bothHere = new Promise<void>((resolve) => {
		both = resolve;
	});
	// Neither till is open before both orders looked for another one.
	world.stripe.before = (name) => {
		if (name !== 'openCheckout') return Promise.resolve();
		arrived += 1;
		if (arrived === 2) both();
		return bothHere;
	};
	const first = order('plan.starter');
	while (world.stripe.count('openCheckout') === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	const [one, two] = await Promise.allSettled([first, order('plan.group')]);

	expect(one).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } });
	expect(two.status).toBe('fulfilled');
	expect(openTills(world)).toMatchObject([{ line: { priceKey: 'afterglow.dental.plan.group.v1' } }]);
});

test('a plan that began to run while the till opened closes it again', async () => {
	const { world, actor, order } = await given();
	once(world, 'openCheckout', () => world.db.update(billingCustomers).set({ status: 'active' }));

	await expect(order('plan.group')).rejects.toMatchObject({
		code: 'conflict',
		message: expect.stringContaining('has a plan already'),
	});

	expect(openTills(world)).toEqual([]);
	expect((await tracesOf(world, actor)).orders).toHaveLength(1);
});

test('packs in two tabs leave each other’s till alone', async () => {
	const { world, order } = await given();
	once(world, 'openCheckout', () => order('pack.100'));
	await order('pack.100');
	expect(openTills(world)).toHaveLength(2);
});
