import { createHash } from 'node:crypto';

import { drizzle } from 'drizzle-orm/d1';
import { generateSignedCookie } from 'hono/cookie';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';

import { STUDIOS } from '../../../studios/all';
import { authorizationText, plainText } from '../../../studios/authorization';
import { ConsentAnswer, SubjectAnswer } from '../../../workers/api/contract';
import {
	ConsentLinkList,
	CreatedConsentLink,
	EndedConsentLink,
	NarrowedByLink,
	OpenedConsentLink,
	RevokedByLink,
	SIGNATURE_BYTES_MAX,
	SignedByLink,
} from '../../../workers/api/contract/consent-links';
import { sessionCookieName } from '../../../workers/core/accounts/create-auth';
import { startCountingApi } from '../../budgets/counting-api';
import { givenAccount } from '../../support/given';

const ORIGIN = 'https://app.test';
const DAY_MS = 86_400_000;

let world: Awaited<ReturnType<typeof startCountingApi>>;
let cookie: string;
beforeAll(async () => {
	world = await startCountingApi();
	const { via } = await givenAccount({ db: drizzle(world.d1), now: () => new Date() });
	const token = `token of ${via.kind === 'session' ? via.sessionId : ''}`;
	const set = await generateSignedCookie(sessionCookieName(ORIGIN), token, world.env.AUTH_SECRET, {
		path: '/',
		secure: true,
	});
	cookie = set.split(';', 1)[0] ?? '';
}, 60_000);
afterAll(() => world.close());

/** `who`: the practice is signed in, the patient is nobody. */
function send(who: 'practice' | 'patient', method: string, path: string, body?: unknown): Promise<Response> {
	return world.fetch(path, {
		method,
		headers: {
			origin: ORIGIN,
			...(who === 'practice' ? { cookie } : {}),
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
		},
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
}

async function answered<Answer extends z.ZodType>(schema: Answer, status: number, answer: Promise<Response>) {
	const response = await answer;
	const body: unknown = await response.json();
	expect({ status: response.status, body }).toMatchObject({ status });
	expect(response.headers.get('cache-control')).toBe('private, no-store');
	return schema.parse(body);
}

async function refused(answer: Promise<Response>): Promise<number> {
	return (await answer).status;
}

/** A draft, and the token of a link to it. */
async function givenDraft() {
	const reference = crypto.randomUUID();
	const subject = await answered(SubjectAnswer, 201, send('practice', 'POST', '/v1/subjects', { reference }));
	const consent = await answered(
		ConsentAnswer,
		201,
		send('practice', 'POST', '/v1/consents', {
			subjectId: subject.id,
			description: 'One photo of the face and the video made from it',
			discloser: 'Practice Ada',
			recipient: 'Dental Diffusion',
			purposes: ['show_in_room', 'patient_copy'],
			expiresAt: new Date(Date.now() + 100 * DAY_MS).toISOString(),
			signerRole: 'patient',
			toldOfRevocation: false,
			toldTreatmentNotConditioned: false,
			toldOfRedisclosure: false,
		}),
	);
	const link = await answered(CreatedConsentLink, 201, send('practice', 'POST', `/v1/consents/${consent.id}/links`));
	return { consentId: consent.id, linkId: link.id, token: link.url.slice(`${ORIGIN}/p/`.length) };
}

async function open(token: string) {
	return answered(OpenedConsentLink, 200, send('patient', 'POST', '/v1/consent-links/open', { token }));
}

async function signingOf(token: string) {
	const opened = await open(token);
	if (opened.state !== 'to_sign') throw new Error('there is nothing to sign');
	const { expiresAt, ...words } = opened.words;
	const input = { ...words, studio: STUDIOS.dental, expiresAtMs: Date.parse(expiresAt) };
	return {
		token,
		signerName: 'Mara Sample',
		toldOfRevocation: true,
		toldTreatmentNotConditioned: true,
		toldOfRedisclosure: true,
		channels: opened.words.channels,
		expiresAt,
		signature: [
			[
				[0, 0.25],
				[1, 0.5],
			],
		],
		textHash: createHash('sha256')
			.update(plainText(authorizationText(input)))
			.digest('hex'),
	};
}

test('a patient reads, signs, narrows and revokes over the API, and the practice sees how far the link is', async () => {
	const { consentId, token } = await givenDraft();
	const signing = await signingOf(token);
	const signed = await answered(SignedByLink, 200, send('patient', 'POST', '/v1/consent-links/sign', signing));
	expect(signed).toMatchObject({ channels: ['room', 'download', 'share'], expiresAt: signing.expiresAt });
	expect(await open(token)).toMatchObject({ state: 'signed', consent: { state: 'active', signerName: 'Mara Sample' } });
	const list = await answered(ConsentLinkList, 200, send('practice', 'GET', `/v1/consents/${consentId}/links`));
	expect(list.items).toMatchObject([{ state: 'signed' }]);
	const narrowed = { token, channels: ['room'] };
	await answered(NarrowedByLink, 200, send('patient', 'POST', '/v1/consent-links/narrow', narrowed));
	await answered(RevokedByLink, 202, send('patient', 'POST', '/v1/consent-links/revoke', { token }));
	const consent = await answered(ConsentAnswer, 200, send('practice', 'GET', `/v1/consents/${consentId}`));
	expect(consent).toMatchObject({ state: 'revoked', channels: ['room'] });
	expect(await open(token)).toMatchObject({
		consent: { state: 'revoked' },
		deletion: { photosLeft: 0, receipt: null },
	});
});

test('what is no signature, no token or no address is refused before anything is kept', async () => {
	const { token } = await givenDraft();
	const signing = await signingOf(token);
	const sign = (changed: object) =>
		refused(send('patient', 'POST', '/v1/consent-links/sign', { ...signing, ...changed }));
	const long = [Array.from({ length: SIGNATURE_BYTES_MAX / 8 }, () => [0.12, 0.34])];
	for (const signature of [[], [[]], [[[0.5, 1.5]]], [[[0.5]]], 'drawn', long]) {
		expect(await sign({ signature })).toBe(400);
	}
	expect(await sign({ textHash: 'none' })).toBe(400);
	expect(await sign({ token: 'none' })).toBe(404);
	const copy = { token, email: 'nobody' };
	expect(await refused(send('patient', 'POST', '/v1/consent-links/copy', copy))).toBe(400);
	expect(await open(token)).toMatchObject({ state: 'to_sign' });
});

test('a link that the practice ended is gone, with a sentence and no word of whose it was', async () => {
	const { linkId, token } = await givenDraft();
	await answered(EndedConsentLink, 200, send('practice', 'POST', `/v1/consent-links/${linkId}/end`));
	const answer = await send('patient', 'POST', '/v1/consent-links/open', { token });
	expect(answer.status).toBe(410);
	expect(await answer.json()).toEqual({
		error: {
			code: 'gone',
			message: 'The practice has ended this link. Ask it for another.',
			details: { reason: 'ended' },
		},
	});
	expect(await refused(send('patient', 'POST', `/v1/consent-links/${linkId}/end`))).toBe(401);
});
