import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { auditEntries } from '../../../schema/audit';
import { legalHolds } from '../../../schema/erasures';
import { users } from '../../../schema/users';
import { answerTicket } from '../../../workers/core/support/answer-ticket';
import { closeTicket } from '../../../workers/core/support/close-ticket';
import { eraseTicketsByAddress } from '../../../workers/core/support/erase-by-address';
import { readTicket } from '../../../workers/core/support/read-ticket';
import {
	closeTicketByOperator,
	listTickets,
	readTicketByOperator,
	replyToTicket,
} from '../../../workers/core/support/tickets-by-operator';
import { freshDeps, type TestDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, firstWrites } from '../../support/faulty-d1';
import { givenUser } from '../../support/given';
import { WHENCE } from '../operations/given-operator';
import { givenTicket, mailsOf, rowsOf } from './given-ticket';

function recorded({ db }: TestDeps, ticketId: string) {
	return db.select().from(auditEntries).where(eq(auditEntries.targetId, ticketId));
}

test('those that wait are listed, the longest first, page by page, without an address', async () => {
	const deps = freshDeps();
	deps.clock.advance({ hours: -24 * 3650 });
	const opened: string[] = [];
	for (let each = 0; each < 22; each += 1) {
		opened.push((await givenTicket(deps)).ticketId);
		deps.clock.advance({ minutes: 1 });
	}
	const first = await listTickets(deps, { state: 'waiting' });
	expect(first.items.map(({ id }) => id)).toEqual(opened.slice(0, 20));
	expect(JSON.stringify(first)).not.toContain('@');
	const second = await listTickets(deps, { state: 'waiting', cursor: first.nextCursor ?? '' });
	expect(second.items.slice(0, 2).map(({ id }) => id)).toEqual(opened.slice(20));
	await expect(listTickets(deps, { state: 'waiting', cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_input' });
});

test('reading a conversation leaves an entry an hour, with no word of it', async () => {
	const deps = freshDeps();
	const { ticketId, order } = await givenTicket(deps);
	const order2 = { whence: WHENCE, ticketId };
	expect(await readTicketByOperator(deps, order2)).toMatchObject({ address: order.address, userId: null });
	await readTicketByOperator(deps, order2);
	expect(await recorded(deps, ticketId)).toMatchObject([
		{ action: 'ticket.read', accountId: null, userId: 'operator' },
	]);
	deps.clock.advance({ hours: 1 });
	await readTicketByOperator(deps, order2);
	expect(await recorded(deps, ticketId)).toHaveLength(2);
	expect(JSON.stringify(await recorded(deps, ticketId))).not.toMatch(/green|@/);
	await expect(readTicketByOperator(deps, { whence: WHENCE, ticketId: 'tkt_none' })).rejects.toMatchObject({
		code: 'not_found',
	});
});

test('a reply goes into the conversation and by mail, once, also when its answer was lost', async () => {
	const deps = freshDeps();
	const { ticketId, order, visitor } = await givenTicket(deps);
	deps.clock.advance({ minutes: 1 });
	const reply = { whence: WHENCE, ticketId, words: 'Turn the light on.', key: 'k-1' };
	const lost = faultyD1(deps.d1, firstWrites('after'), CONNECTION_LOST);
	const first = await replyToTicket({ ...deps, db: drizzle(lost.db) }, reply);
	expect(lost.happened.after).toBe(1);
	expect(await replyToTicket(deps, reply)).toEqual({ messageId: first.messageId, isNew: false });
	expect(await readTicket(deps, { ticketId, visitor })).toMatchObject({
		state: 'answered',
		messages: [{ author: 'person' }, { author: 'operator', words: 'Turn the light on.' }],
	});
	const sent = await mailsOf(deps, ticketId);
	expect(sent.map(({ kind }) => kind).toSorted()).toEqual(['ticket_answered', 'ticket_received']);
	expect(sent.find(({ kind }) => kind === 'ticket_answered')).toMatchObject({
		to: order.address,
		words: 'Turn the light on.',
	});
	expect((await recorded(deps, ticketId)).filter(({ action }) => action === 'ticket.answered')).toHaveLength(1);
	await answerTicket(deps, { ticketId, visitor, words: 'Thanks', key: crypto.randomUUID(), network: null });
	expect(await readTicket(deps, { ticketId, visitor })).toMatchObject({ state: 'waiting' });
});

test('a closed ticket is not replied to, and nothing is mailed', async () => {
	const deps = freshDeps();
	const { ticketId, visitor } = await givenTicket(deps);
	await closeTicket(deps, { ticketId, visitor });
	const before = await rowsOf(deps, ticketId);
	const reply = replyToTicket(deps, { whence: WHENCE, ticketId, words: 'Late', key: 'k-1' });
	await expect(reply).rejects.toMatchObject({ code: 'conflict' });
	expect(await rowsOf(deps, ticketId)).toEqual(before);
	expect(await mailsOf(deps, ticketId)).toHaveLength(1);
	expect(await recorded(deps, ticketId)).toEqual([]);
});

test('an operator closes a ticket once, and its clock is not moved by a second time', async () => {
	const deps = freshDeps();
	const { ticketId } = await givenTicket(deps);
	const closed = await closeTicketByOperator(deps, { whence: WHENCE, ticketId });
	deps.clock.advance({ hours: 5 });
	expect(await closeTicketByOperator(deps, { whence: WHENCE, ticketId })).toEqual(closed);
	expect(await recorded(deps, ticketId)).toMatchObject([{ action: 'ticket.closed' }]);
	await expect(closeTicketByOperator(deps, { whence: WHENCE, ticketId: 'tkt_none' })).rejects.toMatchObject({
		code: 'not_found',
	});
});

test('all that was written from an address goes, and the record has how many and not from where', async () => {
	const deps = freshDeps();
	const { userId } = await givenUser(deps);
	const address = `${crypto.randomUUID()}@practice.test`;
	const gone = [
		await givenTicket(deps, { address }),
		await givenTicket(deps, { address: address.toUpperCase(), userId }),
	];
	const stays = await givenTicket(deps);
	const order = { whence: WHENCE, address, reason: `Asked on ${crypto.randomUUID()}` };
	expect(await eraseTicketsByAddress(deps, order)).toEqual({ erased: 2, left: 0 });
	expect(await eraseTicketsByAddress(deps, order)).toEqual({ erased: 0, left: 0 });
	for (const { ticketId } of gone) {
		expect(await rowsOf(deps, ticketId)).toEqual({ ticket: [], messages: [] });
		expect(await deps.vault.store.read(`keys/${ticketId}`)).toBeNull();
	}
	expect((await rowsOf(deps, stays.ticketId)).ticket).toHaveLength(1);
	const entries = await deps.db.select().from(auditEntries).where(eq(auditEntries.reason, order.reason));
	expect(entries).toMatchObject([{ action: 'tickets.erased', facts: { tickets: '2' }, accountId: null }]);
	expect(JSON.stringify(entries)).not.toContain(address);
});

test('what a law keeps is not destroyed by its address either, until the hold is released', async () => {
	const deps = freshDeps();
	const { userId, email } = await givenUser(deps);
	const held = await givenTicket(deps, { address: email, userId });
	const before = await givenTicket(deps, { address: email });
	const hold = { id: `lgh_${userId}`, targetKind: 'person', targetId: userId, matter: 'A case' } as const;
	await deps.db.insert(legalHolds).values({ ...hold, placedAtMs: 1 });
	const order = { whence: WHENCE, address: email, reason: `Asked on ${crypto.randomUUID()}` };
	await expect(eraseTicketsByAddress(deps, order)).rejects.toMatchObject({ code: 'conflict' });
	for (const { ticketId } of [held, before]) {
		expect((await rowsOf(deps, ticketId)).ticket).toHaveLength(1);
		expect(await deps.vault.store.read(`keys/${ticketId}`)).not.toBeNull();
	}
	expect(await deps.db.select().from(auditEntries).where(eq(auditEntries.reason, order.reason))).toEqual([]);
	await deps.db.update(legalHolds).set({ releasedAtMs: 2 }).where(eq(legalHolds.id, hold.id));
	expect(await eraseTicketsByAddress(deps, order)).toEqual({ erased: 2, left: 0 });
});

test('who has another address since is answered there, and nowhere else', async () => {
	const deps = freshDeps();
	const { userId, email } = await givenUser(deps);
	const { ticketId } = await givenTicket(deps, { userId, address: email });
	const address = `${crypto.randomUUID()}@new.test`;
	await deps.db.update(users).set({ email: address }).where(eq(users.id, userId));
	expect(await readTicketByOperator(deps, { whence: WHENCE, ticketId })).toMatchObject({ address });
	await replyToTicket(deps, { whence: WHENCE, ticketId, words: 'It is mended.', key: crypto.randomUUID() });
	const answers = (await mailsOf(deps, ticketId)).filter(({ kind }) => kind === 'ticket_answered');
	expect(answers.map(({ to }) => to)).toEqual([address]);
});
