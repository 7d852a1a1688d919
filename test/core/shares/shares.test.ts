import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { consents } from '../../../schema/consents';
import { assets } from '../../../schema/renders';
import { postings, shares } from '../../../schema/shares';
import { SHARE_LIMITS } from '../../../studios/publish-rules';
import { deleteAsset } from '../../../workers/core/assets/delete-asset';
import { narrowConsent } from '../../../workers/core/consents/narrow-consent';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { eraseSubject } from '../../../workers/core/erasure/erase-subject';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { verifyGet } from '../../../workers/core/media/sign-url';
import { notePosting } from '../../../workers/core/postings/note-posting';
import { readRenderView } from '../../../workers/core/renders/read-render';
import { restrictAccount, restrictSubject } from '../../../workers/core/restriction/restrict-account';
import { createShare } from '../../../workers/core/shares/create-share';
import { listShares } from '../../../workers/core/shares/list-shares';
import { SHARED_MEDIA_MINUTES } from '../../../workers/core/shares/open-share';
import { revokeShare } from '../../../workers/core/shares/revoke-share';
import { sweepShares } from '../../../workers/core/shares/sweep-shares';
import { givenAccount, givenMember } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { untilErased } from '../erasure/erasure-world';
import { givenShare, givenSmile, opening, type ShareWorld } from './given-share';

function storedShares({ db }: ShareWorld, accountId: string) {
	return db.select().from(shares).where(eq(shares.accountId, accountId));
}

test('a link shows the video with its label and the practice’s name, by an address of two minutes, and nobody’s name', async () => {
	const smile = await givenSmile();
	const { deps, actor, video } = smile;
	const { id, token } = await givenShare(smile);
	expect(token).toMatch(/^[\w-]{43}$/);
	const opened = await opening(deps, token);
	expect(opened).toMatchObject({
		state: 'open',
		accountName: 'Practice',
		items: [{ kind: 'video', width: 64, height: 96, label: 'AI visualisation, not a promise of a result' }],
		before: null,
	});
	const nowMs = deps.now().getTime();
	const url = opened.state === 'open' ? opened.items[0]!.url : '';
	const claims = await verifyGet(deps.urlSigningKey, url, 'GET', nowMs);
	expect(claims).toMatchObject({ objectKey: video.objectKey, purpose: 'view' });
	expect(claims.expiresAtMs).toBe(nowMs + SHARED_MEDIA_MINUTES * 60_000);
	expect(JSON.stringify(opened)).not.toContain('Mara');

	const [row] = await storedShares(deps, actor.accountId);
	expect(row).toMatchObject({ id, assetId: video.id, subjectId: smile.upload.subjectId, views: 1, revokedAtMs: null });
	expect(JSON.stringify(row)).not.toContain(token);
	expect(row!.expiresAtMs - row!.createdAtMs).toBe(24 * 3_600_000);
});

test('a link to the whole smile shows picture, video and the photo, while that is here', async () => {
	const smile = await givenSmile();
	const { token } = await givenShare(smile, { showsSmile: true });
	const opened = await opening(smile.deps, token);
	expect(opened).toMatchObject({
		items: [{ kind: 'video' }, { kind: 'after' }],
		before: { width: 1200, height: 1600 },
	});
});

test('the photo’s address never outlives the photo, and at its hour the pair goes on without it', async () => {
	const smile = await givenSmile();
	const { deps, after } = smile;
	const { token } = await givenShare(smile, { assetId: after.id, expiresInHours: 48 });
	const dueMs = (await readRenderView(deps, { actor: smile.actor, renderId: smile.renderId })).render.sourceDeleteAt;
	const endMs = Date.parse(dueMs ?? '');
	deps.clock.set(new Date(endMs - 30_000));
	const opened = await opening(deps, token);
	const url = opened.state === 'open' ? (opened.before?.url ?? '') : '';
	expect((await verifyGet(deps.urlSigningKey, url, 'GET', deps.now().getTime())).expiresAtMs).toBe(endMs);
	deps.clock.set(new Date(endMs));
	expect(await opening(deps, token)).toMatchObject({ items: [{ kind: 'after' }], before: null });
});

