import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents, subjects } from '../../../schema/consents';
import { renders } from '../../../schema/renders';
import { createConsent } from '../../../workers/core/consents/create-consent';
import { createSubject } from '../../../workers/core/consents/create-subject';
import { listConsents, readConsent } from '../../../workers/core/consents/read-consent';
import { openElements } from '../../../workers/core/consents/sealed-elements';
import { advanceRender } from '../../../workers/core/renders/advance-render';
import { listRenders } from '../../../workers/core/renders/list-renders';
import { loadWork } from '../../../workers/core/renders/load-work';
import { readRender } from '../../../workers/core/renders/read-render';
import { readUpload } from '../../../workers/core/uploads/read-upload';
import { destroyDataKey, keyName } from '../../../workers/core/vault/data-key';
import { writeTombstone } from '../../../workers/core/vault/tombstone';
import { createVault } from '../../../workers/core/vault/vault';
import { completeElements, givenConsent } from '../../support/given-consent';
import { freshDeps, VAULT_KEY } from '../../support/deps';
import { faultyD1, firstWrites } from '../../support/faulty-d1';
import { givenAccount } from '../../support/given';
import { givenRender, renderWorld } from '../../support/render-world';

/** Another request: it has unwrapped nothing yet. */
function anotherRequest() {
	return { vault: createVault(env.VAULT, { current: VAULT_KEY, before: null }) };
}

function subjectsOf(accountId: string) {
	return freshDeps().db.select().from(subjects).where(eq(subjects.accountId, accountId));
}

test('a reference lies sealed, under the subject’s own key, and is told as it was given', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const made = await createSubject(deps, { actor, reference: 'M-2041' });
	const [row] = await subjectsOf(actor.accountId);
	expect(made.reference).toBe('M-2041');
	expect(JSON.stringify(row)).not.toContain('2041');
	expect(await env.VAULT.head(keyName(made.id))).not.toBeNull();
	const later = { ...deps, ...anotherRequest() };
	expect((await listConsents(later, { actor, subjectId: made.id })).subject.reference).toBe('M-2041');
});

test('words and names of a consent lie sealed, and open as they were written', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const told = { signerRole: 'representative', representativeAuthority: 'the mother' } as const;
	const { id, subjectId } = await givenConsent(deps, actor, told);
	const [row] = await deps.db.select().from(consents).where(eq(consents.id, id));
	for (const words of ['Mara', 'Practice Ada', 'fal.ai', 'portrait', 'mother']) {
		expect(JSON.stringify(row)).not.toContain(words);
	}
	const { description, discloser, recipient, signerName } = completeElements(0);
	expect(await openElements(anotherRequest(), { subjectId, elements: row! })).toEqual({
		description,
		discloser,
		recipient,
		signerName,
		representativeAuthority: 'the mother',
	});
	expect(await readConsent({ ...deps, ...anotherRequest() }, { actor, consentId: id })).toMatchObject({
		state: 'active',
		missing: [],
	});
});

test('an element that was left empty is still seen to be missing', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const { id } = await givenConsent(deps, actor, { signerName: ' ' });
	const read = await readConsent(deps, { actor, consentId: id });
	expect(read.missing.map(({ element }) => element)).toEqual(['signerName']);
});

test('what was ordered lies sealed under the key of who is in the photo, and jobs can read it', async () => {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenRender(deps);
	const [row] = await deps.db.select().from(renders).where(eq(renders.id, renderId));
	expect(row!.input).not.toContain('whitening');
	const input = { uploadId: upload.id, treatment: 'whitening', fromShade: 'A3', toShade: 'A1' };
	const jobs = { ...deps, ...anotherRequest() };
	expect(await loadWork(jobs, renderId)).toMatchObject({ input });
	expect(await readRender(deps, { actor, renderId })).toMatchObject({ input });
	await destroyDataKey(deps, upload.subjectId!);
	expect(await loadWork(jobs, renderId)).toMatchObject({ input });
	expect(await loadWork({ ...deps, ...anotherRequest() }, renderId)).toMatchObject({ input: null });
});

