import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { incidentNotices } from '../../../schema/incidents';
import { mailEvents, mails, mailSuppressions } from '../../../schema/mail';
import { findAffected } from '../../../workers/core/incidents/find-affected';
import { readIncident } from '../../../workers/core/incidents/incident-view';
import { tellAffected } from '../../../workers/core/incidents/tell-affected';
import { handleMailEvent } from '../../../workers/core/mail/handle-mail-event';
import { sendMail } from '../../../workers/core/mail/send-mail';
import { faultyD1, OBJECT_RESET } from '../../support/faulty-d1';
import { givenAccount } from '../../support/given';
import { refusal } from '../mail/fake-resend';
import { mailWorld, type MailWorld } from '../mail/mail-world';
import { WHENCE } from '../operations/given-operator';
import { givenIncident, noticeMailsOf } from './given-incident';

beforeEach(() => {
	vi.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(() => {
	vi.restoreAllMocks();
});

/** An incident that everybody here was written to about, none of whose mails went out yet. */
async function givenWritten(deps: MailWorld) {
	const owner = await givenAccount(deps);
	const incidentId = await givenIncident(deps, { untilMs: deps.now().getTime() });
	while ((await tellAffected(deps, { whence: WHENCE, incidentId })).left > 0);
	const written = await noticeMailsOf(deps, incidentId);
	return { ...owner, incidentId, written, mailId: written.get(owner.userId) ?? '' };
}

async function endOf({ db }: MailWorld, mailId: string) {
	const [row] = await db.select().from(incidentNotices).where(eq(incidentNotices.mailId, mailId));
	return row?.mailEnd;
}

/** A notice of Resend's, recorded and handled. */
async function hear(deps: MailWorld, mailId: string, event: { type: string; bounceType?: string }): Promise<void> {
	const id = `msg_${crypto.randomUUID()}`;
	const providerId = deps.resend.idOf(mailId) ?? '';
	await deps.db.insert(mailEvents).values({ id, providerId, receivedAtMs: deps.now().getTime(), ...event });
	await handleMailEvent(deps, { eventId: id });
}

async function unreachedIn(deps: MailWorld, incidentId: string) {
	return (await findAffected(deps, { whence: WHENCE, incidentId })).unreached;
}

test('nobody counts as told before the processor took their mail', async () => {
	const deps = mailWorld();
	const { incidentId, mailId, written } = await givenWritten(deps);
	const count = written.size;
	expect(await readIncident(deps, { incidentId })).toMatchObject({ told: 0, underWay: count, notReached: 0 });
	await sendMail(deps, { mailId });
	expect(await readIncident(deps, { incidentId })).toMatchObject({ told: 1, underWay: count - 1, notReached: 0 });
	expect(await unreachedIn(deps, incidentId)).toEqual([]);
});

test.each([
	{ type: 'email.bounced', bounceType: 'Permanent' },
	{ type: 'email.bounced', bounceType: 'Transient' },
	{ type: 'email.suppressed' },
	{ type: 'email.failed' },
])('whose mail came back with %o was not told, and is named with their account', async (event) => {
	const deps = mailWorld();
	const { incidentId, mailId, userId, accountId } = await givenWritten(deps);
	await sendMail(deps, { mailId });
	await hear(deps, mailId, event);
	expect(await endOf(deps, mailId)).toBe('returned');
	expect(await readIncident(deps, { incidentId })).toMatchObject({ told: 0, notReached: 1 });
	expect(await unreachedIn(deps, incidentId)).toEqual([{ userId, accounts: [accountId], why: 'returned' }]);
	const isForGood = event.bounceType !== 'Transient' && event.type !== 'email.failed';
	const [mail] = await deps.db.select().from(mails).where(eq(mails.id, mailId));
	const isHere = eq(mailSuppressions.addressHash, mail?.addressHash ?? '');
	expect(await deps.db.$count(mailSuppressions, isHere)).toBe(isForGood ? 1 : 0);
	await sendMail(deps, { mailId });
	expect(await endOf(deps, mailId)).toBe('returned');
});

test('that somebody calls the notice unwanted does not mean that it did not reach them', async () => {
	const deps = mailWorld();
	const { incidentId, mailId } = await givenWritten(deps);
	await sendMail(deps, { mailId });
	await hear(deps, mailId, { type: 'email.complained' });
	expect(await readIncident(deps, { incidentId })).toMatchObject({ told: 1, notReached: 0 });
});

test('whose address is dead, and whose mail is refused, were not told', async () => {
	const deps = mailWorld();
	const other = await givenAccount(deps);
	const { incidentId, mailId, userId, accountId, written } = await givenWritten(deps);
	const [mail] = await deps.db.select().from(mails).where(eq(mails.id, mailId));
	await deps.db
		.insert(mailSuppressions)
		.values({ addressHash: mail?.addressHash ?? '', reason: 'bounced', sinceMs: 1 });
	await sendMail(deps, { mailId });
	deps.resend.next.push(() => refusal(422, 'validation_error'));
	await sendMail(deps, { mailId: written.get(other.userId) ?? '' });
	expect(await readIncident(deps, { incidentId })).toMatchObject({ told: 0, notReached: 2 });
	const unreached = await unreachedIn(deps, incidentId);
	expect(unreached).toEqual(
		[
			{ userId, accounts: [accountId], why: 'suppressed' },
			{ userId: other.userId, accounts: [other.accountId], why: 'failed' },
		].toSorted((one, two) => (one.userId < two.userId ? -1 : 1)),
	);
	expect(JSON.stringify(unreached)).not.toContain('@');
});

test('what breaks off between the mail and its notice leaves neither, and sent again both, one mail in all', async () => {
	const deps = mailWorld();
	const { mailId } = await givenWritten(deps);
	const faulty = faultyD1(
		deps.d1,
		({ sql }) => (sql.some((text) => /update "incident_notices"/i.test(text)) ? 'before' : null),
		OBJECT_RESET,
	);
	await expect(sendMail({ ...deps, db: drizzle(faulty.db) }, { mailId })).rejects.toThrow(/Failed query|to be reset/);
	const [mail] = await deps.db.select().from(mails).where(eq(mails.id, mailId));
	expect([mail?.state, await endOf(deps, mailId)]).toEqual(['queued', null]);
	await sendMail(deps, { mailId });
	expect(await endOf(deps, mailId)).toBe('taken');
	expect(deps.resend.mails).toHaveLength(1);
});
