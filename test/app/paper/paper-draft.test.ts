import { expect, test } from 'vitest';

import { emptyPaper, paperOf, recordOf, ROWS, wrongOf } from '../../../app/paper/paper-draft';
import { preparePaper } from '../../../app/paper/prepare-paper';
import { refusalFor } from '../../../app/paper/use-paper';
import { PaperRecord } from '../../../workers/api/contract/papers';
import { CONSENT_ELEMENTS } from '../../../workers/core/consents/consent-elements';

function formOf(fields: Readonly<Record<string, string | readonly string[]>>): FormData {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
	return form;
}

const WRITTEN = {
	description: 'One photo of the face',
	discloser: 'Hollis Street Dental',
	recipient: 'Dental Diffusion and fal.ai',
	purposes: ['show_in_room', 'website'],
	expiresOn: '2027-11-21',
	signerRole: 'patient',
	signerName: 'Jo Keller',
	signedOn: '2026-11-20',
	checked: CONSENT_ELEMENTS.filter((element) => element !== 'representativeAuthority'),
};

test('every element of an authorization has its row, each once', () => {
	expect(ROWS.map(({ element }) => element).toSorted()).toEqual([...CONSENT_ELEMENTS].toSorted());
});

test('what was typed and ticked is what the api is asked to record', () => {
	const order = recordOf(paperOf(formOf(WRITTEN)));
	expect(PaperRecord.parse(order)).toMatchObject({
		description: 'One photo of the face',
		purposes: ['show_in_room', 'website'],
		expiresAt: '2027-11-21T23:59:59.000Z',
		signedAt: '2026-11-20T12:00:00.000Z',
		signerRole: 'patient',
		toldOfRevocation: true,
		toldTreatmentNotConditioned: true,
		toldOfRedisclosure: true,
		checked: expect.arrayContaining(['signerName', 'toldOfRedisclosure']),
	});
	expect(order).not.toHaveProperty('subjectId');
	expect(order).not.toHaveProperty('representativeAuthority');
});

test('a statement that was not seen was not told, and a date that is not written is not made up', () => {
	const checked = WRITTEN.checked.filter((element) => element !== 'toldOfRevocation');
	const order = recordOf(paperOf(formOf({ ...WRITTEN, checked, signedOn: '', expiresOn: '2027-02-31x' })));
	expect(order).toMatchObject({ toldOfRevocation: false, toldOfRedisclosure: true });
	expect(order).not.toHaveProperty('signedAt');
	expect(order).not.toHaveProperty('expiresAt');
	expect(recordOf(paperOf(formOf({ ...WRITTEN, signedOn: '2026-13-40' })))).not.toHaveProperty('signedAt');
});

test('nothing is filled in and nothing ticked beforehand but the practice’s name', () => {
	const { words, signedOn, checked } = emptyPaper('Hollis Street Dental');
	expect({ signedOn, checked }).toEqual({ signedOn: '', checked: [] });
	expect(words).toMatchObject({ discloser: 'Hollis Street Dental', description: '', recipient: '', purposes: [] });
	expect(words).toMatchObject({ expiresOn: '', signerName: '', toldOfRevocation: false });
});

test('each refused element says what is wrong with it', () => {
	const missing = [
		{ element: 'signerName', sentence: 'The signer writes their name.' },
		{ element: 'signedAt', sentence: 'The signature needs its date.' },
	];
	const refusal = { message: 'Refused.', fields: ['signerName', 'signedAt'], isUnseen: false };
	expect(wrongOf(refusal, missing)).toEqual({
		signerName: 'The signer writes their name.',
		signedAt: 'The signature needs its date.',
	});
	expect(wrongOf({ ...refusal, fields: ['expiresAt'] }, missing)).toEqual({ expiresAt: 'Refused.' });
	expect(wrongOf({ ...refusal, isUnseen: true }, missing)['signedAt']).toContain('Not ticked');
});

test('a PDF is sent as it is, a larger one refused, and a picture drawn anew', async () => {
	const pdf = new Blob(['%PDF-1.7\nand more']);
	const sent = await preparePaper(pdf);
	expect(sent.ok && [sent.blob.type, await sent.blob.text()]).toEqual(['application/pdf', '%PDF-1.7\nand more']);
	const large = new Blob(['%PDF-1.7\n', new Uint8Array(10 * 1024 * 1024)]);
	expect(await preparePaper(large)).toMatchObject({ ok: false, refusal: { heading: 'This PDF is too large' } });
	const drawn = new Blob(['drawn'], { type: 'image/jpeg' });
	const photo = { blob: drawn, width: 300, height: 400, done: [] };
	const picture = new Blob([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)]);
	expect(await preparePaper(picture, () => Promise.resolve({ ok: true, photo }))).toEqual({ ok: true, blob: drawn });
});

test('a paper that did not arrive says why and what became of it', () => {
	expect(refusalFor({ at: 'put', answer: null }).sentence).toContain('choose it again');
	const answer = { status: 400, code: 'invalid_input', sentence: 'This PDF is locked. Photograph the paper.' };
	expect(refusalFor({ at: 'put', answer }).sentence).toBe(
		'This PDF is locked. Photograph the paper. Nothing of it was kept.',
	);
	expect(refusalFor({ at: 'ask', answer }).sentence).toBe(answer.sentence);
});
