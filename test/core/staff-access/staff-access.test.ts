import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { staffAccesses } from '../../../schema/incidents';
import { mails } from '../../../schema/mail';
import { assets, renders } from '../../../schema/renders';
import { STUDIOS } from '../../../studios/all';
import { listAudit } from '../../../workers/core/audit/list-audit';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { verifyGet } from '../../../workers/core/media/sign-url';
import { newObjectKey } from '../../../workers/core/media/object-keys';
import { sealInput } from '../../../workers/core/renders/stored-input';
import { restrictAccount } from '../../../workers/core/restriction/restrict-account';
import { grantStaffAccess } from '../../../workers/core/staff-access/grant-staff-access';
import { lookAtRender } from '../../../workers/core/staff-access/look-at-render';
import { newId } from '../../../workers/core/ids';
import { freshDeps, type TestDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { givenAccount } from '../../support/given';
import { givenOrdered } from '../credits/given-work';
import { WHENCE } from '../operations/given-operator';

async function given() {
	const deps = freshDeps({ studio: STUDIOS.image });
	const owner = await givenAccount(deps);
	const { accountId } = owner;
	const { renderId } = await givenOrdered(deps, owner, 4);
	const input = await sealInput(deps, { accountId, subjectId: null, input: { prompt: 'a paper boat' } });
	await deps.db.update(renders).set({ input, tool: 'image.generate' }).where(eq(renders.id, renderId));
	await deps.db.insert(assets).values({
		id: newId('asset'),
		accountId,
		renderId,
		stage: 'picture',
		kind: 'picture',
		assetClass: 'generated',
		state: 'ready',
		objectKey: newObjectKey('out', accountId),
		contentType: 'image/png',
		byteLength: 1,
		createdAtMs: deps.now().getTime(),
		receiptId: newId('receipt'),
	});
	const order = { whence: WHENCE, renderId, reason: `They wrote in ${crypto.randomUUID()}` };
	return { deps, owner, accountId, renderId, order };
}

async function mailedTo(deps: TestDeps, renderId: string) {
	const rows = await deps.db.select().from(mails).where(eq(mails.kind, 'staff_access'));
	const opened = await Promise.all(
		rows.map(async ({ id, sealed }) => (sealed === null ? null : openMail(deps.mailKey, id, sealed))),
	);
	return opened.filter((mail) => mail?.kind === 'staff_access' && mail.renderId === renderId);
}

function accessesOf({ db }: TestDeps, renderId: string) {
	return db.select().from(staffAccesses).where(eq(staffAccesses.renderId, renderId));
}

async function recordOf(deps: TestDeps, owner: Awaited<ReturnType<typeof given>>['owner']) {
	const { items } = await listAudit(deps, { actor: owner, whence: WHENCE, filter: {}, limit: 50 });
	return items.filter(({ action }) => action.startsWith('content.'));
}

test.each(['dental', 'media'] as const)('%s lets nobody look, with a sentence, and leaves nothing', async (slug) => {
	const { deps, owner, renderId, order } = await given();
	expect(STUDIOS[slug].policy.staffAccess).toBe('none');
	const asking = grantStaffAccess({ ...deps, studio: STUDIOS[slug] }, order);
	await expect(asking).rejects.toMatchObject({
		code: 'not_allowed',
		message: expect.stringMatching(/lets nobody here look at what people make/),
	});
	expect([await accessesOf(deps, renderId), await mailedTo(deps, renderId), await recordOf(deps, owner)]).toEqual([
		[],
		[],
		[],
	]);
});

test('an access runs for half an hour, its owner is mailed at once and reads who and why in the record', async () => {
	const { deps, owner, accountId, renderId, order } = await given();
	const access = await grantStaffAccess(deps, order);
	expect(access).toMatchObject({ isNew: true, expiresAt: new Date(deps.now().getTime() + 30 * 60_000).toISOString() });
	expect(await accessesOf(deps, renderId)).toMatchObject([
		{ id: access.accessId, accountId, reason: order.reason, looks: 0 },
	]);
	expect(await mailedTo(deps, renderId)).toMatchObject([{ to: `${owner.userId}@practice.test`, reason: order.reason }]);
	expect(deps.sent.map(({ message }) => message.type)).toEqual(['mail.send']);
	expect(await recordOf(deps, owner)).toMatchObject([
		{ action: 'content.opened', who: { name: 'Support' }, target: { id: renderId }, reason: order.reason },
	]);
});

test('the same access asked for twice is one, with one mail; after its end it is another', async () => {
	const { deps, renderId, order } = await given();
	const lost = faultyD1(deps.d1, firstWrites('after'), CONNECTION_LOST);
	const { accessId } = await grantStaffAccess({ ...deps, db: drizzle(lost.db) }, order);
	expect(lost.happened.after).toBe(1);
	expect(await grantStaffAccess(deps, order)).toMatchObject({ accessId, isNew: false });
	expect(await mailedTo(deps, renderId)).toHaveLength(1);
	deps.clock.advance({ minutes: 30 });
	expect(await grantStaffAccess(deps, order)).toMatchObject({ isNew: true });
	expect(await mailedTo(deps, renderId)).toHaveLength(2);
});

test('a look shows words, settings and media, and no person; each is counted and recorded', async () => {
	const { deps, owner, renderId, order } = await given();
	const { accessId } = await grantStaffAccess(deps, order);
	const step = { whence: WHENCE, accessId };
	const look = await lookAtRender(deps, step);
	expect(look).toMatchObject({
		looks: 1,
		render: { id: renderId, tool: 'image.generate', input: { prompt: 'a paper boat' } },
	});
	expect(look.media.map(({ kind }) => kind)).toEqual(['picture']);
	expect(JSON.stringify(look)).not.toMatch(/practice\.test|Ada|Practice/);
	expect((await lookAtRender(deps, step)).looks).toBe(2);
	expect(await accessesOf(deps, renderId)).toMatchObject([{ looks: 2 }]);
	expect((await recordOf(deps, owner)).filter(({ action }) => action === 'content.looked_at')).toHaveLength(2);
});

test('media ends with the access, and nothing is found from its last millisecond on', async () => {
	const { deps, owner, renderId, order } = await given();
	const grantedAtMs = deps.now().getTime();
	const { accessId } = await grantStaffAccess(deps, order);
	const endsAtMs = grantedAtMs + 30 * 60_000;
	deps.clock.set(new Date(endsAtMs - 1));
	const { media } = await lookAtRender(deps, { whence: WHENCE, accessId });
	const url = media[0]?.url ?? '';
	expect(await verifyGet(deps.urlSigningKey, url, 'GET', endsAtMs - 1)).toMatchObject({ expiresAtMs: endsAtMs });
	await expect(verifyGet(deps.urlSigningKey, url, 'GET', endsAtMs + 1)).rejects.toMatchObject({ code: 'not_allowed' });
	deps.clock.set(new Date(endsAtMs));
	await expect(lookAtRender(deps, { whence: WHENCE, accessId })).rejects.toMatchObject({ code: 'not_found' });
	expect(await accessesOf(deps, renderId)).toMatchObject([{ looks: 1 }]);
	expect((await recordOf(deps, owner)).filter(({ action }) => action === 'content.looked_at')).toHaveLength(1);
	await expect(lookAtRender(deps, { whence: WHENCE, accessId: 'sta_none' })).rejects.toMatchObject({
		code: 'not_found',
	});
});

test('a look whose count cannot be written shows nothing', async () => {
	const { deps, renderId, order } = await given();
	const { accessId } = await grantStaffAccess(deps, order);
	const broken = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);
	const look = lookAtRender({ ...deps, db: drizzle(broken.db) }, { whence: WHENCE, accessId });
	await expect(look).rejects.toThrow(/Failed query|to be reset/);
	expect(await accessesOf(deps, renderId)).toMatchObject([{ looks: 0 }]);
});

