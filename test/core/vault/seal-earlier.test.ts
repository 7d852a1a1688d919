import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { consents, subjects } from '../../../schema/consents';
import { renders } from '../../../schema/renders';
import { createSubject } from '../../../workers/core/consents/create-subject';
import { openElements } from '../../../workers/core/consents/sealed-elements';
import { openReference } from '../../../workers/core/consents/subject-reference';
import { auditByOperator } from '../../../workers/core/operations/audit-by-operator';
import { openInput } from '../../../workers/core/renders/stored-input';
import { countUnsealed, sealEarlier } from '../../../workers/core/vault/seal-earlier';
import { isSealed } from '../../../workers/core/vault/seal-text';
import { writeTombstone } from '../../../workers/core/vault/tombstone';
import { createVault } from '../../../workers/core/vault/vault';
import { VAULT_KEY } from '../../support/deps';
import { interceptD1 } from '../../support/intercepted-d1';
import { givenRender, renderWorld } from '../../support/render-world';
import { WHENCE } from '../operations/given-operator';

const PLAIN = { description: 'A portrait', discloser: 'Practice Ada', recipient: 'fal.ai', signerName: 'Mara Sample' };

/** A patient, a consent and an order as a version wrote them that sealed nothing. */
async function givenEarlier() {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenRender(deps);
	const [subjectId, consentId] = [upload.subjectId!, upload.consentId!];
	const input = { uploadId: upload.id, treatment: 'whitening', fromShade: 'B2', toShade: 'B1' };
	const reference = `M-${subjectId.slice(4, 12)}`;
	await deps.db.update(subjects).set({ reference, referenceHash: null }).where(eq(subjects.id, subjectId));
	await deps.db.update(consents).set(PLAIN).where(eq(consents.id, consentId));
	await deps.db
		.update(renders)
		.set({ input: JSON.stringify(input) })
		.where(eq(renders.id, renderId));
	const rows = async () => {
		const [subject] = await deps.db.select().from(subjects).where(eq(subjects.id, subjectId));
		const [consent] = await deps.db.select().from(consents).where(eq(consents.id, consentId));
		const [render] = await deps.db.select().from(renders).where(eq(renders.id, renderId));
		return { subject: subject!, consent: consent!, render: render! };
	};
	return { deps, actor, subjectId, reference, input, rows };
}

/** Until nothing is left to do; other tests leave rows that nothing sealed, too. */
async function sealAll(deps: Parameters<typeof sealEarlier>[0]): Promise<void> {
	for (let sealed = -1; sealed !== 0;) ({ sealed } = await sealEarlier(deps));
}

test('rows of a version that sealed nothing are counted, sealed, and say the same afterwards', async () => {
	const { deps, actor, subjectId, reference, input, rows } = await givenEarlier();
	const counted = async () => (await auditByOperator(deps, { whence: WHENCE })).unsealed;
	expect(await counted()).toBe(3);

	await sealAll(deps);

	const { subject, consent, render } = await rows();
	const texts = [subject.reference, consent.description, consent.signerName, render.input];
	expect(texts.map((text) => isSealed(text ?? ''))).toEqual([true, true, true, true]);
	const later = { ...deps, vault: createVault(env.VAULT, { current: VAULT_KEY, before: null }) };
	expect(await openReference(later, { subjectId, reference: subject.reference })).toBe(reference);
	expect(await openElements(later, { subjectId, elements: consent })).toMatchObject(PLAIN);
	expect(await openInput(later, render)).toEqual(input);
	expect(await createSubject(later, { actor, reference })).toMatchObject({ id: subjectId });
	expect(await counted()).toBe(0);
	expect(await sealEarlier(deps)).toEqual({ sealed: 0, left: 0 });
});

test('two that seal at once leave rows that open', async () => {
	const { deps, subjectId, reference, rows } = await givenEarlier();
	const another = () => ({ ...deps, vault: createVault(env.VAULT, { current: VAULT_KEY, before: null }) });
	await Promise.all([sealAll(another()), sealAll(another())]);
	const { subject, consent } = await rows();
	expect(await openReference(another(), { subjectId, reference: subject.reference })).toBe(reference);
	expect(await openElements(another(), { subjectId, elements: consent })).toMatchObject(PLAIN);
});

test('an edit between reading and sealing stays, and is sealed by the next', async () => {
	const { deps, subjectId, reference, input, rows } = await givenEarlier();
	const { subject, consent, render } = await rows();
	const edited = { reference: `${reference}-edited`, description: 'Edited', input: { ...input, toShade: 'A1' } };
	let edits = 0;
	const d1 = interceptD1(env.DB, async ({ kind, sql }, run) => {
		if (kind === 'batch' && sql.some((text) => text.startsWith('update')) && edits === 0) {
			edits += 1;
			await deps.db.update(subjects).set({ reference: edited.reference }).where(eq(subjects.id, subject.id));
			await deps.db.update(consents).set({ description: edited.description }).where(eq(consents.id, consent.id));
			await deps.db
				.update(renders)
				.set({ input: JSON.stringify(edited.input) })
				.where(eq(renders.id, render.id));
		}
		return run();
	});

	expect(await sealEarlier({ ...deps, db: drizzle(d1) })).toEqual({ sealed: 0, left: 3 });
	expect(edits).toBe(1);
	expect(await rows()).toMatchObject({
		subject: { reference: edited.reference, referenceHash: null },
		consent: { description: edited.description, signerName: PLAIN.signerName },
		render: { input: JSON.stringify(edited.input) },
	});

	expect(await sealEarlier(deps)).toEqual({ sealed: 3, left: 0 });
	const sealed = await rows();
	expect(await openReference(deps, { subjectId, reference: sealed.subject.reference })).toBe(edited.reference);
	expect(await openElements(deps, { subjectId, elements: sealed.consent })).toMatchObject({
		...PLAIN,
		description: edited.description,
	});
	expect(await openInput(deps, sealed.render)).toEqual(edited.input);
});

test('of somebody who was erased nothing is sealed, and what is left of them is counted', async () => {
	const { deps, subjectId, reference, rows } = await givenEarlier();
	await env.VAULT.delete(`keys/${subjectId}`);
	await writeTombstone(deps, subjectId, 0);
	const later = { ...deps, vault: createVault(env.VAULT, { current: VAULT_KEY, before: null }) };
	await sealAll(later);
	expect((await rows()).subject.reference).toBe(reference);
	expect(await countUnsealed(deps)).toBe(3);
	expect(await env.VAULT.head(`keys/${subjectId}`)).toBeNull();
});
