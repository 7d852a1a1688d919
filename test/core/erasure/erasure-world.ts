import { env } from 'cloudflare:workers';
import { asc, eq } from 'drizzle-orm';

import { erasureLegs, erasures } from '../../../schema/erasures';
import { receipts } from '../../../schema/receipts';
import { advanceErasure } from '../../../workers/core/erasure/advance-erasure';
import { sweep } from '../../../workers/core/retention/sweep';
import { ReceiptBody } from '../../../workers/core/receipts/receipt-facts';
import { deliver, finishStage, givenRender, type RenderWorld } from '../../support/render-world';

/** The smile video of `givenRender`, finished: one photo, one after picture, one video, and what fal was sent. */
export async function givenFinishedSmile(deps: RenderWorld) {
	const given = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	await finishStage(deps);
	return given;
}

/** An erasure's rows, as they are stored. */
export async function erasureOf({ db }: Pick<RenderWorld, 'db'>, erasureId: string) {
	const [erasure] = await db.select().from(erasures).where(eq(erasures.id, erasureId));
	const legs = await db
		.select()
		.from(erasureLegs)
		.where(eq(erasureLegs.erasureId, erasureId))
		.orderBy(asc(erasureLegs.leg));
	return { erasure, legs: Object.fromEntries(legs.map(({ leg, state }) => [leg, state])) };
}

export async function receiptBodyOf({ db }: Pick<RenderWorld, 'db'>, receiptId: string): Promise<ReceiptBody | null> {
	const [row] = await db.select({ body: receipts.body }).from(receipts).where(eq(receipts.id, receiptId));
	return row === undefined ? null : ReceiptBody.parse(JSON.parse(row.body));
}

/** A quarter of an hour later no upload address is open any more; then the sweep comes as often as it needs to. */
export async function untilErased(deps: RenderWorld, erasureId: string): Promise<void> {
	deps.clock.advance({ minutes: 20 });
	for (let round = 0; round < 10; round += 1) {
		await deliver(deps);
		const { erasure } = await erasureOf(deps, erasureId);
		if (erasure?.state === 'certified') return;
		deps.clock.advance({ minutes: 2 });
		await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	}
	const { erasure, legs } = await erasureOf(deps, erasureId);
	throw new Error(`not erased: ${JSON.stringify({ erasure, legs })}`);
}

/** One try, with nothing else that the queue holds. */
export function advanceOnce(deps: RenderWorld, erasureId: string) {
	deps.sent.length = 0;
	return advanceErasure(deps, { erasureId });
}

/** Keys of objects below a prefix. */
export async function keysBelow(prefix: string): Promise<string[]> {
	const { objects } = await env.MEDIA.list({ prefix });
	return objects.map(({ key }) => key);
}
