import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { uploads } from '../../../schema/uploads';
import type { Actor } from '../../../workers/core/actor';
import { recordPaper } from '../../../workers/core/consents/record-paper';
import { readConsent } from '../../../workers/core/consents/read-consent';
import { seePaper } from '../../../workers/core/consents/see-paper';
import { verifyGet, verifyPut } from '../../../workers/core/media/sign-url';
import { startRender } from '../../../workers/core/renders/start-render';
import { completeUpload } from '../../../workers/core/uploads/complete-upload';
import { createPaperUpload } from '../../../workers/core/uploads/create-paper-upload';
import { createUpload } from '../../../workers/core/uploads/create-upload';
import { deleteUpload } from '../../../workers/core/uploads/delete-upload';
import { readUpload } from '../../../workers/core/uploads/read-upload';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenAccount, givenMember } from '../../support/given';
import { completeElements, givenConsent } from '../../support/given-consent';
import { auditOf, WHENCE } from '../../support/given-invitation';
import { smileOrder } from '../../support/render-world';
import { ALL_SEEN, EMPTY, givenDraft, givenPaper, PDF_ARRIVED } from './given-paper';

function record(
	deps: TestDeps,
	actor: Actor,
	consentId: string,
	changed: Partial<Parameters<typeof recordPaper>[1]> = {},
) {
	const elements = completeElements(deps.now().getTime());
	return recordPaper(deps, { actor, whence: WHENCE, consentId, elements, checked: ALL_SEEN, ...changed });
}

function see(deps: TestDeps, actor: Actor, consentId: string) {
	return seePaper(deps, { actor, whence: WHENCE, consentId });
}

/** Everything that a refusal could have changed. */
async function everythingOf(deps: TestDeps, { accountId }: Actor) {
	return {
		consents: await deps.db.select().from(consents).where(eq(consents.accountId, accountId)).orderBy(consents.id),
		uploads: await deps.db.select().from(uploads).where(eq(uploads.accountId, accountId)).orderBy(uploads.id),
		audit: await auditOf(deps, accountId),
		sent: [...deps.sent],
	};
}

async function expectRefused(deps: TestDeps, owner: Actor, run: () => Promise<unknown>, refusal: object) {
	const before = await everythingOf(deps, owner);
	await expect(run()).rejects.toMatchObject(refusal);
	expect(await everythingOf(deps, owner)).toEqual(before);
}

test('a paper that was checked element by element puts its consent in force, and photos may be sent', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	const uploadId = await givenPaper(deps, actor, consentId);

	const recorded = await record(deps, actor, consentId);

	expect(recorded).toMatchObject({ id: consentId, state: 'active', signedVia: 'paper', hasPaper: true, missing: [] });
	const [row] = await deps.db.select().from(consents).where(eq(consents.id, consentId));
	expect(row).toMatchObject({
		paperUploadId: uploadId,
		checkedBy: actor.userId,
		checkedAtMs: deps.now().getTime(),
		signature: null,
		signedTextHash: null,
	});
	expect(row?.signerName).not.toContain('Mara');
	expect((await auditOf(deps, actor.accountId)).map(({ action }) => action)).toContain('paper.checked');
	const photo = { actor, network: null, contentType: 'image/jpeg', byteLength: 9, subjectId: undefined, consentId };
	expect(await createUpload(deps, photo)).toMatchObject({ consentId, state: 'awaiting' });
	expect((await readUpload(deps, { actor, uploadId })).deleteAt).toBeNull();
});

test('a paper gets an address under its own prefix, which takes this file and no other, until its draft ends', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	deps.clock.advance({ hours: 3 });

	const order = { actor, network: null, contentType: 'application/pdf', byteLength: 900, consentId };
	const ticket = await createPaperUpload(deps, order);

	const claims = await verifyPut(deps.urlSigningKey, ticket.put.url, 'PUT', deps.now().getTime());
	expect(claims).toMatchObject({ byteLength: 900, contentType: 'application/pdf' });
	expect(claims.objectKey).toMatch(new RegExp(`^pap/${actor.accountId}/[0-9a-f]{32}$`));
	expect(Date.parse(ticket.deleteAt)).toBe(deps.now().getTime() + 21 * 3_600_000);
	const [row] = await deps.db.select().from(uploads).where(eq(uploads.id, ticket.id));
	const consent = await readConsent(deps, { actor, consentId });
	expect(row).toMatchObject({ kind: 'paper', state: 'awaiting', consentId, subjectId: consent.subjectId });
	expect(consent.hasPaper).toBe(false);
});

