import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { whatIsThere, whatStops } from '../../../app/patient/link-words';
import { action, headers, loader, meta } from '../../../app/routes/p.$token';
import { loader as copy } from '../../../app/routes/p.$token_.copy';
import { action as allowLess, loader as openLess } from '../../../app/routes/p.$token_.less';
import { loader as receiptPage } from '../../../app/routes/p.$token_.receipt';
import { loader as receiptFile } from '../../../app/routes/p.$token_.receipt_.file';
import { action as revoke, loader as openRevoke } from '../../../app/routes/p.$token_.revoke';
import { authorizationText, plainText } from '../../../studios/authorization';
import { dental } from '../../../studios/dental';
import { get, givenApi, json, refusal, responseOf } from '../fake-api';
import { answered } from '../smiles/answers';
import { givenOffer, givenSigned } from './given-link';

const TOKEN = 'a-token';
const PATH = `/p/${TOKEN}`;
const OPEN = 'POST /v1/consent-links/open';
const SIGN = 'POST /v1/consent-links/sign';
const params = { token: TOKEN };

function post(fields: readonly (readonly [string, string])[]): Request {
	const body = new URLSearchParams(fields.map(([name, value]) => [name, value]));
	return new Request(`https://app.example${PATH}`, { method: 'POST', body });
}

const CHOSEN = [
	['channels', 'room'],
	['channels', 'share'],
	['expiresOn', '2099-06-30'],
	['authority', ''],
] as const;
const TICKED = [
	['toldOfRevocation', 'yes'],
	['toldTreatmentNotConditioned', 'yes'],
	['toldOfRedisclosure', 'yes'],
] as const;
const SIGNATURE = [
	['intent', 'sign'],
	...CHOSEN,
	...TICKED,
	['signerName', ' Jo Keller '],
	['drawing', '[[[0,0.5],[1,0.5]]]'],
] as const;

test('the token goes to the api in a body, and what is there comes back', async () => {
	const { context, called } = givenApi({ [OPEN]: () => json(givenOffer()) });
	const { data } = answered(await loader({ request: get(PATH), context, params }));
	expect(data).toEqual({ page: givenOffer(), token: TOKEN });
	expect(called).toMatchObject([{ path: '/v1/consent-links/open', body: { token: TOKEN } }]);
});

test('a link that is over, unknown or not to be had says so with the status of it', async () => {
	const cases = [
		{ answer: refusal(410, 'gone', 'The practice ended this link.'), status: 410, state: 'over' },
		{ answer: refusal(404, 'not_found', 'x'), status: 404, state: 'unknown' },
		{ answer: refusal(400, 'invalid_input', 'x'), status: 404, state: 'unknown' },
		{ answer: refusal(503, 'unavailable', 'Try again.'), status: 503, state: 'silent' },
	];
	for (const { answer, status, state } of cases) {
		const { context } = givenApi({ [OPEN]: () => answer.clone() });
		const page = answered(await loader({ request: get(PATH), context, params }));
		expect(page.status).toBe(status);
		expect(page.data).toMatchObject({ page: { state } });
	}
});

test('no page of a link is found by search, and its title names nobody', () => {
	expect(headers()).toEqual({ 'x-robots-tag': 'noindex, nofollow, noarchive' });
	const told = JSON.stringify(meta({} as never));
	expect(told).toContain('noindex');
	expect(told).not.toContain('Bright Dental');
});

test('what is chosen leads to exactly those words, and the api is not told yet', async () => {
	const { context, called } = givenApi({ [OPEN]: () => json(givenOffer()) });
	const { data } = answered(await action({ request: post([['intent', 'read'], ...CHOSEN]), context, params }));
	expect(data).toMatchObject({
		step: 'sign',
		choices: { channels: ['room', 'share'], expiresOn: '2099-06-30' },
		signing: { signerName: '', told: [] },
	});
	expect(called.map(({ path }) => path)).toEqual(['/v1/consent-links/open']);
});

test('no use, a day beyond the offer, a day that is past and a missing authority are said beside their fields', async () => {
	const offer = givenOffer({ signerRole: 'representative' });
	const { context } = givenApi({ [OPEN]: () => json(offer) });
	const read = async (expiresOn: string) => {
		const request = post([
			['intent', 'read'],
			['expiresOn', expiresOn],
		]);
		const { data, status } = answered(await action({ request, context, params }));
		expect(status).toBe(422);
		return data['errors'] as Record<string, string>;
	};
	const beyond = await read('2099-11-22');
	expect(beyond['channels']).toMatch(/at least one/);
	expect(beyond['expiresOn']).toMatch(/later than what was offered/);
	expect(beyond['authority']).toMatch(/mother/);
	expect((await read('2020-01-01'))['expiresOn']).toMatch(/past/);
	expect((await read('soon'))['expiresOn']).toBe('Choose a day.');
	expect((await read('2099-11-21'))['expiresOn']).toBeUndefined();
});

