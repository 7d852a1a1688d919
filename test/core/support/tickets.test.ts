import { drizzle } from 'drizzle-orm/d1';
import { eq, like } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { tickets } from '../../../schema/support';
import { RATES } from '../../../studios/studio';
import { answerTicket } from '../../../workers/core/support/answer-ticket';
import { closeTicket, reopenTicket } from '../../../workers/core/support/close-ticket';
import { openTicket } from '../../../workers/core/support/open-ticket';
import { listOwnTickets, readTicket } from '../../../workers/core/support/read-ticket';
import { nextTicketState } from '../../../workers/core/support/ticket-state';
import { destroyDataKey } from '../../../workers/core/vault/data-key';
import { freshDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { givenUser } from '../../support/given';
import { anOrder, givenTicket, mailsOf, rowsOf } from './given-ticket';

test('a message becomes a ticket that waits, sealed, with a mail that has its link and nothing that was typed', async () => {
	const deps = freshDeps();
	const { ticketId, order, visitor } = await givenTicket(deps);

	const { ticket, messages } = await rowsOf(deps, ticketId);
	expect(ticket).toMatchObject([{ state: 'waiting', userId: null, closedAtMs: null }]);
	expect(messages).toMatchObject([{ author: 'person' }]);
	expect(JSON.stringify([ticket, messages])).not.toMatch(/green|practice\.test/);
	const [mail] = await mailsOf(deps, ticketId);
	expect(mail).toEqual({
		kind: 'ticket_received',
		to: order.address,
		url: `https://app.test/contact/${ticketId}#${visitor.token}`,
	});
	expect(await readTicket(deps, { ticketId, visitor })).toMatchObject({
		subject: order.subject,
		state: 'waiting',
		deleteAt: null,
		messages: [{ author: 'person', words: order.words }],
	});
	expect(deps.sent.map(({ message }) => message.type)).toEqual(['mail.send']);
});

test('the same message twice, and both at once, is one ticket and one mail', async () => {
	const deps = freshDeps();
	const order = anOrder();
	const [one, two] = await Promise.all([openTicket(deps, order), openTicket(deps, order)]);
	const three = await openTicket(deps, order);
	expect(two).toEqual(one);
	expect(three).toEqual(one);
	expect((await rowsOf(deps, one.ticketId)).messages).toHaveLength(1);
	expect(await mailsOf(deps, one.ticketId)).toHaveLength(1);
	const somebodyElse = openTicket(deps, { ...order, userId: 'usr_other' });
	await expect(somebodyElse).rejects.toMatchObject({ code: 'conflict' });
});

test.each([
	['before', OBJECT_RESET, 0],
	['after', CONNECTION_LOST, 1],
] as const)('a connection that is lost %s the write leaves a whole ticket or none', async (when, fault, count) => {
	const deps = freshDeps();
	const order = anOrder();
	const faulty = faultyD1(
		deps.d1,
		(call) => (/insert into "tickets"/i.test(call.sql[0]!) ? firstWrites(when)(call) : null),
		fault,
	);
	const opened = await openTicket({ ...deps, db: drizzle(faulty.db) }, order).catch(() => null);
	expect(opened === null ? 0 : 1).toBe(count);
	const { ticketId } = await openTicket(deps, order);
	expect((await rowsOf(deps, ticketId)).messages).toHaveLength(1);
	expect(await mailsOf(deps, ticketId)).toHaveLength(1);
});

test('one address, one network and one person each write so many messages an hour and no more', async () => {
	const deps = freshDeps();
	const { userId, email } = await givenUser(deps);
	const network = `net ${crypto.randomUUID()}`;
	const address = `${crypto.randomUUID()}@practice.test`;
	const limits = [
		[RATES.contact.address.max, () => anOrder({ address })],
		[RATES.contact.network.max, () => anOrder({ network })],
		[RATES.contact.person.max, () => anOrder({ userId, address: email })],
	] as const;
	for (const [max, next] of limits) {
		for (let each = 0; each < max; each += 1) await openTicket(deps, next());
		const refused = next();
		await expect(openTicket(deps, refused)).rejects.toMatchObject({ code: 'too_many_requests' });
		expect(
			await deps.db
				.select()
				.from(tickets)
				.where(like(tickets.sealed, `%${refused.key}%`)),
		).toEqual([]);
	}
	deps.clock.advance({ hours: 1 });
	await openTicket(deps, anOrder({ address }));
});

test('a conversation is found by its link and by who opened it signed in, and by nobody else', async () => {
	const deps = freshDeps();
	const { userId, email } = await givenUser(deps);
	const { ticketId, token } = await givenTicket(deps, { userId, address: email });
	const other = await givenTicket(deps);
	const nobodys = [
		{ token: null, userId: null },
		{ token: other.token, userId: null },
		{ token: null, userId: 'usr_other' },
		{ token: 'x'.repeat(43), userId: 'usr_other' },
	];
	for (const visitor of [
		{ token, userId: null },
		{ token: null, userId },
	]) {
		expect(await readTicket(deps, { ticketId, visitor })).toMatchObject({ id: ticketId });
	}
	const before = await rowsOf(deps, ticketId);
	for (const visitor of nobodys) {
		const visit = { ticketId, visitor };
		const unknown = { code: 'not_found', message: 'There is no such conversation, or it is not yours.' };
		await expect(readTicket(deps, visit)).rejects.toMatchObject(unknown);
		const key = crypto.randomUUID();
		await expect(answerTicket(deps, { ...visit, words: 'Mine', key, network: null })).rejects.toMatchObject(unknown);
		await expect(closeTicket(deps, visit)).rejects.toMatchObject(unknown);
		await expect(reopenTicket(deps, visit)).rejects.toMatchObject(unknown);
	}
	expect(await rowsOf(deps, ticketId)).toEqual(before);
	expect(await listOwnTickets(deps, { userId })).toMatchObject([{ id: ticketId, subject: 'The video is green' }]);
	expect(await listOwnTickets(deps, { userId: 'usr_other' })).toEqual([]);
});

test('what a person writes is one message however often it is sent, and wakes the ticket', async () => {
	const deps = freshDeps();
	const { ticketId, visitor } = await givenTicket(deps);
	await deps.db.update(tickets).set({ state: 'answered' }).where(eq(tickets.id, ticketId));
	deps.clock.advance({ minutes: 5 });
	const answer = { ticketId, visitor, words: 'Still green.', key: crypto.randomUUID(), network: null };
	const first = await answerTicket(deps, answer);
	expect(await answerTicket(deps, answer)).toEqual(first);
	const { ticket, messages } = await rowsOf(deps, ticketId);
	expect(ticket).toMatchObject([
		{ state: nextTicketState('answered', 'person_wrote'), changedAtMs: deps.now().getTime() },
	]);
	expect(messages).toHaveLength(2);
});

test('one ticket takes so many messages an hour', async () => {
	const deps = freshDeps();
	const { ticketId, visitor } = await givenTicket(deps);
	const next = () => ({ ticketId, visitor, words: 'More', key: crypto.randomUUID(), network: null });
	for (let each = 0; each < RATES.answer.ticket.max; each += 1) await answerTicket(deps, next());
	await expect(answerTicket(deps, next())).rejects.toMatchObject({ code: 'too_many_requests' });
	expect((await rowsOf(deps, ticketId)).messages).toHaveLength(RATES.answer.ticket.max + 1);
});

test('closing begins the two years once; reopening, and writing, end the clock', async () => {
	const deps = freshDeps();
	const { ticketId, visitor } = await givenTicket(deps);
	const closedAtMs = deps.now().getTime();
	await closeTicket(deps, { ticketId, visitor });
	deps.clock.advance({ hours: 2 });
	await closeTicket(deps, { ticketId, visitor });
	expect((await rowsOf(deps, ticketId)).ticket).toMatchObject([{ state: 'closed', closedAtMs }]);
	expect((await readTicket(deps, { ticketId, visitor })).deleteAt).toBe(
		new Date(closedAtMs + 731 * 86_400_000).toISOString(),
	);
	await reopenTicket(deps, { ticketId, visitor });
	await reopenTicket(deps, { ticketId, visitor });
	expect((await rowsOf(deps, ticketId)).ticket).toMatchObject([{ state: 'waiting', closedAtMs: null }]);

	await closeTicket(deps, { ticketId, visitor });
	await answerTicket(deps, { ticketId, visitor, words: 'Once more', key: crypto.randomUUID(), network: null });
	expect((await rowsOf(deps, ticketId)).ticket).toMatchObject([{ state: 'waiting', closedAtMs: null }]);
});

test('without its key a ticket is not found, though its rows are there', async () => {
	const deps = freshDeps();
	const { ticketId, visitor } = await givenTicket(deps);
	await destroyDataKey(deps, ticketId);
	await expect(readTicket(deps, { ticketId, visitor })).rejects.toMatchObject({ code: 'not_found' });
});