test('of an erased patient every place says so, and what was being made of them ends', async () => {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenRender(deps);
	await destroyDataKey(deps, upload.subjectId!);
	const shown = { subjectReference: 'erased', input: { erased: true } };
	expect(await readRender(deps, { actor, renderId })).toMatchObject(shown);
	expect((await listRenders(deps, { actor, cursor: undefined, limit: 5 })).items).toMatchObject([shown]);
	expect(await readUpload(deps, { actor, uploadId: upload.id })).toMatchObject({ subjectReference: 'erased' });
	expect(await readConsent(deps, { actor, consentId: upload.consentId! })).toMatchObject({
		subjectReference: 'erased',
		state: 'active',
	});
	await advanceRender(deps, { renderId });
	expect(await readRender(deps, { actor, renderId })).toMatchObject({ state: 'failed', error: { code: 'erased' } });
	expect(deps.fal.requests).toEqual([]);
});

test('of eight that name a new patient at once all get the same one, and no key of another stays', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const ids: string[] = [];
	const newId: typeof deps.newId = (kind) => {
		ids.push(deps.newId(kind));
		return ids.at(-1)!;
	};
	const made = await Promise.all(
		Array.from({ length: 8 }, () =>
			createSubject({ ...deps, ...anotherRequest(), newId }, { actor, reference: 'M-8' }),
		),
	);
	const rows = await subjectsOf(actor.accountId);
	expect(rows).toHaveLength(1);
	expect(new Set(made.map(({ id }) => id))).toEqual(new Set([rows[0]!.id]));
	const kept = await Promise.all(ids.map(async (id) => ((await env.VAULT.head(keyName(id))) === null ? [] : [id])));
	expect(kept.flat()).toEqual([rows[0]!.id]);
});

test('a row that did not arrive after its key was made is made anew, and one whose answer was lost is found and read', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const make = (db = deps.db) => createSubject({ ...deps, ...anotherRequest(), db }, { actor, reference: 'M-9' });
	for (const fault of ['before', 'after'] as const) {
		const { db } = faultyD1(env.DB, firstWrites(fault));
		await expect(make(drizzle(db))).rejects.toThrow('insert into "subjects"');
		expect(await subjectsOf(actor.accountId)).toHaveLength(fault === 'before' ? 0 : 1);
	}
	const found = await make();
	const [row] = await subjectsOf(actor.accountId);
	expect(found.id).toBe(row!.id);
	const later = { ...deps, ...anotherRequest() };
	expect((await listConsents(later, { actor, subjectId: found.id })).subject.reference).toBe('M-9');
});

test('nothing is added to a patient who is being erased, and their reference is taken until that is done', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const { id, subjectId } = await givenConsent(deps, actor);
	const { reference } = (await listConsents(deps, { actor, subjectId })).subject;
	await writeTombstone(deps, subjectId, 0);
	await destroyDataKey(deps, subjectId);
	await deps.db.update(subjects).set({ erasedAtMs: 1 }).where(eq(subjects.id, subjectId));
	await expect(createSubject(deps, { actor, reference })).rejects.toMatchObject({ code: 'conflict' });
	const elements = completeElements(deps.now().getTime());
	await expect(createConsent(deps, { actor, subjectId, elements })).rejects.toMatchObject({ code: 'conflict' });
	expect(await deps.db.select({ id: consents.id }).from(consents).where(eq(consents.subjectId, subjectId))).toEqual([
		{ id },
	]);
});

test('what a version wrote that sealed nothing is read as it is, and its reference finds it', async () => {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenRender(deps);
	const subjectId = upload.subjectId!;
	const plain = { uploadId: upload.id, treatment: 'whitening', fromShade: 'B2', toShade: 'B1' };
	await deps.db.update(subjects).set({ reference: 'M-old', referenceHash: null }).where(eq(subjects.id, subjectId));
	await deps.db
		.update(renders)
		.set({ input: JSON.stringify(plain) })
		.where(eq(renders.id, renderId));
	expect(await readRender(deps, { actor, renderId })).toMatchObject({ subjectReference: 'M-old', input: plain });
	expect(await loadWork(deps, renderId)).toMatchObject({ input: plain });
	expect(await createSubject(deps, { actor, reference: 'M-old' })).toMatchObject({ id: subjectId });
});
