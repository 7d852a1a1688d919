import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { consents } from '../../../schema/consents';
import { assets } from '../../../schema/renders';
import { postings } from '../../../schema/shares';
import { POSTING_LIMITS, type PostingPlace } from '../../../studios/publish-rules';
import { channelsOf } from '../../../workers/core/consents/channels';
import { narrowConsent } from '../../../workers/core/consents/narrow-consent';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { deleteAsset } from '../../../workers/core/assets/delete-asset';
import { listPostings } from '../../../workers/core/postings/list-postings';
import { notePosting } from '../../../workers/core/postings/note-posting';
import { tickPosting } from '../../../workers/core/postings/tick-posting';
import { restrictSubject } from '../../../workers/core/restriction/restrict-account';
import { givenAccount } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { givenSmile, type ShareWorld } from '../shares/given-share';

const HOUR_MS = 3_600_000;
const ADDRESS = 'https://practice.example/cases/12';
const ALL = ['show_in_room', 'patient_copy', 'website', 'social_media'];

/** A real before and after whose patient let it be published, of a practice in Texas. */
async function givenPair(place: PostingPlace = 'website') {
	const smile = await givenSmile();
	const { deps, actor, upload, video } = smile;
	const consentId = upload.consentId!;
	await deps.db.update(assets).set({ assetClass: 'genuine_pair' }).where(eq(assets.id, video.id));
	await deps.db.update(accounts).set({ jurisdiction: 'US-TX' }).where(eq(accounts.id, actor.accountId));
	await deps.db
		.update(consents)
		.set({ purposes: ALL, channels: channelsOf(ALL) })
		.where(eq(consents.id, consentId));
	const postedAtMs = deps.now().getTime() - HOUR_MS;
	const posting = await notePosting(deps, { actor, assetId: video.id, place, address: ADDRESS, postedAtMs });
	return { ...smile, consentId, posting };
}

function storedPostings({ db }: ShareWorld, accountId: string) {
	return db.select().from(postings).where(eq(postings.accountId, accountId));
}

test('a copy that may stay is noted with its address sealed, and is nothing to do', async () => {
	const { deps, actor, video, renderId, upload, posting } = await givenPair();
	expect(posting).toMatchObject({
		assetId: video.id,
		renderId,
		place: 'website',
		address: ADDRESS,
		state: 'kept',
		dueAt: null,
		rule: null,
		removedAt: null,
		proof: null,
	});
	expect(posting.subjectReference).not.toBeNull();
	const [row] = await storedPostings(deps, actor.accountId);
	expect(row).toMatchObject({ subjectId: upload.subjectId, notedBy: actor.userId, proof: null });
	expect(row?.address).toMatch(/^v1\./);
	expect(await listPostings(deps, { actor, renderId })).toEqual([posting]);
});

type Pair = Awaited<ReturnType<typeof givenPair>>;
test.each<[string, (pair: Pair) => Promise<unknown>, string]>([
	[
		'revoked',
		({ deps, actor, consentId }) => revokeConsent(deps, { actor, consentId }),
		'The patient has revoked the consent.',
	],
	[
		'narrowed',
		({ deps, actor, consentId }) => narrowConsent(deps, { actor, consentId, channels: ['room', 'download', 'share'] }),
		'The consent does not cover this. Ask the patient, and record a new one.',
	],
	[
		'over',
		({ deps, consentId }) =>
			deps.db.update(consents).set({ expiresAtMs: deps.now().getTime() }).where(eq(consents.id, consentId)),
		'The consent has ended.',
	],
])(
	'once the consent is %s the copy is due within three days of that moment, then overdue',
	async (_what, end, rule) => {
		const pair = await givenPair();
		const { deps, actor } = pair;
		deps.clock.advance({ hours: 5 });
		const endedAtMs = deps.now().getTime();
		await end(pair);
		deps.clock.advance({ hours: 1 });
		const dueAt = new Date(endedAtMs + POSTING_LIMITS.removalHours * HOUR_MS).toISOString();
		expect(await listPostings(deps, { actor })).toMatchObject([{ state: 'due', dueAt, rule }]);
		deps.clock.set(new Date(endedAtMs + POSTING_LIMITS.removalHours * HOUR_MS));
		expect(await listPostings(deps, { actor })).toMatchObject([{ state: 'overdue', dueAt, rule }]);
	},
);

