import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { consents } from '../../../schema/consents';
import { fileStatements } from '../../../schema/provenance';
import { assets } from '../../../schema/renders';
import { STUDIOS } from '../../../studios/all';
import { deleteAsset } from '../../../workers/core/assets/delete-asset';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { eraseSubject } from '../../../workers/core/erasure/erase-subject';
import { type FileStatement, isStatementSigned } from '../../../workers/core/provenance/file-statement';
import { lookUpFile } from '../../../workers/core/provenance/look-up-file';
import { importStatementKey } from '../../../workers/core/provenance/provenance-keys';
import { readFileFacts } from '../../../workers/core/provenance/read-file-facts';
import { stateFile } from '../../../workers/core/provenance/state-file';
import { restrictAccount, restrictSubject } from '../../../workers/core/restriction/restrict-account';
import { givenAccount } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { untilErased } from '../erasure/erasure-world';
import { givenFile, randomHash } from './given-file';

type World = Awaited<ReturnType<typeof givenFile>>;

function stored({ deps, actor }: Pick<World, 'deps' | 'actor'>) {
	return deps.db.select().from(fileStatements).where(eq(fileStatements.accountId, actor.accountId));
}

function lookUp({ deps, file }: Pick<World, 'deps' | 'file'>) {
	return lookUpFile(deps, { fileHash: file.fileHash, network: null });
}

test('a poster’s statement says class, label, origin, tools and practice, is signed, and is found by the file’s hash alone', async () => {
	const world = await givenFile();
	const { deps, actor, file, renderId, upload } = world;
	const statement = await stateFile(deps, file);
	const key = await importStatementKey(deps);
	expect(statement.body).toEqual({
		version: 'afterglow-statement/1',
		statementId: expect.stringMatching(/^fst_/),
		fileHash: file.fileHash,
		contentType: 'image/png',
		byteLength: 48_213,
		kind: 'still',
		class: 'simulation',
		label: 'AI visualisation, not a promise of a result',
		digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
		tools: [{ processor: 'fal.ai', model: 'fal-ai/nano-banana-2/edit' }],
		madeBy: 'Practice',
		studio: 'Dental Diffusion',
		statedAt: '2026-11-21T12:00:00.000Z',
		keyId: key.keyId,
		publicKey: key.publicKey,
	});
	expect(await isStatementSigned(statement, [key.publicKey])).toBe(true);
	expect(await stored(world)).toMatchObject([
		{
			id: statement.body.statementId,
			subjectId: upload.subjectId,
			renderId,
			fileHash: file.fileHash,
			createdBy: actor.userId,
		},
	]);
	expect(await lookUp(world)).toEqual([statement]);
	expect(await lookUpFile(deps, { fileHash: randomHash(), network: null })).toEqual([]);
});

test('a statement holds no patient and no person: no reference, no id of one, no order', async () => {
	const world = await givenFile();
	const { deps, actor, file, renderId, upload } = world;
	const text = JSON.stringify(await stateFile(deps, file));
	for (const secret of [upload.subjectId, upload.consentId, actor.userId, actor.accountId, renderId, 'Mara']) {
		expect(text).not.toContain(secret);
	}
	expect(upload.subjectId).toMatch(/^sub_/);
});

test('where an account is a person, a statement names nobody', async () => {
	const { deps, file } = await givenFile();
	const { tenancy } = STUDIOS.image;
	const { body } = await stateFile({ ...deps, studio: { ...deps.studio, tenancy } }, file);
	expect(body.madeBy).toBeNull();
});

test('a film by AI is made by AI, and a real pair is photos put together without it', async () => {
	const { deps, file, actor, renderId, after, video } = await givenFile();
	expect((await stateFile(deps, { ...file, kind: 'video', fileHash: randomHash() })).body).toMatchObject({
		digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
		tools: [{ model: 'fal-ai/nano-banana-2/edit' }, { model: 'fal-ai/pixverse/v6/transition' }],
	});
	await deps.db.update(assets).set({ assetClass: 'genuine_pair' }).where(eq(assets.id, after.id));
	await deps.db.update(accounts).set({ jurisdiction: 'US-TX' }).where(eq(accounts.id, actor.accountId));
	expect((await readFileFacts(deps, { actor, renderId, kind: 'pair' })).facts).toMatchObject({
		class: 'genuine_pair',
		label: 'Actual patient. Individual results vary.',
		digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture',
		tools: [],
	});
	// What was saved as a pair speaks for itself; of inputs that nobody noted it is the strictest.
	await deps.db.update(assets).set({ kind: 'pair', assetClass: 'composition' }).where(eq(assets.id, video.id));
	expect((await readFileFacts(deps, { actor, renderId, kind: 'pair' })).facts.class).toBe('simulation');
	expect((await readFileFacts(deps, { actor, renderId, kind: 'reel' })).facts.class).toBe('genuine_pair');
	await deps.db.update(assets).set({ state: 'deleted' }).where(eq(assets.id, after.id));
	expect((await readFileFacts(deps, { actor, renderId, kind: 'reel' })).facts.class).toBe('simulation');
});