test('each link has a token of its own, and the list says which are open and never the links', async () => {
	const smile = await givenSmile();
	const { deps, actor, renderId } = smile;
	const first = await givenShare(smile);
	deps.clock.advance({ minutes: 1 });
	const second = await givenShare(smile, { passcode: '123456', expiresInHours: 1 });
	expect(first.token).not.toBe(second.token);
	deps.clock.advance({ hours: 2 });
	const items = await listShares(deps, { actor, renderId });
	expect(items).toMatchObject([
		{ id: second.id, state: 'ended', hasPasscode: true, views: 0, kind: 'video' },
		{ id: first.id, state: 'open', hasPasscode: false, views: 0, renderId },
	]);
	expect(JSON.stringify(items)).not.toContain(first.token);
	expect(await listShares(deps, { actor, renderId: 'rnd_none' })).toEqual([]);
	expect(await listShares(deps, { actor: await givenAccount(deps) })).toEqual([]);
});

test('views count strangers, and neither the account’s own people nor who has no passcode', async () => {
	const smile = await givenSmile();
	const { deps, actor } = smile;
	const { token } = await givenShare(smile, { passcode: '123456' });
	const staff = await givenMember(deps, { accountId: actor.accountId, role: 'staff' });
	const views = async () => (await storedShares(deps, actor.accountId))[0]!.views;
	expect(await opening(deps, token)).toEqual({ state: 'passcode' });
	await opening(deps, token, { passcode: '123456', viewerId: actor.userId });
	await opening(deps, token, { passcode: '123456', viewerId: staff.userId });
	expect(await views()).toBe(0);
	await opening(deps, token, { passcode: '123456', viewerId: (await givenAccount(deps)).userId });
	await opening(deps, token, { passcode: '123456' });
	expect(await views()).toBe(2);
});

test('a wrong passcode opens nothing, ten tries an hour are the most, and the right one then has to wait, too', async () => {
	const smile = await givenSmile();
	const { deps, actor } = smile;
	const { token } = await givenShare(smile, { passcode: 'zähne 2041' });
	const { max } = deps.studio.rates.passcode.share;
	for (let tries = 0; tries < max; tries += 1) {
		await expect(opening(deps, token, { passcode: 'wrong' })).rejects.toMatchObject({
			code: 'not_allowed',
			details: { reason: 'wrong_passcode' },
		});
	}
	await expect(opening(deps, token, { passcode: 'zähne 2041' })).rejects.toMatchObject({ code: 'too_many_requests' });
	const [row] = await storedShares(deps, actor.accountId);
	expect(row).toMatchObject({ views: 0 });
	expect(row?.passcodeHash).toMatch(/^s1\$/);
	deps.clock.advance({ hours: 1 });
	expect(await opening(deps, token, { passcode: 'zähne 2041' })).toMatchObject({ state: 'open' });
});

test('an unknown, cut or empty token is not found', async () => {
	const smile = await givenSmile();
	const { token } = await givenShare(smile);
	for (const wrong of ['', 'none', token.slice(1), `${token}A`, token.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))]) {
		await expect(opening(smile.deps, wrong)).rejects.toMatchObject({ code: 'not_found' });
	}
});

test.each([
	['a lifetime of none', { expiresInHours: 0 }, 'invalid_input'],
	['a lifetime over the most', { expiresInHours: SHARE_LIMITS.hoursMax + 1 }, 'invalid_input'],
	['half an hour', { expiresInHours: 0.5 }, 'invalid_input'],
	['a short passcode', { passcode: '12345' }, 'invalid_input'],
	['a passcode that is a book', { passcode: 'x'.repeat(65) }, 'invalid_input'],
	['an unknown asset', { assetId: 'ast_none' }, 'not_found'],
])('%s is refused, and no link is made', async (_what, changed, code) => {
	const smile = await givenSmile();
	await expect(givenShare(smile, changed)).rejects.toMatchObject({ code });
	expect(await storedShares(smile.deps, smile.actor.accountId)).toEqual([]);
});