test('ticked with a proof it is done, and a second proof does not take the place of the first', async () => {
	const { deps, actor, consentId, posting } = await givenPair('instagram');
	await revokeConsent(deps, { actor, consentId });
	const ticked = await tickPosting(deps, { actor, postingId: posting.id, proof: 'Opened it: not found' });
	expect(ticked).toMatchObject({
		state: 'removed',
		dueAt: null,
		rule: null,
		proof: 'Opened it: not found',
		removedAt: deps.now().toISOString(),
	});
	deps.clock.advance({ hours: 1 });
	expect(await tickPosting(deps, { actor, postingId: posting.id, proof: 'Another' })).toEqual(ticked);
	const [row] = await storedPostings(deps, actor.accountId);
	expect(row).toMatchObject({ removedBy: actor.userId });
	expect(row?.proof).toMatch(/^v1\./);
});

test('a copy that never might be published is noted all the same, and due at once', async () => {
	const { deps, actor, video } = await givenSmile();
	const order = { actor, assetId: video.id, address: ADDRESS, postedAtMs: deps.now().getTime() };
	expect(await notePosting(deps, { ...order, place: 'tiktok' })).toMatchObject({
		state: 'due',
		source: 'Cal. B&P §651(b)(3)(A)',
		dueAt: new Date(deps.now().getTime() + POSTING_LIMITS.removalHours * HOUR_MS).toISOString(),
	});
});

test('a restriction makes nothing due, and a deleted asset’s copies are noted still', async () => {
	const { deps, actor, video, upload } = await givenPair();
	await restrictSubject(deps, { actor, whence: WHENCE, subjectId: upload.subjectId!, isRestricted: true });
	expect(await listPostings(deps, { actor })).toMatchObject([{ state: 'kept' }]);
	await deleteAsset(deps, { actor, assetId: video.id });
	const order = { actor, assetId: video.id, address: ADDRESS, postedAtMs: deps.now().getTime() };
	expect(await notePosting(deps, { ...order, place: 'other' })).toMatchObject({ state: 'kept', place: 'other' });
});

test('the list begins with what has to go the soonest, and ends with what is done', async () => {
	const { deps, actor, consentId, video, posting } = await givenPair();
	const order = { actor, assetId: video.id, address: ADDRESS, postedAtMs: deps.now().getTime() };
	const done = await notePosting(deps, { ...order, place: 'facebook' });
	await tickPosting(deps, { actor, postingId: done.id, proof: 'Gone' });
	await revokeConsent(deps, { actor, consentId });
	deps.clock.advance({ hours: 2 });
	const late = await notePosting(deps, { ...order, place: 'print' });
	const items = await listPostings(deps, { actor });
	expect(items.map(({ id, state }) => [id, state])).toEqual([
		[posting.id, 'due'],
		[late.id, 'due'],
		[done.id, 'removed'],
	]);
});

test('a day ahead, a stranger’s asset and one entry too many are refused, and nothing is noted', async () => {
	const { deps, actor, video, posting } = await givenPair();
	const order = { actor, assetId: video.id, place: 'website', address: ADDRESS, postedAtMs: 0 } as const;
	const stranger = await givenAccount(deps);
	const later = deps.now().getTime() + 25 * HOUR_MS;
	await expect(notePosting(deps, { ...order, postedAtMs: later })).rejects.toMatchObject({ code: 'invalid_input' });
	await expect(notePosting(deps, { ...order, actor: stranger })).rejects.toMatchObject({ code: 'not_found' });
	await expect(tickPosting(deps, { actor: stranger, postingId: posting.id, proof: 'x' })).rejects.toMatchObject({
		code: 'not_found',
	});
	expect(await listPostings(deps, { actor: stranger })).toEqual([]);
	const [row] = await storedPostings(deps, actor.accountId);
	await deps.db.batch([
		deps.db.insert(postings).values({ ...row!, id: 'pst_0' }),
		...Array.from({ length: POSTING_LIMITS.perAssetMax - 2 }, (_, at) =>
			deps.db.insert(postings).values({ ...row!, id: `pst_x${at}` }),
		),
	]);
	await expect(notePosting(deps, order)).rejects.toMatchObject({ code: 'conflict' });
	expect(await storedPostings(deps, actor.accountId)).toHaveLength(POSTING_LIMITS.perAssetMax);
});
