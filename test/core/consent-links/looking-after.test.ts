import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { mails } from '../../../schema/mail';
import { uploads } from '../../../schema/uploads';
import { createLink } from '../../../workers/core/consent-links/create-link';
import { endLink } from '../../../workers/core/consent-links/end-link';
import { narrowByLink } from '../../../workers/core/consent-links/narrow-by-link';
import { openLink } from '../../../workers/core/consent-links/open-link';
import { revokeByLink } from '../../../workers/core/consent-links/revoke-by-link';
import { sendCopy } from '../../../workers/core/consent-links/send-copy';
import { LINKED_MEDIA_MINUTES } from '../../../workers/core/consent-links/what-exists';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { placeHold } from '../../../workers/core/erasure/legal-holds';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { verifyGet } from '../../../workers/core/media/sign-url';
import { notePosting } from '../../../workers/core/postings/note-posting';
import { restrictAccount, restrictSubject } from '../../../workers/core/restriction/restrict-account';
import { sweep } from '../../../workers/core/retention/sweep';
import { WHENCE } from '../../support/given-invitation';
import { givenShare, givenSmile } from '../shares/given-share';
import { deliver, type RenderWorld } from '../../support/render-world';
import { givenLink, holding, sign, signed, stored } from './link-world';

const DAY_MS = 86_400_000;

/** A patient's smile under a consent that the practice recorded, and their link to it. */
async function givenLinkedSmile() {
	const smile = await givenSmile();
	const { deps, actor, upload } = smile;
	const consent = { id: upload.consentId ?? '', subjectId: upload.subjectId ?? '' };
	const { id: linkId, url } = await createLink(deps, { actor, whence: WHENCE, consentId: consent.id });
	return { ...smile, consent, linkId, token: url.split('/p/')[1] ?? '' };
}
type LinkedSmile = Awaited<ReturnType<typeof givenLinkedSmile>>;

function storedOf({ deps, actor, consent }: LinkedSmile) {
	return stored(deps, { actor, consent });
}

test('a signed consent’s link shows what exists, by addresses of two minutes, and names neither patient nor staff', async () => {
	const smile = await givenLinkedSmile();
	const { deps, actor, token, video, upload } = smile;
	await givenShare(smile, { expiresInHours: 24 });
	await givenShare(smile, { expiresInHours: 48 });
	const nowMs = deps.now().getTime();
	const view = await signed(deps, token);
	expect(view).toMatchObject({
		practice: 'Practice',
		consent: {
			state: 'active',
			signerName: 'Mara Sample',
			channels: ['room', 'download', 'share'],
			signedVia: 'staff',
		},
		isPaused: false,
		photos: [{ width: 1200, height: 1600 }],
		shares: { open: 2, until: new Date(nowMs + 2 * DAY_MS).toISOString() },
		posted: [],
		deletion: null,
	});
	const shown = Object.fromEntries(view.media.map((one) => [one.kind, one]));
	expect(shown).toMatchObject({
		after: { assetClass: 'simulation', label: 'AI visualisation, not a promise of a result' },
		video: { width: 64, height: 96 },
	});
	const [row] = await deps.db.select().from(uploads).where(eq(uploads.id, upload.id));
	expect(view.photos[0]?.deleteAt).toBe(new Date(row?.deleteAtMs ?? 0).toISOString());
	const claims = await verifyGet(deps.urlSigningKey, shown['video']?.url ?? '', 'GET', nowMs);
	expect(claims).toMatchObject({ objectKey: video.objectKey, purpose: 'view' });
	expect(claims.expiresAtMs).toBe(nowMs + LINKED_MEDIA_MINUTES * 60_000);
	const answer = JSON.stringify({ ...view, photos: [], media: [] });
	for (const hidden of [actor.userId, actor.accountId, smile.consent.id, smile.consent.subjectId]) {
		expect(answer).not.toContain(hidden);
	}
});