test('a signature is bound to the words that were chosen, and carries name, drawing and all three ticks', async () => {
	const { context, called } = givenApi({ [OPEN]: () => json(givenOffer()), [SIGN]: () => json({}, 201) });
	const response = await responseOf(action({ request: post(SIGNATURE), context, params }));
	expect(response.headers.get('location')).toBe(`${PATH}?done=signed`);
	const { expiresAt: _offered, ...words } = givenOffer().words;
	const text = plainText(
		authorizationText({
			...words,
			channels: ['room', 'share'],
			studio: dental,
			expiresAtMs: Date.parse('2099-06-30T23:59:59Z'),
		}),
	);
	expect(called[1]?.body).toEqual({
		token: TOKEN,
		signerName: 'Jo Keller',
		toldOfRevocation: true,
		toldTreatmentNotConditioned: true,
		toldOfRedisclosure: true,
		channels: ['room', 'share'],
		expiresAt: '2099-06-30T23:59:59.000Z',
		signature: [
			[
				[0, 0.5],
				[1, 0.5],
			],
		],
		textHash: createHash('sha256').update(text).digest('hex'),
	});
});

test('on the offered day it ends at the offered moment, and without a drawing the name signs alone', async () => {
	const { context, called } = givenApi({ [OPEN]: () => json(givenOffer()), [SIGN]: () => json({}, 201) });
	const fields = SIGNATURE.map(([name, value]) =>
		name === 'expiresOn'
			? (['expiresOn', '2099-11-21'] as const)
			: name === 'drawing'
				? (['drawing', ''] as const)
				: ([name, value] as const),
	);
	await action({ request: post(fields), context, params });
	expect(called[1]?.body).toMatchObject({ expiresAt: '2099-11-21T21:00:00.000Z', signature: null });
});

test('whoever signs for another says why, and that is in the words', async () => {
	const offer = givenOffer({ signerRole: 'representative' });
	const { context, called } = givenApi({ [OPEN]: () => json(offer), [SIGN]: () => json({}, 201) });
	const fields = SIGNATURE.map(([name, value]) => [name, name === 'authority' ? 'mother' : value] as const);
	await action({ request: post(fields), context, params });
	const { expiresAt: _offered, ...words } = offer.words;
	const text = plainText(
		authorizationText({
			...words,
			channels: ['room', 'share'],
			representativeAuthority: 'mother',
			studio: dental,
			expiresAtMs: Date.parse('2099-06-30T23:59:59Z'),
		}),
	);
	expect(called[1]?.body).toMatchObject({
		representativeAuthority: 'mother',
		textHash: createHash('sha256').update(text).digest('hex'),
	});
});

test('without a tick or a name nothing is sent, and nothing that was typed or drawn is lost', async () => {
	const { context, called } = givenApi({ [OPEN]: () => json(givenOffer()) });
	const fields = SIGNATURE.filter(([name]) => name !== 'toldOfRedisclosure').map(
		([name, value]) => [name, name === 'signerName' ? '' : value] as const,
	);
	const { data, status } = answered(await action({ request: post(fields), context, params }));
	expect(status).toBe(422);
	expect(data).toMatchObject({
		step: 'sign',
		choices: { channels: ['room', 'share'], expiresOn: '2099-06-30' },
		signing: { told: ['toldOfRevocation', 'toldTreatmentNotConditioned'], drawing: '[[[0,0.5],[1,0.5]]]' },
		errors: { signerName: 'Type your full name.', toldOfRedisclosure: expect.stringMatching(/passed on/) },
	});
	expect(called.map(({ path }) => path)).toEqual(['/v1/consent-links/open']);
});

test('what the api refuses stands above the signature', async () => {
	const sentence = 'The words have changed meanwhile. Read them again.';
	const { context } = givenApi({ [OPEN]: () => json(givenOffer()), [SIGN]: () => refusal(409, 'conflict', sentence) });
	const { data, status } = answered(await action({ request: post(SIGNATURE), context, params }));
	expect(status).toBe(409);
	expect(data).toMatchObject({ step: 'sign', errors: { form: sentence } });
});

test('a second tap after the signature leads to what was signed, and signs nothing', async () => {
	const { context, called } = givenApi({ [OPEN]: () => json(givenSigned()) });
	const response = await responseOf(action({ request: post(SIGNATURE), context, params }));
	expect(response.headers.get('location')).toBe(PATH);
	expect(called).toHaveLength(1);
});

