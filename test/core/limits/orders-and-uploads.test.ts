import { eq, inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { rateWindows } from '../../../schema/limits';
import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { STUDIOS } from '../../../studios/all';
import { RATES, type Rate, type Studio } from '../../../studios/studio';
import type { Actor } from '../../../workers/core/actor';
import type { AccessDeps } from '../../../workers/core/deps';
import { windowsOf, type Limit } from '../../../workers/core/limits/limit-statements';
import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { startRender } from '../../../workers/core/renders/start-render';
import { createUpload } from '../../../workers/core/uploads/create-upload';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenAccount, ledgerOf } from '../../support/given';

const NETWORK = '198.51.100.0/24';

/** The image studio with these rates of what is counted here; the other is out of the way. */
function studioWith(what: 'upload' | 'order', rates: { account: Rate; network: Rate }): Studio {
	return { ...STUDIOS.image, rates: { ...RATES, [what]: rates } };
}

const WIDE: Rate = { max: 1000, minutes: 60 };
const THREE: Rate = { max: 3, minutes: 60 };

function anUpload(actor: Actor, network: string | null = NETWORK) {
	return { actor, network, contentType: 'image/webp', byteLength: 10, subjectId: undefined, consentId: undefined };
}

function anOrder(actor: Actor, key: string, network: string | null = NETWORK) {
	return { actor, network, key, tool: 'image.generate', input: { prompt: 'a paper boat' } };
}

async function countOf(deps: AccessDeps, limit: Limit): Promise<number | undefined> {
	const keys = windowsOf(deps, [limit]).map(({ key }) => key);
	const [row] = await deps.db.select().from(rateWindows).where(inArray(rateWindows.key, keys));
	return row?.count;
}

/** With a key of its own, so that windows of other tests do not count here. */
function world(studio: Studio): TestDeps {
	return freshDeps({ studio, lookupKey: `a lookup key of one test: ${crypto.randomUUID()}` });
}

test('of photos announced at once as many are stored as the account’s rate has, and the refused ones leave no row and no count', async () => {
	const deps = world(studioWith('upload', { account: THREE, network: WIDE }));
	const actor = await givenAccount(deps);

	const answers = await Promise.allSettled(Array.from({ length: 8 }, () => createUpload(deps, anUpload(actor))));

	const refusals = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
	expect(refusals).toHaveLength(5);
	for (const refusal of refusals) {
		expect(refusal).toMatchObject({
			code: 'too_many_requests',
			message: 'Too many photos in a short time. Wait 60 minutes, then try again.',
			details: { retryAfterSeconds: 3600 },
		});
	}
	expect(await deps.db.select().from(uploads).where(eq(uploads.accountId, actor.accountId))).toHaveLength(3);
	expect(await countOf(deps, { what: 'upload', by: 'account', value: actor.accountId })).toBe(3);
	expect(await countOf(deps, { what: 'upload', by: 'network', value: NETWORK })).toBe(3);
});

test('accounts of one network are counted together, others and those without a network are not', async () => {
	const deps = world(studioWith('upload', { account: WIDE, network: THREE }));
	for (let each = 0; each < 3; each += 1) await createUpload(deps, anUpload(await givenAccount(deps)));
	const actor = await givenAccount(deps);

	await expect(createUpload(deps, anUpload(actor))).rejects.toMatchObject({ code: 'too_many_requests' });
	expect(await deps.db.select().from(uploads).where(eq(uploads.accountId, actor.accountId))).toEqual([]);
	expect(await createUpload(deps, anUpload(actor, '203.0.113.0/24'))).toMatchObject({ state: 'awaiting' });
	expect(await createUpload(deps, anUpload(actor, null))).toMatchObject({ state: 'awaiting' });
});

test('an order beyond the rate is refused with nothing stored, held, told or counted; the next hour takes it', async () => {
	const deps = world(studioWith('order', { account: THREE, network: WIDE }));
	const actor = await givenAccount(deps);
	for (const key of ['1', '2', '3']) {
		const { id } = await startRender(deps, anOrder(actor, key));
		await cancelRender(deps, { actor, renderId: id });
	}
	const before = { ledger: await ledgerOf(deps, actor.accountId), sent: [...deps.sent] };

	await expect(startRender(deps, anOrder(actor, '4'))).rejects.toMatchObject({
		code: 'too_many_requests',
		message: 'Too many orders in a short time. Wait 60 minutes, then try again.',
	});

	expect({ ledger: await ledgerOf(deps, actor.accountId), sent: [...deps.sent] }).toEqual(before);
	expect(await deps.db.select().from(renders).where(eq(renders.accountId, actor.accountId))).toHaveLength(3);
	expect(await countOf(deps, { what: 'order', by: 'account', value: actor.accountId })).toBe(3);
	deps.clock.advance({ hours: 1 });
	expect(await startRender(deps, anOrder(actor, '4'))).toMatchObject({ isNew: true });
});

test('the same order once more is answered, not counted, also when the rate is used up', async () => {
	const deps = world(studioWith('order', { account: { max: 1, minutes: 60 }, network: WIDE }));
	const actor = await givenAccount(deps);

	const answers = await Promise.all(Array.from({ length: 6 }, () => startRender(deps, anOrder(actor, 'one'))));

	expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
	expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
	expect(await startRender(deps, anOrder(actor, 'one'))).toMatchObject({ isNew: false });
	expect(await countOf(deps, { what: 'order', by: 'account', value: actor.accountId })).toBe(1);
});
