import { createHmac } from 'node:crypto';

import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { stripeEvents } from '../../../schema/billing';
import { STRIPE_EVENT_TYPES } from '../../../workers/core/billing/event-types';
import { recordStripeEvent } from '../../../workers/core/billing/record-event';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { tillWorld, type TillWorld } from './till-world';

const SECRET = 'whsec_a_secret_of_the_tests_0123456789';

function anEvent(changed: Record<string, unknown> = {}) {
	return {
		id: `evt_${crypto.randomUUID().replaceAll('-', '')}`,
		object: 'event',
		api_version: '2026-10-28.endive',
		created: 1_763_726_400,
		type: 'invoice.paid',
		livemode: false,
		pending_webhooks: 1,
		request: { id: null, idempotency_key: null },
		data: { object: { id: 'in_1', object: 'invoice' } },
		...changed,
	};
}

function record(world: TillWorld, event: object, { secret = SECRET }: { secret?: string } = {}) {
	const body = JSON.stringify(event);
	const nowMs = world.now().getTime();
	const seconds = Math.floor(nowMs / 1000);
	const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
	return recordStripeEvent(world, {
		signature: `t=${seconds},v1=${digest}`,
		rawBody: new TextEncoder().encode(body),
		secret: SECRET,
		nowMs,
	});
}

async function kept({ db }: TillWorld, { id }: { id: string }) {
	return db.select().from(stripeEvents).where(eq(stripeEvents.id, id));
}

test('an event is kept by its id, type and object, and the queue is told', async () => {
	const world = tillWorld();
	const event = anEvent();
	await record(world, event);
	expect(await kept(world, event)).toEqual([
		{
			id: event.id,
			type: 'invoice.paid',
			objectId: 'in_1',
			receivedAtMs: world.now().getTime(),
			doneAtMs: null,
			triedAtMs: 0,
		},
	]);
	expect(world.sent).toEqual([{ message: { type: 'stripe.event', eventId: event.id }, delaySeconds: 0 }]);
	expect(world.stripe.calls).toEqual([]);
});

test('a double is kept once, and tells the queue while there is something to be done', async () => {
	const world = tillWorld();
	const event = anEvent();
	await record(world, event);
	world.clock.advance({ minutes: 5 });
	await record(world, event);
	expect(await kept(world, event)).toHaveLength(1);
	expect(world.sent).toHaveLength(2);
	await world.db.update(stripeEvents).set({ doneAtMs: 1 }).where(eq(stripeEvents.id, event.id));
	await record(world, event);
	expect(world.sent).toHaveLength(2);
	expect(await kept(world, event)).toEqual([expect.objectContaining({ doneAtMs: 1 })]);
});

test('ten deliveries at once are one row', async () => {
	const world = tillWorld();
	const event = anEvent();
	await Promise.all(Array.from({ length: 10 }, () => record(world, event)));
	expect(await kept(world, event)).toHaveLength(1);
});

test('a queue that takes nothing changes nothing about what is kept', async () => {
	const world = tillWorld({ queue: { send: () => Promise.reject(new Error('no queue')) } });
	const event = anEvent();
	await record(world, event);
	expect(await kept(world, event)).toHaveLength(1);
	expect(takeConsoleErrors()).toHaveLength(1);
});

test.each(STRIPE_EVENT_TYPES)('%s is kept', async (type) => {
	const world = tillWorld();
	const event = anEvent({ type });
	await record(world, event);
	expect(await kept(world, event)).toHaveLength(1);
});

test.each(['payment_intent.succeeded', 'invoice.upcoming', 'charge.refunded', 'product.created', 'x'])(
	'%s is taken, and not kept',
	async (type) => {
		const world = tillWorld();
		const event = anEvent({ type });
		await record(world, event);
		expect(await kept(world, event)).toEqual([]);
		expect(world.sent).toEqual([]);
	},
);

test('an event about what has no id is taken, and not kept', async () => {
	const world = tillWorld();
	const event = anEvent({ data: { object: { object: 'invoice' } } });
	await record(world, event);
	expect(await kept(world, event)).toEqual([]);
});

test.each([true, false])(
	'where the key is live %s, events of the other mode are refused and leave nothing',
	async (isLive) => {
		const world = tillWorld();
		world.stripe.isLive = isLive;
		const [ours, other] = [anEvent({ livemode: isLive }), anEvent({ livemode: !isLive })];
		await record(world, ours);
		await expect(record(world, other)).rejects.toMatchObject({ code: 'invalid_input' });
		expect(await kept(world, ours)).toHaveLength(1);
		expect(await kept(world, other)).toEqual([]);
		expect(world.sent).toHaveLength(1);
	},
);

test('what somebody else signed leaves nothing', async () => {
	const world = tillWorld();
	const event = anEvent();
	await expect(record(world, event, { secret: 'whsec_of_somebody_else_0123456789abcd' })).rejects.toMatchObject({
		code: 'bad_signature',
	});
	expect(await kept(world, event)).toEqual([]);
	expect(world.sent).toEqual([]);
});