test('a photo’s address never outlives the photo, and past its hour it is not listed', async () => {
	const { deps, token } = await givenLinkedSmile();
	const dueMs = Date.parse((await signed(deps, token)).photos[0]?.deleteAt ?? '');
	deps.clock.set(new Date(dueMs - 30_000));
	const [photo] = (await signed(deps, token)).photos;
	expect((await verifyGet(deps.urlSigningKey, photo?.url ?? '', 'GET', deps.now().getTime())).expiresAtMs).toBe(dueMs);
	deps.clock.set(new Date(dueMs));
	expect((await signed(deps, token)).photos).toEqual([]);
});

test.each([
	[
		'the patient',
		({ deps, actor, consent }: LinkedSmile) =>
			restrictSubject(deps, { actor, whence: WHENCE, subjectId: consent.subjectId, isRestricted: true }),
	],
	[
		'the account',
		({ deps, actor }: LinkedSmile) => restrictAccount(deps, { actor, whence: WHENCE, isRestricted: true }),
	],
])('while %s is restricted no media are shown, and narrowing and revoking go on', async (_what, restrict) => {
	const smile = await givenLinkedSmile();
	const { deps, token } = smile;
	await givenShare(smile);
	await restrict(smile);
	const view = await signed(deps, token);
	expect(view).toMatchObject({ isPaused: true, shares: { open: 0, until: null } });
	expect([...view.photos, ...view.media].map(({ url }) => url)).toEqual([null, null, null]);
	expect(await narrowByLink(deps, { holder: holding(token), channels: ['room'] })).toMatchObject({
		channels: ['room'],
	});
	expect(await revokeByLink(deps, { holder: holding(token) })).toMatchObject({ photosBeingDeleted: 1 });
});

test('an account that is being erased keeps no patient from revoking', async () => {
	const { deps, actor, token } = await givenLinkedSmile();
	const { accountId } = actor;
	await requestErasure(deps, { kind: 'account', targetId: accountId, accountId });
	const view = await signed(deps, token);
	expect(view).toMatchObject({ consent: { state: 'active' }, photos: [], media: [] });
	expect(await revokeByLink(deps, { holder: holding(token) })).toMatchObject({ revokedAt: deps.now().toISOString() });
});

test('the patient takes uses away, nothing is ever added, and twice answers the same', async () => {
	const smile = await givenLinkedSmile();
	const { deps, token } = smile;
	await givenShare(smile);
	const nowIso = deps.now().toISOString();
	const holder = holding(token);
	expect(await narrowByLink(deps, { holder, channels: ['room', 'download'] })).toEqual({
		channels: ['room', 'download'],
		narrowedAt: nowIso,
	});
	expect((await signed(deps, token)).shares).toEqual({ open: 0, until: null });
	const before = await storedOf(smile);
	deps.clock.advance({ minutes: 1 });
	expect(await narrowByLink(deps, { holder, channels: ['download', 'room'] })).toMatchObject({ narrowedAt: nowIso });
	for (const channels of [['room', 'share'], []] as const) {
		await expect(narrowByLink(deps, { holder, channels })).rejects.toMatchObject({ code: 'invalid_input' });
	}
	expect(await storedOf(smile)).toEqual(before);
	expect(before.audit.filter(({ action }) => action === 'consent.narrowed')).toMatchObject([
		{ userId: 'patient by link', network: null, facts: { to: 'room, download', linkId: smile.linkId } },
	]);
});

