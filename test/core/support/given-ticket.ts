import { eq } from 'drizzle-orm';

import { mails } from '../../../schema/mail';
import { ticketMessages, tickets } from '../../../schema/support';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { openTicket, type TicketOrder } from '../../../workers/core/support/open-ticket';
import type { TestDeps } from '../../support/deps';

/** An address and a network of its own, so that no other test's windows are in the way. */
export function anOrder(changed: Partial<TicketOrder> = {}): TicketOrder {
	const key = crypto.randomUUID();
	return {
		userId: null,
		address: `${key}@practice.test`,
		subject: 'The video is green',
		words: 'All three came out green.\n\nWhy?',
		key,
		network: null,
		...changed,
	};
}

export async function givenTicket(deps: TestDeps, changed: Partial<TicketOrder> = {}) {
	const order = anOrder(changed);
	const { ticketId } = await openTicket(deps, order);
	const [mail] = await mailsOf(deps, ticketId);
	const token = mail?.url.split('#')[1] ?? '';
	return { ticketId, order, token, visitor: { token, userId: null } };
}

/** What was mailed about a ticket, oldest first. */
export async function mailsOf(deps: TestDeps, ticketId: string) {
	const rows = await deps.db.select().from(mails);
	const opened = await Promise.all(
		rows.map(async ({ id, sealed }) => (sealed === null ? null : openMail(deps.mailKey, id, sealed).catch(() => null))),
	);
	return opened.flatMap((mail) =>
		mail !== null && 'url' in mail && mail.url.includes(`/contact/${ticketId}#`) ? [mail] : [],
	);
}

/** Every stored row of a ticket, to show that a refusal changed none. */
export async function rowsOf({ db }: Pick<TestDeps, 'db'>, ticketId: string) {
	return {
		ticket: await db.select().from(tickets).where(eq(tickets.id, ticketId)),
		messages: await db.select().from(ticketMessages).where(eq(ticketMessages.ticketId, ticketId)),
	};
}