test('a copy is mailed to the address that was typed, which no address of a page repeats', async () => {
	const { context, called } = givenApi({ 'POST /v1/consent-links/copy': () => json({ isSent: true }, 202) });
	const request = post([
		['intent', 'copy'],
		['email', ' jo@patient.example '],
	]);
	const { data } = answered(await action({ request, context, params }));
	expect(data).toMatchObject({ step: 'copy', copy: { mailedTo: 'jo@patient.example' } });
	expect(called[0]?.body).toEqual({ token: TOKEN, email: 'jo@patient.example' });
	const empty = answered(await action({ request: post([['intent', 'copy']]), context, params }));
	expect(empty).toMatchObject({ status: 422, data: { copy: { mailedTo: null } } });
});

test('the file of what was signed holds every word and the name, escaped, and needs nothing else', async () => {
	const { context } = givenApi({ [OPEN]: () => json(givenSigned()) });
	const response = await copy({ request: get(`${PATH}/copy`), context, params });
	expect(response.headers.get('content-disposition')).toBe('attachment; filename="what-you-signed.html"');
	expect(response.headers.get('cache-control')).toBe('private, no-store');
	const file = await response.text();
	for (const { heading } of givenSigned().text ?? []) expect(file).toContain(heading);
	expect(file).toContain('Jo &lt;Keller&gt;');
	expect(file).toContain('2026-11-21, 14:07 UTC');
	expect(file).toContain('a'.repeat(64));
	expect(file).toContain('d="M0.0 50.0L300.0 50.0"');
	expect(file).not.toMatch(/<script|src=|href=|&#x27;Times/);
});

test('a copy of what is not signed, and a receipt that is not there, lead back to the page', async () => {
	const { context } = givenApi({ [OPEN]: () => json(givenOffer()) });
	for (const page of [copy, receiptPage, receiptFile]) {
		const response = await responseOf(page({ request: get(PATH), context, params }));
		expect(response.headers.get('location')).toBe(PATH);
	}
});

test('less is allowed by what stays ticked, and nothing at all is the api’s to refuse', async () => {
	const nothing = 'Nothing would be left. Revoke the consent instead.';
	const answers = [
		json({ channels: ['room'], narrowedAt: '2026-11-22T10:00:00.000Z' }),
		refusal(400, 'invalid_input', nothing),
	];
	const { context, called } = givenApi({ 'POST /v1/consent-links/narrow': () => answers.shift() ?? json({}, 500) });
	const done = await responseOf(allowLess({ request: post([['channels', 'room']]), context, params }));
	expect(done.headers.get('location')).toBe(`${PATH}?done=narrowed`);
	const refused = answered(await allowLess({ request: post([]), context, params }));
	expect(refused).toMatchObject({ status: 400, data: { error: nothing } });
	expect(called.map(({ body }) => body)).toEqual([
		{ token: TOKEN, channels: ['room'] },
		{ token: TOKEN, channels: [] },
	]);
});

test('what is revoked shows its deletion at the same address, and there is nothing left to take away', async () => {
	const { context, called } = givenApi({ 'POST /v1/consent-links/revoke': () => json({}) });
	const response = await responseOf(revoke({ request: post([]), context, params }));
	expect(response.headers.get('location')).toBe(PATH);
	expect(called[0]?.body).toEqual({ token: TOKEN });
	const { consent } = givenSigned();
	const revoked = givenSigned({ consent: { ...consent, state: 'revoked', channels: [] } });
	const after = givenApi({ [OPEN]: () => json(revoked) });
	for (const open of [openLess, openRevoke]) {
		const away = await responseOf(open({ request: get(PATH), context: after.context, params }));
		expect(away.headers.get('location')).toBe(PATH);
	}
});

test('each use says what stops without it, with what there is of it', () => {
	const signed = givenSigned();
	expect(whatStops('share', signed)).toBe('2 links stop at once, and no other is made.');
	expect(whatStops('publish', signed)).toBe('Bright Dental has 72 hours to take down 1 posted copy.');
	expect(whatStops('publish', { ...signed, posted: [] })).toBe('It is not posted anywhere any more.');
	const shown = { url: null, width: null, height: null, createdAt: '2026-11-21T14:07:00.000Z' };
	const made = { assetClass: 'simulation', label: null, ...shown } as const;
	expect(
		whatIsThere({
			photos: [{ ...shown, deleteAt: '2026-11-22T14:07:00.000Z' }],
			media: [
				{ kind: 'after', ...made },
				{ kind: 'video', ...made },
			],
		}),
	).toBe('1 photo, 1 picture and 1 video');
	expect(whatIsThere({ photos: [], media: [] })).toBe('');
});