test('a stranger neither makes a link to it nor ends one', async () => {
	const smile = await givenSmile();
	const { deps } = smile;
	const { id, token } = await givenShare(smile);
	const stranger = await givenAccount(deps);
	await expect(givenShare({ ...smile, actor: stranger })).rejects.toMatchObject({ code: 'not_found' });
	await expect(revokeShare(deps, { actor: stranger, shareId: id })).rejects.toMatchObject({ code: 'not_found' });
	expect(await opening(deps, token)).toMatchObject({ state: 'open' });
	expect(await storedShares(deps, stranger.accountId)).toEqual([]);
});

test('what the consent does not cover is not shared, and the refusal names rule and source', async () => {
	const smile = await givenSmile();
	const { deps, actor, video, upload } = smile;
	await narrowConsent(deps, { actor, consentId: upload.consentId!, channels: ['room', 'download'] });
	await expect(givenShare(smile)).rejects.toMatchObject({
		code: 'publish_refused',
		message: 'The consent does not cover this. Ask the patient, and record a new one. No link was made.',
		details: { rule: 'consent-channel', source: '45 CFR 164.508(c)(1)(iv)' },
	});
	await restrictSubject(deps, { actor, whence: WHENCE, subjectId: upload.subjectId!, isRestricted: true });
	const order = { actor, assetId: video.id, expiresInHours: 1, showsSmile: false };
	await expect(createShare(deps, order)).rejects.toMatchObject({ code: 'processing_restricted' });
	expect(await storedShares(deps, actor.accountId)).toEqual([]);
});

test('so many links to one asset are open at most, and one that ended makes room', async () => {
	const smile = await givenSmile();
	const { deps, actor } = smile;
	const nowMs = deps.now().getTime();
	const { id } = await givenShare(smile);
	const [row] = await storedShares(deps, actor.accountId);
	await deps.db.batch([
		deps.db.insert(shares).values({ ...row!, id: 'shr_1', tokenHash: '1', revokedAtMs: nowMs }),
		...Array.from({ length: SHARE_LIMITS.openMax - 1 }, (_, at) =>
			deps.db.insert(shares).values({ ...row!, id: `shr_x${at}`, tokenHash: `x${at}` }),
		),
	]);
	await expect(givenShare(smile)).rejects.toMatchObject({ code: 'conflict' });
	await revokeShare(deps, { actor, shareId: id });
	await givenShare(smile);
	expect(await storedShares(deps, actor.accountId)).toHaveLength(SHARE_LIMITS.openMax + 2);
});

type Given = Awaited<ReturnType<typeof givenSmile>>;
const ENDS: [string, (given: Given, shareId: string) => Promise<unknown>, string][] = [
	['revoked', ({ deps, actor }, shareId) => revokeShare(deps, { actor, shareId }), 'revoked'],
	['past its end', async ({ deps }) => deps.clock.advance({ hours: 24 }), 'ended'],
	['without its asset', ({ deps, actor, video }) => deleteAsset(deps, { actor, assetId: video.id }), 'deleted'],
	[
		'without its consent',
		({ deps, actor, upload }) => revokeConsent(deps, { actor, consentId: upload.consentId! }),
		'consent_ended',
	],
	[
		'under a narrowed consent',
		({ deps, actor, upload }) => narrowConsent(deps, { actor, consentId: upload.consentId!, channels: ['room'] }),
		'consent_ended',
	],
	[
		'under a consent past its end',
		({ deps, upload }) =>
			deps.db.update(consents).set({ expiresAtMs: deps.now().getTime() }).where(eq(consents.id, upload.consentId!)),
		'consent_ended',
	],
	[
		'of a patient who is restricted',
		({ deps, actor, upload }) =>
			restrictSubject(deps, { actor, whence: WHENCE, subjectId: upload.subjectId!, isRestricted: true }),
		'paused',
	],
	[
		'of an account that is restricted',
		({ deps, actor }) => restrictAccount(deps, { actor, whence: WHENCE, isRestricted: true }),
		'paused',
	],
	[
		'of a patient who is being erased',
		({ deps, actor, upload }) => eraseSubject(deps, { actor, whence: WHENCE, subjectId: upload.subjectId! }),
		'deleted',
	],
	[
		'of an account that is being erased',
		({ deps, actor: { accountId } }) => requestErasure(deps, { kind: 'account', targetId: accountId, accountId }),
		'deleted',
	],
];