test('a patient revokes by their link without an account, sees the deletion step by step, and gets its receipt', async () => {
	const smile = await givenLinkedSmile();
	const { deps, actor, token, video } = smile;
	await givenShare(smile);
	await notePosting(deps, {
		actor,
		assetId: video.id,
		place: 'instagram',
		address: 'https://instagram.test/1',
		postedAtMs: deps.now().getTime(),
	});
	const revokedAt = deps.now();
	const holder = holding(token);
	expect(await revokeByLink(deps, { holder })).toEqual({
		revokedAt: revokedAt.toISOString(),
		photosBeingDeleted: 1,
		madeBeingDeleted: 2,
		kept: [{ what: 'the signed consent, without any picture', why: 'it proves what was allowed until then' }],
		linkExpiresAt: new Date(revokedAt.getTime() + 90 * DAY_MS).toISOString(),
	});
	const view = await signed(deps, token);
	expect(view).toMatchObject({
		consent: { state: 'revoked', channels: [], channelsSigned: ['room', 'download', 'share'] },
		photos: [],
		media: [],
		shares: { open: 0 },
		posted: [{ place: 'instagram', state: 'due', removedAt: null }],
		deletion: { photosLeft: 1, picturesLeft: 2, linksEnded: 1, postedLeft: 1, receipt: null },
	});
	expect(view.posted[0]).not.toHaveProperty('address');

	await untilReceipt(deps, token);
	const { deletion } = await signed(deps, token);
	expect(deletion).toMatchObject({
		photosLeft: 0,
		picturesLeft: 0,
		processorCopiesLeft: 0,
		linksEnded: 1,
		postedLeft: 1,
	});
	expect(JSON.parse(deletion?.receipt?.body ?? '{}')).toMatchObject({
		kind: 'consent_revoked',
		objectId: smile.consent.id,
	});
});

/** The queue, and a sweep now and then, until the revocation is certified. */
async function untilReceipt(deps: RenderWorld, token: string): Promise<void> {
	for (let tries = 0; tries < 4; tries += 1) {
		await deliver(deps);
		if ((await signed(deps, token)).deletion?.receipt !== null) return;
		// As long as a photo's address is open; revocations are looked at in every fifth minute.
		deps.clock.advance({ minutes: 15 });
		await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	}
	throw new Error('no receipt came within an hour');
}

test('revoking twice answers the same and leaves one entry', async () => {
	const smile = await givenLinkedSmile();
	const { deps, token } = smile;
	const first = await revokeByLink(deps, { holder: holding(token) });
	const before = await storedOf(smile);
	deps.clock.advance({ minutes: 5 });
	expect(await revokeByLink(deps, { holder: holding(token) })).toEqual(first);
	const after = await storedOf(smile);
	expect(after).toEqual(before);
	expect(after.audit.filter(({ action }) => action === 'consent.revoked')).toMatchObject([
		{ userId: 'patient by link', targetId: smile.consent.id },
	]);
});

test('what the practice revoked is shown as revoked, and the record does not say that the patient did', async () => {
	const smile = await givenLinkedSmile();
	const { deps, actor, token, consent } = smile;
	await revokeConsent(deps, { actor, consentId: consent.id });
	expect(await signed(deps, token)).toMatchObject({ consent: { state: 'revoked' }, deletion: { photosLeft: 1 } });
	await revokeByLink(deps, { holder: holding(token) });
	const { audit } = await storedOf(smile);
	expect(audit.filter(({ action }) => action === 'consent.revoked')).toEqual([]);
});

test('under a legal hold revoking says what is kept and why, and not for which matter', async () => {
	const { deps, token, consent } = await givenLinkedSmile();
	await placeHold(deps, { whence: WHENCE, targetId: consent.subjectId, matter: 'M-2041' });
	const { kept } = await revokeByLink(deps, { holder: holding(token) });
	expect(kept).toHaveLength(2);
	expect(kept[1]?.why).toBe('the law orders them kept for now; they are deleted when that ends');
	const view = await signed(deps, token);
	expect(view.deletion?.kept).toEqual(kept);
	expect(JSON.stringify(view)).not.toContain('M-2041');
});

