import { expect, test } from 'vitest';

import { action as actInConversation, loader as loadConversation } from '../../../app/routes/contact.$id';
import { action, loader } from '../../../app/routes/contact._index';
import { keptFor } from '../../../app/support/kept-for';
import { SUBJECT_LENGTH_MAX, WORDS_LENGTH_MAX } from '../../../app/support/message-limits';
import { STUDIOS } from '../../../studios/all';
import * as api from '../../../workers/core/support/open-ticket';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';

const TOKEN = 'a-token_of-43-characters-0123456789abcdefgh';
const COOKIE = { cookie: `__Host-ticket=tkt_1.${TOKEN}` };
const KEY = '0a8a5b0e-7c37-4a6c-9f0a-0d2f5f3f7a11';
const FORM = { email: 'bob@home.example', subject: 'Green', words: 'Why?\r\nAnd when?', key: KEY };
const args = (fake: ReturnType<typeof givenApi>, request: Request, params: Record<string, string> = {}) => ({
	request,
	context: fake.context,
	params,
});

test('the page takes as much as the api does, and says how long it is kept as the policy has it', () => {
	expect([SUBJECT_LENGTH_MAX, WORDS_LENGTH_MAX]).toEqual([api.SUBJECT_LENGTH_MAX, api.WORDS_LENGTH_MAX]);
	expect(keptFor(STUDIOS.media)).toBe('2 years');
});

test('a stranger is asked for an address and told where the link goes; nothing of it stands in an address', async () => {
	const fake = givenApi({ 'POST /v1/tickets': () => json({ id: 'tkt_1' }, 201) });
	expect(await loader(args(fake, get('/contact')))).toMatchObject({ tickets: null });
	const answer = await responseOf(action(args(fake, post('/contact?index', FORM))));
	expect(answer.headers.get('location')).toBe('/contact?done=sent');
	expect(fake.called).toMatchObject([
		{ body: { email: 'bob@home.example', subject: 'Green', words: 'Why?\nAnd when?', key: KEY } },
	]);
});

test('what is missing is said beside its field, with what was typed and its key, and nothing is sent', async () => {
	const fake = givenApi({});
	const typed = { ...FORM, email: 'bob', subject: ' ', words: 'x'.repeat(WORDS_LENGTH_MAX + 1) };
	expect(await action(args(fake, post('/contact?index', typed)))).toMatchObject({
		data: {
			errors: {
				email: 'This is no e-mail address. Type one that you read.',
				subject: 'Say in a few words what it is about.',
				words: 'A message has 5,000 characters at most.',
			},
			typed,
		},
		init: { status: 400 },
	});
});

test('who is signed in is led to the conversation; a refusal keeps what was typed', async () => {
	const { email: _none, ...form } = FORM;
	const fake = givenApi({
		'POST /v1/tickets': () => json({ id: 'tkt_1' }, 201),
		'GET /v1/tickets': () => json({ items: [{ id: 'tkt_1', subject: 'Green', state: 'waiting', changedAt: 'x' }] }),
	});
	const cookie = { cookie: 'afterglow_session=x' };
	expect(await loader(args(fake, get('/contact', cookie)))).toMatchObject({ tickets: [{ id: 'tkt_1' }] });
	const answer = await responseOf(action(args(fake, post('/contact?index', form, cookie))));
	expect(answer.headers.get('location')).toBe('/contact/tkt_1');
	const full = givenApi({ 'POST /v1/tickets': () => refusal(429, 'too_many_requests', 'Too many messages.') });
	expect(await action(args(full, post('/contact?index', form, cookie)))).toMatchObject({
		data: { errors: { form: 'Too many messages.' }, typed: { words: FORM.words, key: KEY } },
	});
});

test('the token goes from the link into a cookie that script cannot read, and opens its conversation alone', async () => {
	const fake = givenApi({
		'POST /v1/tickets/tkt_1/look': () => json({ id: 'tkt_1', subject: 'Green' }),
		'POST /v1/tickets/tkt_2/look': () => json({ id: 'tkt_2' }),
	});
	const link = `https://app.example/contact/tkt_1#${TOKEN}`;
	const answer = await responseOf(
		actInConversation(args(fake, post('/contact/tkt_1', { intent: 'open', link }), { id: 'tkt_1' })),
	);
	expect(answer.headers.get('location')).toBe('/contact/tkt_1');
	expect(answer.headers.getSetCookie()).toEqual([
		`__Host-ticket=tkt_1.${TOKEN}; Path=/; Max-Age=43200; SameSite=Lax; HttpOnly; Secure`,
	]);
	const opened = await loadConversation(args(fake, get('/contact/tkt_1', COOKIE), { id: 'tkt_1' }));
	expect(opened).toMatchObject({ ticket: { subject: 'Green' } });
	expect(fake.called).toMatchObject([{ body: { token: TOKEN } }]);
	const other = await loadConversation(args(fake, get('/contact/tkt_2', COOKIE), { id: 'tkt_2' }));
	expect(other).toMatchObject({ ticket: null, unknown: null });
	expect(fake.called).toHaveLength(1);
	const wrong = post('/contact/tkt_1', { intent: 'open', link: 'hello' });
	expect(await actInConversation(args(fake, wrong, { id: 'tkt_1' }))).toMatchObject({
		data: { errors: { link: expect.stringContaining('not the link of a conversation') } },
	});
});

test('a conversation that is gone says so, and its link can still be pasted', async () => {
	const fake = givenApi({
		'POST /v1/tickets/tkt_1/look': () => refusal(404, 'not_found', 'There is no such conversation.'),
	});
	const gone = await loadConversation(args(fake, get('/contact/tkt_1', COOKIE), { id: 'tkt_1' }));
	expect(gone).toMatchObject({ ticket: null, unknown: 'There is no such conversation.' });
});

test('writing, closing and reopening carry the token in the body; forgetting takes the cookie away', async () => {
	const fake = givenApi({
		'POST /v1/tickets/tkt_1/messages': () => json({ messageId: 'tms_1' }, 201),
		'POST /v1/tickets/tkt_1/close': () => json({ id: 'tkt_1' }),
		'POST /v1/tickets/tkt_1/reopen': () => json({ id: 'tkt_1' }),
	});
	const act = (form: Record<string, string>) =>
		responseOf(actInConversation(args(fake, post('/contact/tkt_1', form, COOKIE), { id: 'tkt_1' })));
	for (const form of [{ intent: 'write', words: 'Thanks', key: KEY }, { intent: 'close' }, { intent: 'reopen' }]) {
		expect((await act(form)).headers.get('location')).toBe('/contact/tkt_1');
	}
	expect(fake.called.map(({ body }) => body)).toEqual([
		{ token: TOKEN, words: 'Thanks', key: KEY },
		{ token: TOKEN },
		{ token: TOKEN },
	]);
	const forgotten = await act({ intent: 'forget' });
	expect(forgotten.headers.getSetCookie()[0]).toMatch(/^__Host-ticket=; Path=\/; Max-Age=0/);
});
