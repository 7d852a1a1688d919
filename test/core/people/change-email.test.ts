import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { mails } from '../../../schema/mail';
import { rightsRequests } from '../../../schema/rights';
import { tickets } from '../../../schema/support';
import { users } from '../../../schema/users';
import type { Mail } from '../../../workers/core/mail/mail';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { beginEmailChange, confirmEmailChange } from '../../../workers/core/people/change-email';
import { openOwnRequest, openRequest } from '../../../workers/core/rights/open-request';
import { lookAtRequest, proveRequest } from '../../../workers/core/rights/prove-request';
import { endRequest, extendRequest, showRequest } from '../../../workers/core/rights/requests-by-operator';
import { answerTicket } from '../../../workers/core/support/answer-ticket';
import { readTicket } from '../../../workers/core/support/read-ticket';
import { replyToTicket } from '../../../workers/core/support/tickets-by-operator';
import { freshDeps, type TestDeps } from '../../support/deps';
import { faultyD1, OBJECT_RESET } from '../../support/faulty-d1';
import { givenSession, givenUser } from '../../support/given';
import { WHENCE } from '../operations/given-operator';
import { givenTicket } from '../support/given-ticket';

const FORM = { right: 'access', name: 'Ada', who: 'somebody with an account', words: 'All of it' } as const;

async function mailsTo(deps: TestDeps, address: string): Promise<Mail[]> {
	const rows = await deps.db.select().from(mails);
	const opened = await Promise.all(
		rows.map(async ({ id, sealed }) => (sealed === null ? null : openMail(deps.mailKey, id, sealed).catch(() => null))),
	);
	return opened.filter((mail): mail is Mail => mail !== null && mail.to === address);
}

async function codeTo(deps: TestDeps, address: string, kind: Mail['kind']): Promise<string> {
	const mail = (await mailsTo(deps, address)).find((each) => each.kind === kind);
	return mail !== undefined && 'code' in mail ? mail.code : '';
}

/** The tokens in what was mailed to an address about one page. */
async function tokensTo(deps: TestDeps, address: string, page: string): Promise<string[]> {
	const urls = (await mailsTo(deps, address)).flatMap((mail) => ('url' in mail ? [mail.url] : []));
	return urls.filter((url) => url.includes(`/${page}#`)).map((url) => new URL(url).hash.slice(1));
}

/** Somebody signed in, with a conversation and a request of their own, and the links that were mailed about both. */
async function givenWriter(deps: TestDeps) {
	const { userId, email } = await givenUser(deps);
	const { sessionId } = await givenSession(deps, { userId, accountId: null });
	const { ticketId, token } = await givenTicket(deps, { userId, address: email });
	const { id: requestId } = await openOwnRequest(deps, { ...FORM, userId, email, network: null });
	const [requestToken = ''] = await tokensTo(deps, email, requestId);
	return { userId, email, sessionId, ticketId, token, requestId, requestToken };
}

/** Changes their address as they do it, with both codes; `acting` confirms. */
async function move(deps: TestDeps, who: { userId: string; email: string; sessionId: string }, acting = deps) {
	const email = `${crypto.randomUUID()}@new.test`;
	const changer = { person: who, whence: WHENCE };
	await beginEmailChange(deps, changer, { email });
	const codes = {
		currentCode: await codeTo(deps, who.email, 'change_from_code'),
		newCode: await codeTo(deps, email, 'change_to_code'),
	};
	await confirmEmailChange(acting, changer, codes);
	return { ...who, email };
}

const NOT_FOUND = { code: 'not_found' };

test('a link mailed to an address that was changed since opens nothing, and its person reads on signed in', async () => {
	const deps = freshDeps();
	const before = await givenWriter(deps);
	const { userId, ticketId, requestId } = before;
	await move(deps, before);
	const visit = { ticketId, visitor: { token: before.token, userId: null } };
	await expect(readTicket(deps, visit)).rejects.toMatchObject(NOT_FOUND);
	const answer = { ...visit, words: 'Mine', key: crypto.randomUUID(), network: null };
	await expect(answerTicket(deps, answer)).rejects.toMatchObject(NOT_FOUND);
	const look = { requestId, token: before.requestToken };
	await expect(lookAtRequest(deps, look)).rejects.toMatchObject(NOT_FOUND);
	await expect(proveRequest(deps, look)).rejects.toMatchObject(NOT_FOUND);
	expect(await readTicket(deps, { ticketId, visitor: { token: null, userId } })).toMatchObject({ id: ticketId });
	// Nor does what stands in the row: it is no token.
	const [row] = await deps.db.select().from(tickets).where(eq(tickets.id, ticketId));
	const stored = { ticketId, visitor: { token: row?.tokenHash ?? '', userId: null } };
	await expect(readTicket(deps, stored)).rejects.toMatchObject(NOT_FOUND);
});