test('what is not there is not opened, and what nobody owns is not, since nobody could be told', async () => {
	const { deps, accountId, renderId, order } = await given();
	await expect(grantStaffAccess(deps, { ...order, renderId: 'rnd_none' })).rejects.toMatchObject({ code: 'not_found' });
	await deps.d1.prepare('delete from memberships where account_id = ?').bind(accountId).run();
	await expect(grantStaffAccess(deps, order)).rejects.toMatchObject({ code: 'conflict' });
	expect(await accessesOf(deps, renderId)).toEqual([]);
});

test('what is restricted is looked at by nobody, also not through an access from before', async () => {
	const { deps, owner, renderId, order } = await given();
	const { accessId } = await grantStaffAccess(deps, order);
	const restriction = { actor: owner, whence: WHENCE };
	await restrictAccount(deps, { ...restriction, isRestricted: true });
	const refused = { code: 'processing_restricted' };
	await expect(lookAtRender(deps, { whence: WHENCE, accessId })).rejects.toMatchObject(refused);
	await expect(grantStaffAccess(deps, { ...order, reason: 'Another one' })).rejects.toMatchObject(refused);
	await expect(grantStaffAccess(deps, order)).rejects.toMatchObject(refused);
	expect(await accessesOf(deps, renderId)).toMatchObject([{ id: accessId, looks: 0 }]);
	expect(await mailedTo(deps, renderId)).toHaveLength(1);
	expect((await recordOf(deps, owner)).map(({ action }) => action)).toEqual(['content.opened']);
	await restrictAccount(deps, { ...restriction, isRestricted: false });
	expect(await lookAtRender(deps, { whence: WHENCE, accessId })).toMatchObject({ looks: 1 });
});
