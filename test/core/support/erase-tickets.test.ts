import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { legalHolds } from '../../../schema/erasures';
import { answerTicket } from '../../../workers/core/support/answer-ticket';
import { closeTicket } from '../../../workers/core/support/close-ticket';
import { eraseDueTickets, eraseTickets } from '../../../workers/core/support/erase-tickets';
import { readTicket } from '../../../workers/core/support/read-ticket';
import { freshDeps, type TestDeps } from '../../support/deps';
import { faultyD1, OBJECT_RESET } from '../../support/faulty-d1';
import { givenUser } from '../../support/given';
import { givenTicket, rowsOf } from './given-ticket';

const KEPT_MS = 731 * 86_400_000;

async function sweepAll(deps: TestDeps, dueMs: number) {
	while ((await eraseDueTickets(deps, { dueMs })) > 0);
}

async function isGone(deps: TestDeps, ticketId: string) {
	const { ticket, messages } = await rowsOf(deps, ticketId);
	const key = await deps.vault.store.read(`keys/${ticketId}`);
	return { rows: ticket.length + messages.length, hasKey: key !== null };
}

test('a closed ticket leaves with its key after two years, and not a millisecond before', async () => {
	const deps = freshDeps();
	const { ticketId, visitor } = await givenTicket(deps);
	const open = await givenTicket(deps);
	await closeTicket(deps, { ticketId, visitor });
	const dueMs = deps.now().getTime() + KEPT_MS;
	await sweepAll(deps, dueMs - 1);
	expect(await isGone(deps, ticketId)).toEqual({ rows: 2, hasKey: true });
	await sweepAll(deps, dueMs);
	expect(await isGone(deps, ticketId)).toEqual({ rows: 0, hasKey: false });
	expect(await isGone(deps, open.ticketId)).toEqual({ rows: 2, hasKey: true });
});

test('a ticket of somebody whose data the law keeps stays until the hold is released', async () => {
	const deps = freshDeps();
	const { userId, email } = await givenUser(deps);
	const { ticketId, visitor } = await givenTicket(deps, { userId, address: email });
	await closeTicket(deps, { ticketId, visitor });
	const hold = { id: `lgh_${userId}`, targetKind: 'person', targetId: userId, matter: 'A case' } as const;
	await deps.db.insert(legalHolds).values({ ...hold, placedAtMs: 1 });
	const dueMs = deps.now().getTime() + KEPT_MS;
	await sweepAll(deps, dueMs);
	expect(await isGone(deps, ticketId)).toEqual({ rows: 2, hasKey: true });
	await deps.db.update(legalHolds).set({ releasedAtMs: 2 });
	await sweepAll(deps, dueMs);
	expect(await isGone(deps, ticketId)).toEqual({ rows: 0, hasKey: false });
});

test('an erasure that breaks off before the rows leaves nothing readable, and the sweep finishes it', async () => {
	const deps = freshDeps();
	const { ticketId, visitor } = await givenTicket(deps);
	const faulty = faultyD1(deps.d1, (call) => (/^delete/i.test(call.sql[0]!) ? 'before' : null), OBJECT_RESET);
	const broken = eraseTickets({ ...deps, db: drizzle(faulty.db) }, { ticketIds: [ticketId] });
	await expect(broken).rejects.toThrow(/Failed query|to be reset/);
	expect(await isGone(deps, ticketId)).toEqual({ rows: 2, hasKey: false });
	await expect(readTicket(deps, { ticketId, visitor })).rejects.toMatchObject({ code: 'not_found' });
	await sweepAll(deps, deps.now().getTime());
	expect(await isGone(deps, ticketId)).toEqual({ rows: 0, hasKey: false });
});

test('words that are written while their ticket is erased are refused, and leave no key behind', async () => {
	const deps = freshDeps();
	const { ticketId, visitor } = await givenTicket(deps);
	let hasErased = false;
	const faulty = faultyD1(deps.d1, () => null, OBJECT_RESET);
	const store = {
		...deps.vault.store,
		read: async (name: string) => {
			// Between its read of the row and its write, everything goes.
			if (!hasErased) {
				hasErased = true;
				await eraseTickets(freshDeps(), { ticketIds: [ticketId] });
			}
			return deps.vault.store.read(name);
		},
	};
	const racing = { ...deps, db: drizzle(faulty.db), vault: { ...deps.vault, store, opened: new Map() } };
	const answer = answerTicket(racing, {
		ticketId,
		visitor,
		words: 'Too late',
		key: crypto.randomUUID(),
		network: null,
	});
	await expect(answer).rejects.toMatchObject({ code: 'not_found' });
	expect(hasErased).toBe(true);
	expect(await isGone(deps, ticketId)).toEqual({ rows: 0, hasKey: false });
});
