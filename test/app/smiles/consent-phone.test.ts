import { expect, test } from 'vitest';

import { action, loader } from '../../../app/routes/smiles.new.consent';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';
import { answered, givenConsent } from './answers';

const PATH = '/smiles/new/consent?subject=sub_1';
const PREPARED = {
	intent: 'phone',
	description: 'One photo',
	discloser: 'Hollis Street Dental',
	recipient: 'Dental Diffusion',
	purposes: 'show_in_room',
	expiresOn: '2027-11-21',
	signerRole: 'patient',
	// Typed before the phone was chosen: the patient signs there, so nothing of it counts.
	signerName: 'Jo Keller',
	toldOfRevocation: 'on',
	toldTreatmentNotConditioned: 'on',
	toldOfRedisclosure: 'on',
};
const UNSIGNED = ['signerName', 'signedAt', 'toldOfRevocation', 'toldTreatmentNotConditioned', 'toldOfRedisclosure'];
const missing = (...elements: string[]) => elements.map((element) => ({ element, sentence: `Say ${element}.` }));
const LINK = { id: 'cnl_1', url: 'https://app.example/p/token', expiresAt: '2026-11-24T14:07:00.000Z' };

const account = () => json({ jurisdiction: 'UK', isJurisdictionChosen: true });
const link = (changes: Record<string, unknown> = {}) => ({
	id: 'cnl_1',
	state: 'waiting',
	createdAt: '2026-11-21T14:07:00.000Z',
	expiresAt: '2026-11-24T14:07:00.000Z',
	openedAt: null,
	endedAt: null,
	...changes,
});

test('a consent for the phone is recorded without a signature, and its link is shown once, with a code', async () => {
	const { context, called } = givenApi({
		'POST /v1/consents': () => json(givenConsent({ state: 'draft', missing: missing(...UNSIGNED) }), 201),
		'POST /v1/consents/cns_1/links': () => json(LINK, 201),
	});
	const { data, status } = answered(await action({ request: post(PATH, PREPARED), context, params: {} }));
	expect(status).toBe(201);
	expect(data['made']).toMatchObject({ id: 'cnl_1', url: LINK.url, qr: { path: expect.stringMatching(/^M4 4h7/) } });
	expect(called[0]?.body).toMatchObject({ description: 'One photo', toldOfRevocation: false });
	expect(called[0]?.body).not.toHaveProperty('signerName');
	expect(called[0]?.body).not.toHaveProperty('signedAt');
});

test('what the patient could not read yet is asked of the practice, and what is theirs to give is not', async () => {
	const { context, called } = givenApi({
		'POST /v1/consents': () => json(givenConsent({ state: 'draft', missing: missing('recipient', ...UNSIGNED) }), 201),
	});
	const { data, status } = answered(await action({ request: post(PATH, PREPARED), context, params: {} }));
	expect(status).toBe(422);
	expect(data).toMatchObject({ made: null, missing: missing('recipient'), draft: { signerName: 'Jo Keller' } });
	expect(called).toHaveLength(1);
});

test('the page waits while the newest consent has an open link, and says how far it is', async () => {
	const items = [givenConsent({ id: 'cns_2', state: 'draft' }), givenConsent()];
	const links = [link({ id: 'cnl_3', state: 'opened', openedAt: '2026-11-21T14:09:00.000Z' }), link()];
	const { context } = givenApi({
		'GET /v1/account': account,
		'GET /v1/consents': () => json({ subject: { id: 'sub_1', reference: 'M-2041' }, items }),
		'GET /v1/consents/cns_2/links': () => json({ items: links }),
	});
	const open = (path: string) => loader({ request: get(path), context, params: {} });
	expect(await open(PATH)).toMatchObject({
		jurisdiction: 'UK',
		waiting: { consentId: 'cns_2', link: { id: 'cnl_3', state: 'opened' } },
	});
	expect(await open(`${PATH}&sign=new`)).toMatchObject({ waiting: null, signed: null });
});

test('a link that ended or is over waits for nobody', async () => {
	const { context } = givenApi({
		'GET /v1/account': () => refusal(403, 'not_allowed', 'No.'),
		'GET /v1/consents': () =>
			json({ subject: { id: 'sub_1', reference: 'M-2041' }, items: [givenConsent({ state: 'draft' })] }),
		'GET /v1/consents/cns_1/links': () => json({ items: [link({ state: 'ended' }), link({ state: 'over' })] }),
	});
	expect(await loader({ request: get(PATH), context, params: {} })).toMatchObject({
		waiting: null,
		signed: null,
		// Nobody has said where the practice is: the strictest place.
		jurisdiction: 'US-CA',
	});
});

test('another link is made for the same consent, and one is ended by its number', async () => {
	const { context, called } = givenApi({
		'POST /v1/consents/cns_1/links': () => json(LINK, 201),
		'POST /v1/consent-links/cnl_1/end': () => json({ id: 'cnl_1', endedAt: '2026-11-21T14:10:00.000Z' }),
	});
	const another = post(PATH, { intent: 'link', consent: 'cns_1' });
	expect(answered(await action({ request: another, context, params: {} })).data['made']).toMatchObject({
		url: LINK.url,
	});
	const end = post(PATH, { intent: 'end', link: 'cnl_1' });
	expect(answered(await action({ request: end, context, params: {} })).data).toMatchObject({ made: null, error: null });
	expect(called.map(({ path }) => path)).toEqual(['/v1/consents/cns_1/links', '/v1/consent-links/cnl_1/end']);
});

test('a link that was refused says why, and what is not theirs becomes another page', async () => {
	const sentence = 'There are 3 open links to this consent.';
	const answers = [refusal(409, 'conflict', sentence), refusal(404, 'not_found', 'No such consent.')];
	const { context } = givenApi({ 'POST /v1/consents/cns_1/links': () => answers.shift() ?? json({}, 500) });
	const order = () => action({ request: post(PATH, { intent: 'link', consent: 'cns_1' }), context, params: {} });
	expect(answered(await order()).data).toMatchObject({ error: sentence, made: null });
	expect((await responseOf(order())).status).toBe(404);
});
