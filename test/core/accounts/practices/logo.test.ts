import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { accounts } from '../../../../schema/accounts';
import { uploads } from '../../../../schema/uploads';
import { STUDIOS } from '../../../../studios/all';
import { readAccount } from '../../../../workers/core/accounts/read-account';
import { removeLogo, setLogo } from '../../../../workers/core/accounts/set-logo';
import type { Actor } from '../../../../workers/core/actor';
import { verifyGet, verifyPut } from '../../../../workers/core/media/sign-url';
import { startRender } from '../../../../workers/core/renders/start-render';
import { completeUpload } from '../../../../workers/core/uploads/complete-upload';
import { createLogoUpload, LOGO_BYTES_MAX } from '../../../../workers/core/uploads/create-logo-upload';
import { deleteUpload } from '../../../../workers/core/uploads/delete-upload';
import { readUpload } from '../../../../workers/core/uploads/read-upload';
import { freshDeps, type TestDeps } from '../../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../../support/faulty-d1';
import { givenAccount, givenMember } from '../../../support/given';
import { auditOf, WHENCE } from '../../../support/given-invitation';
import { givenReadyUpload, smileOrder } from '../../../support/render-world';

const ARRIVED = {
	head: () => Promise.resolve({ contentType: 'image/png', byteLength: 900, width: 300, height: 200 }),
};

function ordering(actor: Actor, byteLength = 1000) {
	return { actor, network: null, contentType: 'image/png', byteLength };
}

async function givenLogo(deps: TestDeps, actor: Actor): Promise<string> {
	const { id } = await createLogoUpload(deps, ordering(actor));
	await completeUpload({ ...deps, objects: ARRIVED }, { actor, uploadId: id });
	return id;
}

function set(deps: TestDeps, actor: Actor, uploadId: string) {
	return setLogo(deps, { actor, whence: WHENCE, uploadId });
}

function uploadsOf({ db }: TestDeps, { accountId }: Actor) {
	return db.select().from(uploads).where(eq(uploads.accountId, accountId)).orderBy(uploads.id);
}

/** Everything about an account's logo, to show that a refusal left no trace. */
async function everythingOf(deps: TestDeps, actor: Actor) {
	return {
		account: await deps.db.select().from(accounts).where(eq(accounts.id, actor.accountId)),
		uploads: await uploadsOf(deps, actor),
		audit: await auditOf(deps, actor.accountId),
		sent: [...deps.sent],
	};
}

async function expectRefused(deps: TestDeps, actor: Actor, run: () => Promise<unknown>, refusal: object) {
	const before = await everythingOf(deps, actor);
	await expect(run()).rejects.toMatchObject(refusal);
	expect(await everythingOf(deps, actor)).toEqual(before);
}

test('a logo gets a smaller address under its own prefix, and needs no consent', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);

	const ticket = await createLogoUpload(deps, ordering(actor, LOGO_BYTES_MAX));

	const claims = await verifyPut(deps.urlSigningKey, ticket.put.url, 'PUT', deps.now().getTime());
	expect(claims).toMatchObject({ byteLength: 2 * 1024 * 1024, sideMax: 2000, contentType: 'image/png' });
	expect(claims.objectKey).toMatch(new RegExp(`^logo/${actor.accountId}/[0-9a-f]{32}$`));
	expect(await uploadsOf(deps, actor)).toMatchObject([
		{ id: ticket.id, kind: 'logo', state: 'awaiting', consentId: null, subjectId: null },
	]);
});

test.each([
	['image/png', LOGO_BYTES_MAX + 1, 'payload_too_large', '2 MB is the most'],
	['image/svg+xml', 100, 'unsupported_media_type', 'JPEG, PNG or WebP'],
])('a logo of %s and %i bytes is refused and leaves no trace', async (contentType, byteLength, code, words) => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const order = { ...ordering(actor), contentType, byteLength };

	await expectRefused(deps, actor, () => createLogoUpload(deps, order), {
		code,
		message: expect.stringContaining(words),
	});
	expect(await uploadsOf(deps, actor)).toEqual([]);
});

test('who may send photos but not change the profile sends no logo', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const clinician = await givenMember(deps, { accountId: owner.accountId, role: 'clinician' });

	await expectRefused(deps, owner, () => createLogoUpload(deps, ordering(clinician)), { code: 'not_allowed' });
	expect(await uploadsOf(deps, owner)).toEqual([]);
});

test('a completed logo is shown for minutes and kept: no end is told of it', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const id = await givenLogo(deps, actor);
	expect((await readUpload(deps, { actor, uploadId: id })).deleteAt).not.toBeNull();

	await set(deps, actor, id);

	deps.clock.advance({ hours: 24 * 365 });
	const { logoUrl } = await readAccount(deps, { actor });
	const nowMs = deps.now().getTime();
	const claims = await verifyGet(deps.urlSigningKey, logoUrl ?? '', 'GET', nowMs);
	expect(claims).toMatchObject({ purpose: 'view', expiresAtMs: nowMs + 300_000 });
	expect(await readUpload(deps, { actor, uploadId: id })).toMatchObject({ state: 'ready', deleteAt: null });
	expect(await auditOf(deps, actor.accountId)).toMatchObject([
		{ action: 'logo.changed', targetId: id, facts: { to: 'set' } },
	]);
	expect(deps.sent).toEqual([]);
});

test('the same logo again changes nothing', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const id = await givenLogo(deps, actor);
	await set(deps, actor, id);
	const before = await everythingOf(deps, actor);

	expect(await set(deps, actor, id)).toEqual({ id });
	expect(await everythingOf(deps, actor)).toEqual(before);
});