test.each([
	['application/pdf', 10 * 1024 * 1024 + 1, 'payload_too_large', '10 MB is the most'],
	['image/jpeg', 25 * 1024 * 1024 + 1, 'payload_too_large', '25 MB is the most'],
	['image/heic', 900, 'unsupported_media_type', 'HEIC'],
	['application/msword', 900, 'unsupported_media_type', 'JPEG, PNG or WebP'],
])('a paper of %s with %i bytes is refused and leaves no trace', async (contentType, byteLength, code, words) => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	const order = { actor, network: null, contentType, byteLength, consentId };
	const message = expect.stringContaining(words);
	await expectRefused(deps, actor, () => createPaperUpload(deps, order), { code, message });
	expect(await readConsent(deps, { actor, consentId })).toMatchObject({ state: 'draft', hasPaper: false });
});

test('what is no draft of one’s own takes no paper: foreign, signed, past its day, or for who may not record', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const draft = await givenDraft(deps, actor);
	const signed = await givenConsent(deps, actor);
	const other = await givenAccount(deps);
	const billing = await givenMember(deps, { accountId: actor.accountId, role: 'billing' });
	const order = { actor, network: null, contentType: 'image/png', byteLength: 900, consentId: draft };
	const ask = (changed: Partial<typeof order>) => () => createPaperUpload(deps, { ...order, ...changed });

	await expectRefused(deps, actor, ask({ actor: other }), { code: 'not_found' });
	await expectRefused(deps, actor, ask({ consentId: 'cns_never' }), { code: 'not_found' });
	await expectRefused(deps, actor, ask({ consentId: signed.id }), { code: 'conflict' });
	await expectRefused(deps, actor, ask({ actor: billing }), { code: 'not_allowed' });
	deps.clock.advance({ hours: 24 });
	await expectRefused(deps, actor, ask({}), { code: 'gone' });
	expect((await everythingOf(deps, actor)).uploads).toEqual([]);
});

test('without its paper nothing is recorded, also while the paper is on its way', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	await expectRefused(deps, actor, () => record(deps, actor, consentId), { code: 'upload_incomplete' });

	const { id } = await createPaperUpload(deps, {
		actor,
		network: null,
		contentType: 'application/pdf',
		byteLength: 900,
		consentId,
	});
	await expectRefused(deps, actor, () => record(deps, actor, consentId), { code: 'upload_incomplete' });
	const unarrived = { ...deps, objects: EMPTY };
	await expectRefused(deps, actor, () => completeUpload(unarrived, { actor, uploadId: id }), {
		code: 'upload_incomplete',
		message: expect.stringContaining('The paper has not arrived'),
	});
});

test.each(ALL_SEEN)('with %s not seen on the paper, it is refused by name', async (element) => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	await givenPaper(deps, actor, consentId);
	const checked = ALL_SEEN.filter((other) => other !== element);
	const elements = {
		...completeElements(deps.now().getTime()),
		signerRole: 'representative' as const,
		representativeAuthority: 'Mother',
	};
	await expectRefused(deps, actor, () => record(deps, actor, consentId, { checked, elements }), {
		code: 'invalid_input',
		details: { fields: [element], reason: 'not_seen' },
	});
	expect(await readConsent(deps, { actor, consentId })).toMatchObject({ state: 'draft', hasPaper: true });
});

test('an element that the paper lacks is refused by name, ticked or not', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	await givenPaper(deps, actor, consentId);
	const elements = { ...completeElements(deps.now().getTime()), recipient: ' ', toldOfRedisclosure: false };
	await expectRefused(deps, actor, () => record(deps, actor, consentId, { elements }), {
		code: 'invalid_input',
		details: { fields: ['recipient', 'toldOfRedisclosure'] },
	});
	expect(await readConsent(deps, { actor, consentId })).toMatchObject({ state: 'draft', hasPaper: true });
});