test.each(ENDS)('a link that is %s shows nothing from that moment on, and says why', async (_what, end, reason) => {
	const smile = await givenSmile();
	const { id, token } = await givenShare(smile, { passcode: '123456' });
	expect(await opening(smile.deps, token, { passcode: '123456' })).toMatchObject({ state: 'open' });
	await end(smile, id);
	// Before any message is handled and any sweep has run, with the right passcode and without.
	for (const passcode of ['123456', 'wrong']) {
		await expect(opening(smile.deps, token, { passcode })).rejects.toMatchObject({ code: 'gone', details: { reason } });
	}
	expect((await storedShares(smile.deps, smile.actor.accountId))[0]?.views).toBe(1);
});

test('a restriction that is lifted lets the link go on', async () => {
	const smile = await givenSmile();
	const { deps, actor, upload } = smile;
	const { token } = await givenShare(smile);
	const restriction = { actor, whence: WHENCE, subjectId: upload.subjectId! };
	await restrictSubject(deps, { ...restriction, isRestricted: true });
	await restrictSubject(deps, { ...restriction, isRestricted: false });
	expect(await opening(deps, token)).toMatchObject({ state: 'open' });
});

test('ending a link twice answers the same moment', async () => {
	const smile = await givenSmile();
	const { deps, actor } = smile;
	const { id } = await givenShare(smile);
	const first = await revokeShare(deps, { actor, shareId: id });
	deps.clock.advance({ minutes: 1 });
	expect(await revokeShare(deps, { actor, shareId: id })).toEqual(first);
});

test('of a whole smile, what the gate keeps back is left out', async () => {
	const smile = await givenSmile();
	const { deps, after } = smile;
	const { token } = await givenShare(smile, { showsSmile: true });
	await deps.db.update(assets).set({ state: 'deleting' }).where(eq(assets.id, after.id));
	expect(await opening(deps, token)).toMatchObject({ items: [{ kind: 'video' }] });
});

test('an erasure of the patient takes links and noted copies with it, and leaves the account', async () => {
	const smile = await givenSmile();
	const { deps, actor, upload, video } = smile;
	await givenShare(smile);
	await notePosting(deps, { actor, assetId: video.id, place: 'website', address: 'Ours', postedAtMs: 0 });
	const { erasureId } = await eraseSubject(deps, { actor, whence: WHENCE, subjectId: upload.subjectId! });
	await untilErased(deps, erasureId);
	expect(await storedShares(deps, actor.accountId)).toEqual([]);
	expect(await deps.db.select().from(postings).where(eq(postings.accountId, actor.accountId))).toEqual([]);
	expect(await deps.db.select().from(accounts).where(eq(accounts.id, actor.accountId))).toHaveLength(1);
});

test('the sweep removes a link thirty days after its end, and none before', async () => {
	const smile = await givenSmile();
	const { deps, actor } = smile;
	const { token } = await givenShare(smile, { expiresInHours: 1 });
	const endMs = deps.now().getTime() + 3_600_000;
	const dueMs = endMs + 30 * 86_400_000;
	deps.clock.set(new Date(dueMs));
	await sweepShares(deps, { dueMs: dueMs - 1 });
	await expect(opening(deps, token)).rejects.toMatchObject({ code: 'gone' });
	await sweepShares(deps, { dueMs });
	await expect(opening(deps, token)).rejects.toMatchObject({ code: 'not_found' });
	expect(await storedShares(deps, actor.accountId)).toEqual([]);
});
