import { expect, test } from 'vitest';

import { action as signConsent, loader as openConsent } from '../../../app/routes/smiles.new.consent';
import { action as namePatient, loader as openPatient } from '../../../app/routes/smiles.new._index';
import { loader as openPhoto } from '../../../app/routes/smiles.new.photo';
import { loader as openHome } from '../../../app/routes/smiles._index';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';
import { answered, givenConsent } from './answers';

const UNSIGNED = {
	description: 'One photo',
	discloser: 'Hollis Street Dental',
	recipient: 'Dental Diffusion',
	purposes: 'show_in_room',
	expiresOn: '2027-11-21',
	signerRole: 'patient',
};
const SIGNED = {
	...UNSIGNED,
	signerName: 'Jo Keller',
	toldOfRevocation: 'on',
	toldTreatmentNotConditioned: 'on',
	toldOfRedisclosure: 'on',
};
const CONSENT_PATH = '/smiles/new/consent?subject=sub_1';

const account = () => json({ jurisdiction: 'UK', isJurisdictionChosen: true });
const stranger = () => refusal(401, 'not_signed_in', 'Sign in first.');

test('every page behind sign-in leads there and back', async () => {
	const { context } = givenApi({
		'GET /v1/renders': stranger,
		'GET /v1/session': () => json({ signedIn: false }),
		'GET /v1/account': stranger,
		'GET /v1/consents': stranger,
		'GET /v1/consents/cns_1': stranger,
	});
	const pages = [
		{ loader: openHome, path: '/smiles' },
		{ loader: openPatient, path: '/smiles/new' },
		{ loader: openConsent, path: CONSENT_PATH },
		{ loader: openPhoto, path: '/smiles/new/photo?consent=cns_1' },
	];
	for (const { loader, path } of pages) {
		const response = await responseOf(loader({ request: get(path), context, params: {} }));
		expect(response.status).toBe(302);
		expect(response.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
	}
});

test('the smile pages are not there in a studio without the tool', async () => {
	const { context, called } = givenApi({}, 'image');
	const response = await responseOf(openHome({ request: get('/smiles'), context, params: {} }));
	expect(response.status).toBe(404);
	expect(called).toEqual([]);
});

test('a name, a birthday and an empty reference are refused before the api is asked', async () => {
	const { context, called } = givenApi({});
	for (const reference of ['', '   ', 'Maria Keller', 'Keller, Maria', '4.5.1988', 'x'.repeat(41)]) {
		const request = post('/smiles/new', { reference });
		const { data, status } = answered(await namePatient({ request, context, params: {} }));
		expect({ status, reference: data['reference'] }).toEqual({ status: 400, reference });
		expect(data['error']).toMatch(/reference|number/);
	}
	expect(called).toEqual([]);
});

test('a reference becomes a patient, and only the id stands in the next address', async () => {
	const { context, called } = givenApi({ 'POST /v1/subjects': () => json({ id: 'sub_9', reference: 'M-2041' }, 201) });
	const request = post('/smiles/new', { reference: ' M-2041 ' });
	const response = await responseOf(namePatient({ request, context, params: {} }));
	expect(response.headers.get('location')).toBe('/smiles/new/consent?subject=sub_9');
	expect(called.map(({ body }) => body)).toEqual([{ reference: 'M-2041' }]);
});

test('a running consent is offered, unless another is asked for', async () => {
	const items = [givenConsent({ id: 'cns_0', state: 'revoked' }), givenConsent()];
	const { context } = givenApi({
		'GET /v1/account': account,
		'GET /v1/consents': () => json({ subject: { id: 'sub_1', reference: 'M-2041' }, items }),
	});
	const open = (path: string) => openConsent({ request: get(path), context, params: {} });
	expect(await open(CONSENT_PATH)).toMatchObject({ reference: 'M-2041', signed: { id: 'cns_1' } });
	expect(await open(`${CONSENT_PATH}&sign=new`)).toMatchObject({ reference: 'M-2041', signed: null });
});

test('a consent with everything leads to the photo, and the signature carries its date', async () => {
	const { context, called } = givenApi({ 'POST /v1/consents': () => json(givenConsent({ id: 'cns_7' }), 201) });
	const response = await responseOf(signConsent({ request: post(CONSENT_PATH, SIGNED), context, params: {} }));
	expect(response.headers.get('location')).toBe('/smiles/new/photo?consent=cns_7');
	expect(called[0]?.body).toMatchObject({
		subjectId: 'sub_1',
		purposes: ['show_in_room'],
		expiresAt: '2027-11-21T23:59:59.000Z',
		signerName: 'Jo Keller',
		signedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
		toldOfRedisclosure: true,
	});
});

test('what is missing is shown in place and nothing typed is lost', async () => {
	const missing = [
		{ element: 'signerName', sentence: 'The signer writes their name.' },
		{ element: 'signedAt', sentence: 'The signature needs its date.' },
	];
	const { context, called } = givenApi({
		'POST /v1/consents': () => json(givenConsent({ state: 'draft', missing }), 201),
	});
	const request = post(CONSENT_PATH, UNSIGNED);
	const { data, status } = answered(await signConsent({ request, context, params: {} }));
	expect(status).toBe(422);
	expect(data).toMatchObject({ missing: [missing[0]], draft: { description: 'One photo', expiresOn: '2027-11-21' } });
	expect(called[0]?.body).not.toHaveProperty('signedAt');
	expect(called[0]?.body).not.toHaveProperty('signerName');
});

test('an end date the api refuses is said beside the form with what was typed', async () => {
	const sentence = 'The end date is past. Choose one that lies ahead.';
	const { context } = givenApi({ 'POST /v1/consents': () => refusal(400, 'invalid_input', sentence) });
	const request = post(CONSENT_PATH, { ...SIGNED, expiresOn: '2020-01-01' });
	const { data, status } = answered(await signConsent({ request, context, params: {} }));
	expect(status).toBe(400);
	expect(data).toMatchObject({ error: sentence, draft: { signerName: 'Jo Keller' } });
});

test('a step without its id starts again at the patient', async () => {
	const { context, called } = givenApi({});
	for (const loader of [openConsent, openPhoto]) {
		const response = await responseOf(loader({ request: get('/smiles/new/x'), context, params: {} }));
		expect(response.headers.get('location')).toBe('/smiles/new');
	}
	expect(called).toEqual([]);
});