test('the next mail goes to the new address with a link that opens it, and the one before stays shut', async () => {
	const deps = freshDeps();
	const before = await givenWriter(deps);
	const { ticketId, requestId } = before;
	const { email } = await move(deps, before);
	const reply = { whence: WHENCE, ticketId, words: 'It is mended.' };
	await Promise.all(['k-1', 'k-2'].map((key) => replyToTicket(deps, { ...reply, key })));
	const tokens = await tokensTo(deps, email, ticketId);
	expect([tokens.length, new Set(tokens).size]).toEqual([2, 1]);
	const [token = ''] = tokens;
	expect((await readTicket(deps, { ticketId, visitor: { token, userId: null } })).messages).toHaveLength(3);
	await extendRequest(deps, { whence: WHENCE, requestId, reason: 'Many pictures.' });
	await endRequest(deps, { whence: WHENCE, requestId, as: 'answered', words: 'Here it is.' });
	const news = await tokensTo(deps, email, requestId);
	expect([news.length, new Set(news).size]).toEqual([2, 1]);
	expect(await lookAtRequest(deps, { requestId, token: news[0] ?? '' })).toMatchObject({ answer: 'Here it is.' });

	const old = { ticketId, visitor: { token: before.token, userId: null } };
	await expect(readTicket(deps, old)).rejects.toMatchObject(NOT_FOUND);
	const oldRequest = { requestId, token: before.requestToken };
	await expect(lookAtRequest(deps, oldRequest)).rejects.toMatchObject(NOT_FOUND);
	expect(await tokensTo(deps, before.email, ticketId)).toEqual([before.token]);
});

test('with each change of address the links before it end, those of the change before too', async () => {
	const deps = freshDeps();
	const before = await givenWriter(deps);
	const { ticketId } = before;
	const second = await move(deps, before);
	await replyToTicket(deps, { whence: WHENCE, ticketId, words: 'One.', key: 'k-1' });
	const third = await move(deps, second);
	await replyToTicket(deps, { whence: WHENCE, ticketId, words: 'Two.', key: 'k-2' });
	const [ended = ''] = await tokensTo(deps, second.email, ticketId);
	const [holds = ''] = await tokensTo(deps, third.email, ticketId);
	expect(new Set([before.token, ended, holds]).size).toBe(3);
	const visitor = { token: ended, userId: null };
	await expect(readTicket(deps, { ticketId, visitor })).rejects.toMatchObject(NOT_FOUND);
	expect(await readTicket(deps, { ticketId, visitor: { ...visitor, token: holds } })).toMatchObject({ id: ticketId });
});

test('who wrote without an account keeps their link, also from the address that somebody gives up', async () => {
	const deps = freshDeps();
	const before = await givenWriter(deps);
	const { email } = before;
	const stranger = await givenTicket(deps, { address: email });
	await openRequest(deps, { ...FORM, email, network: null });
	const [link] = (await mailsTo(deps, email)).filter(({ kind }) => kind === 'rights_link');
	const url = new URL(link !== undefined && 'url' in link ? link.url : '');
	const other = await givenWriter(deps);
	await move(deps, before);
	const { ticketId, visitor } = stranger;
	expect(await readTicket(deps, { ticketId, visitor })).toMatchObject({ id: ticketId });
	const visit = { requestId: url.pathname.split('/').at(-1) ?? '', token: url.hash.slice(1) };
	expect(await proveRequest(deps, visit)).toMatchObject({ state: 'open' });
	const theirs = { ticketId: other.ticketId, visitor: { token: other.token, userId: null } };
	expect(await readTicket(deps, theirs)).toMatchObject({ id: other.ticketId });
});

test('a change of address that breaks off leaves the address and every link as they were', async () => {
	const deps = freshDeps();
	const before = await givenWriter(deps);
	const { ticketId, token, requestId, requestToken } = before;
	const faulty = faultyD1(
		deps.d1,
		({ sql }) => (sql.some((text) => /update "tickets"/i.test(text)) ? 'before' : null),
		OBJECT_RESET,
	);
	await expect(move(deps, before, { ...deps, db: drizzle(faulty.db) })).rejects.toThrow(/Failed query|to be reset/);
	const [person] = await deps.db.select({ email: users.email }).from(users).where(eq(users.id, before.userId));
	expect(person).toEqual({ email: before.email });
	expect(await readTicket(deps, { ticketId, visitor: { token, userId: null } })).toMatchObject({ id: ticketId });
	expect(await lookAtRequest(deps, { requestId, token: requestToken })).toMatchObject({ id: requestId });
});

test('the request of somebody who moved and left is ended, and nothing is mailed to the address they gave up', async () => {
	const deps = freshDeps();
	const before = await givenWriter(deps);
	const { requestId } = before;
	await move(deps, before);
	// What an erasure does to the row.
	await deps.db.update(rightsRequests).set({ userId: null }).where(eq(rightsRequests.id, requestId));
	const mailed = (await mailsTo(deps, before.email)).length;
	expect(await showRequest(deps, { whence: WHENCE, requestId })).toMatchObject({ address: null });
	const step = { whence: WHENCE, requestId, as: 'answered', words: 'It is done.' } as const;
	expect(await endRequest(deps, step)).toMatchObject({ isNew: true, isMailed: false, request: { state: 'answered' } });
	expect(await mailsTo(deps, before.email)).toHaveLength(mailed);
	await expect(lookAtRequest(deps, { requestId, token: before.requestToken })).rejects.toMatchObject(NOT_FOUND);
});
