import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { SubjectAnswer, ConsentAnswer, UploadAnswer } from '../../workers/api/contract';
import { AccountAnswer, InvitationAnswer } from '../../workers/api/contract/account';
import { ErasureAnswer, ErasureView } from '../../workers/api/contract/erasures';
import { MadeKeyAnswer } from '../../workers/api/contract/keys';
import { OpenedTicket } from '../../workers/api/contract/support';
import { withChunks } from '../support/png-chunks';
import { formsOf } from '../support/word-forms';
import { openTill, pay, untilPaid } from './support/given-purchase';
import { consentElements, givenOrder, givenTicket, patient, putPhoto, waitForEnd } from './support/given-smile';
import { givenPractice, Practice } from './support/practice';
import { placesWith, readStores, type Stores } from './support/search-stores';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { rowsOf } from './support/trace';
import { until } from './support/until';

/** A ceiling against hanging: a film, a till, a restart and an erasure, one after another on two busy cores. */
const TEST_MILLISECONDS_MAX = 180_000;

let it: TestEdge;
beforeAll(async () => {
	it = await startTestEdge();
});
afterAll(() => it.close());

async function untilCertified(erasureId: string, meanwhile: () => Promise<void> = () => Promise.resolve()) {
	let last: unknown;
	return until('the receipt', async () => {
		await meanwhile();
		const answer = await it.edge.api.fetch(`https://api/v1/erasures/${erasureId}`);
		const erasure = ErasureView.parse(await answer.json());
		last = { erasure, rows: await rowsOf(it.edge, 'erasures'), legs: await rowsOf(it.edge, 'erasure_legs') };
		return erasure.receipt === null ? undefined : erasure;
	}).catch((cause: unknown) => {
		throw new Error(JSON.stringify(last), { cause });
	});
}

test('an account deleted over the API is erased by the queue alone, and its number shows the receipt to anybody', async () => {
	const practice = await givenPractice(it.edge);
	const { erasureId, receiptId } = await practice.call(ErasureAnswer, 'DELETE', '/v1/account', { body: {} });
	const view = await untilCertified(erasureId);
	expect(view).toMatchObject({ state: 'certified', receiptId, accounts: [{ state: 'certified' }] });
	const people = z.array(z.object({ name: z.string() })).parse(await rowsOf(it.edge, 'users'));
	expect(people).toEqual([]);
	const accounts = z.array(z.object({ name: z.string() })).parse(await rowsOf(it.edge, 'accounts'));
	expect(accounts).toEqual([{ name: '' }]);
});

/** One word for each place where somebody can leave something; nobody else has it. */
function wordsOf(tag: string) {
	const word = (place: string) => `${place}${tag}`;
	return {
		person: word('Person'),
		email: word('email').toLowerCase(),
		practice: word('Practice'),
		phone: word('Phone'),
		website: word('website').toLowerCase(),
		address: word('Street'),
		patient: word('Patient'),
		description: word('Description'),
		discloser: word('Discloser'),
		recipient: word('Recipient'),
		signer: word('Signer'),
		exif: word('Exif'),
		fileName: word('File'),
		keyName: word('Key'),
		invited: word('invited').toLowerCase(),
		subject: word('Subject'),
		words: word('Words'),
		copy: word('Copy'),
		note: word('Note'),
		tillName: word('Payer'),
		tillEmail: word('payer').toLowerCase(),
	};
}
type Words = ReturnType<typeof wordsOf>;

/** Somebody who leaves a word of theirs wherever they can: a profile, a consent, a photo, an order, a key, a message, a payment. */
async function givenTraces(words: Words): Promise<{ practice: Practice; email: string; photo: Uint8Array }> {
	const practice = new Practice(it.edge);
	const email = `${words.email}@practice.example`;
	await practice.signUp({ name: words.person, email });
	const profile = {
		name: words.practice,
		phone: words.phone,
		website: `https://${words.website}.example`,
		address: words.address,
	};
	await practice.call(AccountAnswer, 'PATCH', '/v1/account', { body: profile });
	const subject = await practice.call(SubjectAnswer, 'POST', '/v1/subjects', { body: { reference: words.patient } });
	const elements = {
		...consentElements(practice, subject.id),
		description: words.description,
		discloser: words.discloser,
		recipient: words.recipient,
		signerName: words.signer,
	};
	const consent = await practice.call(ConsentAnswer, 'POST', '/v1/consents', { body: elements });
	const photo = await givenMarkedPhoto(practice, words, { subjectId: subject.id, consentId: consent.id });
	const render = await waitForEnd(practice, await givenOrder(practice, photo));
	expect(render).toMatchObject({ state: 'succeeded' });
	const key = { name: words.keyName, scopes: ['renders:read'] };
	await practice.call(MadeKeyAnswer, 'POST', '/v1/keys', { body: key });
	const invitation = { email: `${words.invited}@practice.example`, role: 'staff' };
	await practice.call(InvitationAnswer, 'POST', '/v1/invitations', { body: invitation });
	const message = { subject: words.subject, words: words.words, key: randomUUID() };
	await practice.call(OpenedTicket, 'POST', '/v1/tickets', { body: message });
	await givenStrays(words, email);
	const till = await openTill(practice, 'pack.100');
	const paid = await pay(till.url, { name: words.tillName, email: `${words.tillEmail}@till.example` });
	expect(paid.status).toBe(303);
	await untilPaid(practice, till.id);
	return { practice, email, photo: await middleOf(photo) };
}