test('the paper of somebody else is neither seen, sent for nor recorded', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const other = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	const uploadId = await givenPaper(deps, actor, consentId);
	const objects = PDF_ARRIVED;
	for (const run of [
		() => see(deps, other, consentId),
		() => record(deps, other, consentId),
		() => deleteUpload(deps, { actor: other, uploadId }),
		() => completeUpload({ ...deps, objects }, { actor: other, uploadId }),
	]) {
		await expectRefused(deps, actor, run, { code: 'not_found' });
	}
	const billing = await givenMember(deps, { accountId: actor.accountId, role: 'billing' });
	await expectRefused(deps, actor, () => record(deps, billing, consentId), { code: 'not_allowed' });
	expect(await readConsent(deps, { actor, consentId })).toMatchObject({ state: 'draft', hasPaper: true });
});

test('recorded twice alike it answers the same and is entered once; recorded otherwise it is refused', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	await givenPaper(deps, actor, consentId);

	const [first, second] = [await record(deps, actor, consentId), await record(deps, actor, consentId)];

	expect(second).toEqual(first);
	expect((await auditOf(deps, actor.accountId)).filter(({ action }) => action === 'paper.checked')).toHaveLength(1);
	const elements = { ...completeElements(deps.now().getTime()), signerName: 'Somebody Else' };
	await expectRefused(deps, actor, () => record(deps, actor, consentId, { elements }), { code: 'conflict' });
});

test('a paper that is sent again replaces the one before, which is due at once; a recorded one is not replaced', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	const first = await givenPaper(deps, actor, consentId);
	const late = await createPaperUpload(deps, {
		actor,
		network: null,
		contentType: 'image/jpeg',
		byteLength: 900,
		consentId,
	});

	const second = await givenPaper(deps, actor, consentId);

	const [row] = await deps.db.select().from(uploads).where(eq(uploads.id, first));
	expect(row).toMatchObject({ state: 'deleting', deleteAtMs: deps.now().getTime(), deleteClock: 'request' });
	expect(deps.sent.map(({ message }) => message)).toEqual([{ type: 'upload.delete', uploadId: first }]);
	expect(await see(deps, actor, consentId)).toMatchObject({ uploadId: second, checkedAt: null });
	await record(deps, actor, consentId);
	const arrived = { ...deps, objects: PDF_ARRIVED };
	await expectRefused(deps, actor, () => completeUpload(arrived, { actor, uploadId: late.id }), { code: 'conflict' });
	expect(await see(deps, actor, consentId)).toMatchObject({ uploadId: second });
});

test('a draft’s paper can be taken away, and the draft has none; a recorded one cannot', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	const first = await givenPaper(deps, actor, consentId);
	await deleteUpload(deps, { actor, uploadId: first });
	expect(await see(deps, actor, consentId)).toBeNull();
	expect((await readConsent(deps, { actor, consentId })).hasPaper).toBe(false);

	const second = await givenPaper(deps, actor, consentId);
	await record(deps, actor, consentId);
	await expectRefused(deps, actor, () => deleteUpload(deps, { actor, uploadId: second }), { code: 'conflict' });
	expect(await see(deps, actor, consentId)).toMatchObject({ uploadId: second });
});

test('a paper is seen for two minutes through its consent alone, and who saw it is entered once an hour', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	expect(await see(deps, actor, consentId)).toBeNull();
	const uploadId = await givenPaper(deps, actor, consentId);
	expect(await readUpload(deps, { actor, uploadId })).toMatchObject({ state: 'ready', url: null });

	const seen = await see(deps, actor, consentId);
	await see(deps, actor, consentId);

	const nowMs = deps.now().getTime();
	const claims = await verifyGet(deps.urlSigningKey, seen?.url ?? '', 'GET', nowMs);
	expect(claims).toMatchObject({ purpose: 'download', fileName: 'consent.pdf', contentType: 'application/pdf' });
	expect(claims.expiresAtMs).toBe(nowMs + 120_000);
	const entries = async () => (await auditOf(deps, actor.accountId)).filter(({ action }) => action === 'paper.seen');
	expect(await entries()).toMatchObject([{ userId: actor.userId, targetId: consentId }]);
	deps.clock.advance({ hours: 2 });
	await see(deps, actor, consentId);
	expect(await entries()).toHaveLength(2);
});

test('a paper is no photo: no smile is made from it', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	const uploadId = await givenPaper(deps, actor, consentId);
	await record(deps, actor, consentId);
	await expectRefused(deps, actor, () => startRender(deps, smileOrder(actor, uploadId)), {
		code: 'not_found',
		message: expect.stringContaining('photo'),
	});
});
