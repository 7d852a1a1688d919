import { expect, test } from 'vitest';

import { loader as openPaperFile } from '../../../app/routes/consents.$id_.paper';
import { action, loader } from '../../../app/routes/smiles.new.paper';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';
import { answered, givenConsent } from '../smiles/answers';

const PATH = '/smiles/new/paper?consent=cns_1';
const PAPER = {
	uploadId: 'upl_1',
	contentType: 'image/jpeg',
	byteLength: 900,
	width: 300,
	height: 400,
	url: 'https://media.example/paper',
	urlExpiresAt: '2026-11-21T14:07:00.000Z',
	checkedAt: null,
};

function opened(consent: object, paper: object | null = PAPER) {
	return givenApi({
		'GET /v1/consents/cns_1': () => json(consent),
		'GET /v1/consents/cns_1/paper': () => json({ paper }),
	});
}

async function begin(items: object[]) {
	const { context, called } = givenApi({
		'GET /v1/consents': () => json({ subject: { id: 'sub_1', reference: 'M-2041' }, items }),
		'POST /v1/consents': () => json(givenConsent({ id: 'cns_9', state: 'draft' }), 201),
	});
	const request = post('/smiles/new/paper?subject=sub_1', { intent: 'paper', signerName: 'Jo Keller' });
	const response = await responseOf(action({ request, context, params: {} }));
	return { to: response.headers.get('location'), posted: called.filter(({ method }) => method === 'POST') };
}

function openFile(paper: object | null): Promise<Response> {
	const { context } = givenApi({ 'GET /v1/consents/cns_1/paper': () => json({ paper }) });
	return responseOf(openPaperFile({ request: get('/consents/cns_1/paper'), context, params: { id: 'cns_1' } }));
}

test('the step shows the draft’s paper, or that there is none', async () => {
	const draft = givenConsent({ state: 'draft', hasPaper: true });
	const withPaper = await loader({ request: get(PATH), context: opened(draft).context, params: {} });
	expect(withPaper).toMatchObject({ consentId: 'cns_1', subjectReference: 'M-2041', paper: PAPER });
	const without = await loader({ request: get(PATH), context: opened(draft, null).context, params: {} });
	expect(without.paper).toBeNull();
});

test.each([
	['active', '/smiles/new/photo?consent=cns_1'],
	['revoked', '/smiles/new/consent?subject=sub_1'],
	['expired', '/smiles/new/consent?subject=sub_1'],
])('a consent that is %s leads on: its paper is not compared again', async (state, to) => {
	const { context } = opened(givenConsent({ state }));
	const response = await responseOf(loader({ request: get(PATH), context, params: {} }));
	expect(response.headers.get('location')).toBe(to);
});

test('a paper that is begun goes on with the draft that has one, else with a new draft that says nothing', async () => {
	const waiting = givenConsent({ id: 'cns_4', state: 'draft', hasPaper: false });
	const fresh = await begin([givenConsent(), waiting]);
	expect(fresh.to).toBe('/smiles/new/paper?consent=cns_9');
	expect(fresh.posted.map(({ body }) => body)).toEqual([{ subjectId: 'sub_1' }]);
	const known = await begin([givenConsent(), { ...waiting, hasPaper: true }]);
	expect(known).toEqual({ to: '/smiles/new/paper?consent=cns_4', posted: [] });
});

test('a recorded paper leads to the photo; a refused one is shown in place with all that was typed', async () => {
	const fields = { signerName: 'Jo Keller', signedOn: '2026-11-20', checked: 'signerName' };
	const recorded = givenApi({ 'POST /v1/consents/cns_1/complete': () => json(givenConsent()) });
	const done = await responseOf(action({ request: post(PATH, fields), context: recorded.context, params: {} }));
	expect(done.headers.get('location')).toBe('/smiles/new/photo?consent=cns_1');
	expect(recorded.called[0]?.body).toMatchObject({ signerName: 'Jo Keller', checked: ['signerName'] });

	const details = { fields: ['signedAt'], reason: 'not_seen' };
	const refused = givenApi({
		'POST /v1/consents/cns_1/complete': () => refusal(400, 'invalid_input', 'One is not ticked.', details),
	});
	const answer = await action({ request: post(PATH, fields), context: refused.context, params: {} });
	const { data, status } = answered(answer);
	expect(status).toBe(400);
	expect(data).toMatchObject({
		draft: { words: { signerName: 'Jo Keller' }, signedOn: '2026-11-20', checked: ['signerName'] },
		refusal: { message: 'One is not ticked.', fields: ['signedAt'], isUnseen: true },
	});
});

test('the paper’s lasting address leads to one of minutes, and nowhere where there is none', async () => {
	const response = await openFile(PAPER);
	expect([response.status, response.headers.get('location')]).toEqual([302, 'https://media.example/paper']);
	expect(response.headers.get('cache-control')).toBe('private, no-store');
	expect((await openFile(null)).status).toBe(404);
});

test('a step without its consent starts again at the patient', async () => {
	const { context, called } = givenApi({});
	for (const work of [
		loader({ request: get('/smiles/new/paper'), context, params: {} }),
		action({ request: post('/smiles/new/paper', {}), context, params: {} }),
	]) {
		expect((await responseOf(work)).headers.get('location')).toBe('/smiles/new');
	}
	const known = loader({ request: get('/smiles/new/paper?subject=sub_1'), context, params: {} });
	expect((await responseOf(known)).headers.get('location')).toBe('/smiles/new/consent?subject=sub_1');
	expect(called).toEqual([]);
});