test('the same file again answers what was stated first, also when two tabs export it at once', async () => {
	const world = await givenFile();
	const { deps, file } = world;
	const both = await Promise.all([stateFile(deps, file), stateFile(deps, file)]);
	deps.clock.advance({ hours: 1 });
	const again = await stateFile(deps, file);
	expect(both).toEqual([again, again]);
	expect(await stored(world)).toHaveLength(1);
});

test.each<[string, (world: World) => Promise<unknown>, object]>([
	[
		'whose consent is revoked',
		({ deps, actor, upload }) => revokeConsent(deps, { actor, consentId: upload.consentId ?? '' }),
		{ code: 'not_found' },
	],
	[
		'whose consent covers the room alone',
		({ deps, upload }) =>
			deps.db
				.update(consents)
				.set({ channels: ['room'] })
				.where(eq(consents.id, upload.consentId ?? '')),
		{ code: 'publish_refused', details: { rule: 'consent-channel', source: '45 CFR 164.508(c)(1)(iv)' } },
	],
	[
		'of somebody who is restricted',
		({ deps, actor, upload }) =>
			restrictSubject(deps, { actor, whence: WHENCE, subjectId: upload.subjectId ?? '', isRestricted: true }),
		{ code: 'processing_restricted' },
	],
	[
		'whose picture is deleted',
		({ deps, actor, after }) => deleteAsset(deps, { actor, assetId: after.id }),
		{ code: 'not_found' },
	],
])('nothing is stated of a file %s, and nothing is left of the try', async (_of, happens, refusal) => {
	const world = await givenFile();
	await happens(world);
	await expect(stateFile(world.deps, world.file)).rejects.toMatchObject(refusal);
	expect(await stored(world)).toEqual([]);
	expect(await lookUp(world)).toEqual([]);
});

test('nobody states anything of another practice’s order, or of one that is not', async () => {
	const world = await givenFile();
	const { deps, file } = world;
	const other = await givenAccount(deps);
	for (const wrong of [{ actor: other }, { renderId: 'rnd_none' }, { kind: 'picture' as const }]) {
		await expect(stateFile(deps, { ...file, ...wrong })).rejects.toMatchObject({ code: 'not_found' });
	}
	expect(await stored(world)).toEqual([]);
	expect(await stored({ deps, actor: other })).toEqual([]);
});

test('an account states so many files an hour, and a network looks up so many', async () => {
	const world = await givenFile();
	const { provenance, look } = world.deps.studio.rates;
	const rates = {
		...world.deps.studio.rates,
		provenance: { account: { ...provenance.account, max: 1 } },
		look: { network: { ...look.network, max: 1 } },
	};
	const deps = { ...world.deps, studio: { ...world.deps.studio, rates } };
	await stateFile(deps, world.file);
	await expect(stateFile(deps, { ...world.file, fileHash: randomHash() })).rejects.toMatchObject({
		code: 'too_many_requests',
	});
	expect(await stored(world)).toHaveLength(1);
	const { fileHash } = world.file;
	await lookUpFile(deps, { fileHash, network: '203.0.113.0/24' });
	await expect(lookUpFile(deps, { fileHash, network: '203.0.113.0/24' })).rejects.toMatchObject({
		code: 'too_many_requests',
	});
});

test('while a practice or patient is restricted, a look-up answers as if nothing was said', async () => {
	const world = await givenFile();
	const { deps, actor, file, upload } = world;
	await stateFile(deps, file);
	const who = { actor, whence: WHENCE };
	const subjectId = upload.subjectId ?? '';
	await restrictSubject(deps, { ...who, subjectId, isRestricted: true });
	expect(await lookUp(world)).toEqual([]);
	await restrictSubject(deps, { ...who, subjectId, isRestricted: false });
	expect(await lookUp(world)).toHaveLength(1);
	await restrictAccount(deps, { ...who, isRestricted: true });
	expect(await lookUp(world)).toEqual([]);
});

test('a changed statement, and one by a key that is not published, is seen', async () => {
	const { deps, file } = await givenFile();
	const statement = await stateFile(deps, file);
	const { publicKey } = await importStatementKey(deps);
	const other: FileStatement = { ...statement, body: { ...statement.body, class: 'genuine_pair' } };
	expect(await isStatementSigned(other, [publicKey])).toBe(false);
	const [stranger = ''] = deps.publishedKeys;
	expect(await isStatementSigned(statement, [stranger])).toBe(false);
	// Receipts are signed with another key, and a statement names its own.
	expect(await isStatementSigned({ ...statement, body: { ...statement.body, publicKey: stranger } }, [stranger])).toBe(
		false,
	);
});

test('an erased patient’s statements are gone, and found by nobody', async () => {
	const world = await givenFile();
	const { deps, actor, file, upload } = world;
	await stateFile(deps, file);
	const { erasureId } = await eraseSubject(deps, { actor, subjectId: upload.subjectId ?? '', whence: WHENCE });
	await untilErased(deps, erasureId);
	expect(await stored(world)).toEqual([]);
	expect(await lookUp(world)).toEqual([]);
});
