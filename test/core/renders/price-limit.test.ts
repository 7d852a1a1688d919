import { expect, test } from 'vitest';
import { eq } from 'drizzle-orm';

import { idempotencyKeys } from '../../../schema/credits';
import { renders } from '../../../schema/renders';
import type { Studio } from '../../../studios/studio';
import { quoteRender } from '../../../workers/core/renders/quote-render';
import { startRender } from '../../../workers/core/renders/start-render';
import { countD1 } from '../../support/counting-d1';
import { givenAccount, ledgerOf } from '../../support/given';
import { givenReadyUpload, renderWorld, smileOrder } from '../../support/render-world';
import { drizzle } from 'drizzle-orm/d1';

async function given() {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	return { deps, actor, order: smileOrder(actor, upload.id) };
}

/** The same studio with a dearer first tool. */
function dearer(studio: Studio, credits: number): Studio {
	return { ...studio, tools: studio.tools.map((tool) => ({ ...tool, credits })) };
}

test('an order that costs no more than it allows is placed', async () => {
	const { deps, order } = await given();
	expect(await startRender(deps, { ...order, creditsMax: 24 })).toMatchObject({ held: 24, isNew: true });
});

test('an order that costs more than it allows is refused by one read, with nothing written, held or queued', async () => {
	const { deps, actor, order } = await given();
	const before = await ledgerOf(deps, actor.accountId);
	const counting = countD1(deps.d1);

	const refused = startRender({ ...deps, db: drizzle(counting.db) }, { ...order, creditsMax: 20 });

	await expect(refused).rejects.toMatchObject({
		code: 'price_above_limit',
		details: { credits: 24, creditsMax: 20 },
		message: expect.stringMatching(/^This costs 24 credits now, more than the 20 you allowed\. /),
	});
	expect(counting.count).toEqual({ statements: 1, batches: 0 });
	expect(await ledgerOf(deps, actor.accountId)).toEqual(before);
	expect(await deps.db.select().from(renders).where(eq(renders.accountId, actor.accountId))).toEqual([]);
	expect(await deps.db.select().from(idempotencyKeys).where(eq(idempotencyKeys.accountId, actor.accountId))).toEqual(
		[],
	);
	expect(deps.sent).toEqual([]);
});

test('the key of a refused order is free for one that allows the price', async () => {
	const { deps, order } = await given();
	await expect(startRender(deps, { ...order, creditsMax: 1 })).rejects.toMatchObject({ code: 'price_above_limit' });
	expect(await startRender(deps, order)).toMatchObject({ isNew: true });
});

test.each([24, 30, 1, undefined])(
	'an order that was placed is answered when it comes again, with the limit %s, after the price rose',
	async (creditsMax) => {
		const { deps, order } = await given();
		const first = await startRender(deps, { ...order, creditsMax: 24 });
		const now = { ...deps, studio: dearer(deps.studio, 60) };
		expect(await startRender(now, { ...order, creditsMax })).toEqual({ ...first, isNew: false });
	},
);

test('a limit of the price of yesterday refuses the price of today', async () => {
	const { deps, order } = await given();
	const now = { ...deps, studio: dearer(deps.studio, 25) };
	await expect(startRender(now, { ...order, creditsMax: 24 })).rejects.toMatchObject({
		details: { credits: 25, creditsMax: 24 },
	});
});

test('a quote is refused above its limit and given at it', async () => {
	const { deps, order } = await given();
	expect(quoteRender(deps, { ...order, creditsMax: 24 })).toMatchObject({ credits: 24 });
	expect(() => quoteRender(deps, { ...order, creditsMax: 23 })).toThrow(/more than the 23 you allowed/);
});