test('a new logo takes the place of the old one, which is due at once', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const first = await givenLogo(deps, actor);
	const second = await givenLogo(deps, actor);
	await set(deps, actor, first);

	await set(deps, actor, second);

	const nowMs = deps.now().getTime();
	const rows = await uploadsOf(deps, actor);
	expect(rows.find(({ id }) => id === first)).toMatchObject({
		state: 'deleting',
		deleteAtMs: nowMs,
		deleteClock: 'request',
	});
	expect(rows.find(({ id }) => id === second)).toMatchObject({ state: 'ready' });
	expect(deps.sent).toEqual([{ message: { type: 'upload.delete', uploadId: first }, delaySeconds: 0 }]);
	await expectRefused(deps, actor, () => set(deps, actor, first), { code: 'gone' });
});

test('of five logos set at once one stays and four are due', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const ids = [];
	for (let n = 0; n < 5; n += 1) ids.push(await givenLogo(deps, actor));

	await Promise.all(ids.map((id) => set(deps, actor, id)));

	const states = (await uploadsOf(deps, actor)).map(({ state }) => state).toSorted();
	expect(states).toEqual(['deleting', 'deleting', 'deleting', 'deleting', 'ready']);
	const [account] = await deps.db.select().from(accounts).where(eq(accounts.id, actor.accountId));
	const [kept] = (await uploadsOf(deps, actor)).filter(({ state }) => state === 'ready');
	expect(account?.logoUploadId).toBe(kept?.id);
});

test('removed, nothing shows it and it is due; removed again, nothing happens', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const id = await givenLogo(deps, actor);
	await set(deps, actor, id);

	await removeLogo(deps, { actor, whence: WHENCE });

	expect(await readAccount(deps, { actor })).toMatchObject({ logoUrl: null });
	expect(await uploadsOf(deps, actor)).toMatchObject([{ id, state: 'deleting' }]);
	expect(deps.sent).toEqual([{ message: { type: 'upload.delete', uploadId: id }, delaySeconds: 0 }]);
	const before = await everythingOf(deps, actor);
	await removeLogo(deps, { actor, whence: WHENCE });
	expect(await everythingOf(deps, actor)).toEqual(before);
	expect(new Set(before.audit.map(({ facts }) => facts['to']))).toEqual(new Set(['removed', 'set']));
});

test('a stranger’s upload, a photo, one that has not come and one whose time is over are no logo', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const stranger = await givenAccount(deps);
	const theirs = await givenLogo(deps, stranger);
	const photo = await givenReadyUpload(deps, actor);
	const awaited = await createLogoUpload(deps, ordering(actor));
	const late = await givenLogo(deps, actor);
	const words = { code: 'not_found', message: 'There is no such upload, or it is not yours.' };

	for (const id of [theirs, 'upl_none']) await expectRefused(deps, actor, () => set(deps, actor, id), words);
	await expectRefused(deps, actor, () => set(deps, actor, photo.id), { code: 'conflict' });
	await expectRefused(deps, actor, () => set(deps, actor, awaited.id), { code: 'upload_incomplete' });
	deps.clock.advance({ hours: 24 });
	await expectRefused(deps, actor, () => set(deps, actor, late), { code: 'gone' });
	expect(await uploadsOf(deps, stranger)).toMatchObject([{ state: 'ready' }]);
});

test('who lost the role sets and removes nothing', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });
	const id = await givenLogo(deps, owner);
	await set(deps, owner, id);
	const next = await givenLogo(deps, owner);

	await expectRefused(deps, owner, () => set(deps, staff, next), { code: 'not_allowed' });
	await expectRefused(deps, owner, () => removeLogo(deps, { actor: staff, whence: WHENCE }), { code: 'not_allowed' });
	expect((await readAccount(deps, { actor: owner })).logoUrl).toContain('/o/logo/');
});

test('a logo is not deleted like a photo, by whoever may delete those', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });
	const id = await givenLogo(deps, owner);
	await set(deps, owner, id);

	await expectRefused(deps, owner, () => deleteUpload(deps, { actor: staff, uploadId: id }), { code: 'conflict' });
	expect(await uploadsOf(deps, owner)).toMatchObject([{ id, state: 'ready' }]);
});

test('no order works on a logo, also where no consent is asked for', async () => {
	const tools = STUDIOS.dental.tools.map((tool) => ({ ...tool, needsConsent: false }));
	const deps = freshDeps({ studio: { ...STUDIOS.dental, tools } });
	const actor = await givenAccount(deps);
	const id = await givenLogo(deps, actor);
	await set(deps, actor, id);

	await expectRefused(deps, actor, () => startRender(deps, smileOrder(actor, id)), {
		code: 'not_found',
		message: 'There is no such photo, or it is not yours.',
	});
	expect(await uploadsOf(deps, actor)).toMatchObject([{ id, state: 'ready', deleteAtMs: Date.UTC(9999, 11, 31) }]);
});

test('when the batch stops half-way the old logo stays', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	await set(deps, actor, await givenLogo(deps, actor));
	const next = await givenLogo(deps, actor);
	const before = await everythingOf(deps, actor);
	const runs = [
		(world: TestDeps) => set(world, actor, next),
		(world: TestDeps) => removeLogo(world, { actor, whence: WHENCE }),
	];
	for (const run of runs) {
		const { db } = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);
		await expect(run({ ...deps, db: drizzle(db) })).rejects.toThrow(OBJECT_RESET);
		expect(await everythingOf(deps, actor)).toEqual(before);
	}
});