/** Objects that no row knows: one zipped, one whose description has a word in base64. */
async function givenStrays(words: Words, email: string): Promise<void> {
	const person = (await rowsOf(it.edge, 'users')).find((row) => row['email'] === email);
	const account = (await rowsOf(it.edge, 'accounts')).find(({ name }) => name === words.practice);
	const bucket = await it.edge.r2();
	await bucket.put(`exp/${String(person?.['id'])}/${'e'.repeat(32)}`, gzipSync(words.copy));
	const description = Buffer.from(`of ${words.note}, once`).toString('base64');
	await bucket.put(`out/${String(account?.['id'])}/${'f'.repeat(32)}`, 'stray', { customMetadata: { description } });
}

/** A photo sent under a name, with a word in its EXIF block; its upload's id. */
async function givenMarkedPhoto(
	practice: Practice,
	{ exif, fileName }: Words,
	consent: { subjectId: string; consentId: string },
): Promise<string> {
	const bytes = withChunks(await patient('mara'), [['eXIf', `MM\0*\0\0\0\x08${exif}`]]);
	expect(Buffer.from(bytes).includes(exif)).toBe(true);
	const ticket = await givenTicket(practice, { contentType: 'image/png', byteLength: bytes.byteLength, consent });
	const named = { 'content-disposition': `attachment; filename="${fileName}.png"` };
	const put = await putPhoto({ ...ticket, headers: { ...ticket.headers, ...named } }, bytes);
	expect(put.status).toBeLessThan(300);
	await practice.call(UploadAnswer, 'POST', `/v1/uploads/${ticket.id}/complete`);
	return ticket.id;
}

/** Some bytes out of the middle of the stored photo, which no other picture has. */
async function middleOf(uploadId: string): Promise<Uint8Array> {
	const row = (await rowsOf(it.edge, 'uploads')).find(({ id }) => id === uploadId);
	const object = await (await it.edge.r2()).get(String(row?.['object_key']));
	const bytes = new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer(0));
	const middle = Math.floor(bytes.length / 2);
	return bytes.slice(middle, middle + 48);
}

function placesOf(stores: Stores, words: Readonly<Record<string, string | Uint8Array>>): Record<string, string[]> {
	const found = Object.entries(words).map(([name, word]) => [name, placesWith(stores, formsOf(word))] as const);
	return Object.fromEntries(found.filter(([, places]) => places.length > 0));
}

/**
 * Where each word stands while its person is here. What is not named stands nowhere: references, consents and messages are sealed,
 * what a photo carries beside its picture is not stored, and what somebody types at Stripe's till stays there.
 */
const HELD = {
	person: ['mail.messages', 'users.name'],
	email: ['mail.messages', 'users.email'],
	practice: ['accounts.name', 'mail.messages'],
	phone: ['accounts.phone'],
	website: ['accounts.website'],
	address: ['accounts.address'],
	keyName: ['api_keys.name', 'mail.messages'],
	invited: ['invitations.email', 'mail.messages'],
	copy: ['files', 'media'],
	note: ['media'],
	tillName: [
		'stripe.charges',
		'stripe.checkoutSessions',
		'stripe.customers',
		'stripe.events',
		'stripe.invoices',
		'stripe.paymentMethods',
	],
	tillEmail: [
		'stripe.charges',
		'stripe.checkoutSessions',
		'stripe.customers',
		'stripe.events',
		'stripe.invoices',
		'stripe.paymentMethods',
	],
	photo: ['files', 'media'],
};

/** What may be left, as the policy's residue and the receipt say, and why. */
const MAY_REMAIN: Readonly<Record<string, string>> = {
	'mail.messages': 'Resend has delivered them, removes them by its own schedule, and cannot be asked to do so earlier.',
	'stripe.invoices': 'The law asks for vouchers with who paid.',
	'stripe.charges': 'A payment belongs to its voucher.',
	'stripe.checkoutSessions': 'The till of a payment belongs to its voucher.',
	'stripe.paymentMethods': 'What a payment was made with belongs to it; Stripe never shows its number.',
	'stripe.events': 'Stripe shows what happened for thirty days, and deletes no event on request.',
};

test(
	'of whoever was erased nothing is left, here or at a processor, but what the list says',
	async () => {
		const words = wordsOf(randomUUID().replaceAll('-', '').slice(0, 16));
		const { practice, email, photo } = await givenTraces(words);
		const everything = { ...words, photo };
		await until('the copies at fal are forgotten', async () => {
			const requests = it.emulators.fal.requests();
			return requests.length > 0 && requests.every(({ payloadsDeleted }) => payloadsDeleted) ? true : undefined;
		});
		expect(placesOf(await readStores(it), everything)).toEqual(HELD);

		const typed = new URLSearchParams({ typed: email });
		const left = await practice.send('POST', '/privacy/delete', {
			rawBody: typed.toString(),
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
		});
		expect(left.status).toBe(302);
		// The address that the photo was sent to has to end: until then it could come again.
		await it.edge.moveClock(1);
		const erasureId = left.headers.get('location')?.split('/').at(-1) ?? '';
		await untilCertified(erasureId, () => it.edge.runCron());
		await it.emulators.stripe.settled();

		const remains = Object.entries(HELD).map(
			([word, places]) => [word, places.filter((place) => place in MAY_REMAIN)] as const,
		);
		const stores = await readStores(it);
		expect(placesOf(stores, everything)).toEqual(Object.fromEntries(remains.filter(([, places]) => places.length > 0)));
		// Of the files and pictures that fal made it has none, and of Stripe's customers only that there was one.
		expect(it.emulators.kept()).toMatchObject({ fal: { files: [] } });
		expect(stores.get('stripe.customers')).toBe('\n');
		expect(it.errors).toEqual([]);
	},
	TEST_MILLISECONDS_MAX,
);