test('past its end a consent is shown as expired, and can still be revoked', async () => {
	const { deps, token, consent } = await givenLinkedSmile();
	await deps.db.update(consents).set({ expiresAtMs: deps.now().getTime() }).where(eq(consents.id, consent.id));
	expect(await signed(deps, token)).toMatchObject({ consent: { state: 'expired', channels: [] }, media: [{}, {}] });
	await expect(narrowByLink(deps, { holder: holding(token), channels: ['room'] })).rejects.toMatchObject({
		code: 'conflict',
	});
	await revokeByLink(deps, { holder: holding(token) });
	expect((await signed(deps, token)).consent.state).toBe('revoked');
});

test('before it is signed there is nothing to narrow, to revoke or to copy', async () => {
	const given = await givenLink();
	const { deps, token } = given;
	const holder = holding(token);
	const before = await stored(deps, given);
	await expect(narrowByLink(deps, { holder, channels: ['room'] })).rejects.toMatchObject({ code: 'conflict' });
	await expect(revokeByLink(deps, { holder })).rejects.toMatchObject({ code: 'conflict' });
	await expect(sendCopy(deps, { holder, email: 'mara@home.test' })).rejects.toMatchObject({ code: 'conflict' });
	expect(await stored(deps, given)).toEqual(before);
	expect(await deps.db.select().from(mails)).toEqual([]);
});

test.each([
	['ended', 'ended', ({ deps, actor, linkId }: LinkedSmile) => endLink(deps, { actor, whence: WHENCE, linkId })],
	['over', 'over', async ({ deps }: LinkedSmile) => deps.clock.advance({ hours: 24 * 600 })],
])('a link that is %s does nothing more', async (_what, reason, end) => {
	const smile = await givenLinkedSmile();
	const { deps, token } = smile;
	const holder = holding(token);
	await end(smile);
	const before = await storedOf(smile);
	const gone = { code: 'gone', details: { reason } };
	await expect(openLink(deps, holder)).rejects.toMatchObject(gone);
	await expect(narrowByLink(deps, { holder, channels: ['room'] })).rejects.toMatchObject(gone);
	await expect(revokeByLink(deps, { holder })).rejects.toMatchObject(gone);
	await expect(sendCopy(deps, { holder, email: 'mara@home.test' })).rejects.toMatchObject(gone);
	expect(await storedOf(smile)).toEqual(before);
});

test('the token of one consent reaches no other', async () => {
	const smile = await givenLinkedSmile();
	const other = await givenLink({ deps: smile.deps, actor: smile.actor });
	await sign(smile.deps, other.token);
	const before = await storedOf(smile);
	await narrowByLink(smile.deps, { holder: holding(other.token), channels: ['room'] });
	await revokeByLink(smile.deps, { holder: holding(other.token) });
	const after = await storedOf(smile);
	expect(after.consent).toEqual(before.consent);
	expect(after.links).toEqual(before.links);
	expect(await signed(smile.deps, other.token)).toMatchObject({ photos: [], media: [] });
});

test('a copy has the signed words, goes to an address that is kept nowhere else, and three a day are the most', async () => {
	const { deps, token } = await givenLink();
	await sign(deps, token, { channels: ['room'] });
	const copy = { holder: holding(token), email: 'mara@home.test' };
	await sendCopy(deps, copy);
	const [row] = await deps.db.select().from(mails);
	expect(row).toMatchObject({ kind: 'consent_copy', mailClass: 'transactional', userId: null });
	const mail = await openMail(deps.mailKey, row?.id ?? '', row?.sealed ?? '');
	expect(mail).toMatchObject({
		to: 'mara@home.test',
		practice: 'Practice',
		signerName: 'Mara Sample',
		isOnOurPage: true,
	});
	const words = JSON.stringify(mail);
	expect(words).toContain('No link to it may be made.');
	expect(words).not.toContain(token);
	await sendCopy(deps, copy);
	await sendCopy(deps, copy);
	await expect(sendCopy(deps, copy)).rejects.toMatchObject({ code: 'too_many_requests' });
	expect(await deps.db.select().from(mails)).toHaveLength(3);
	deps.clock.advance({ hours: 24 });
	await sendCopy(deps, copy);
});
