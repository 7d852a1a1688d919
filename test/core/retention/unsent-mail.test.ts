import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { mails } from '../../../schema/mail';
import { createMailGateway } from '../../../workers/core/gateways/resend';
import { mailStatements, queueMail } from '../../../workers/core/mail/queue-mail';
import { sendMail } from '../../../workers/core/mail/send-mail';
import { prune } from '../../../workers/core/retention/prune';
import { sweep } from '../../../workers/core/retention/sweep';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { fakeResend, refusal } from '../mail/fake-resend';
import { CODE_MAIL } from '../mail/mail-world';
import { retentionWorld } from './retention-world';

const DAY_MS = 86_400_000;

async function world() {
	const resend = fakeResend();
	const mailer = createMailGateway({ key: 're_test', baseUrl: 'https://resend.test' }, resend.fetch);
	const deps = { ...(await retentionWorld()), mailer };
	return { deps, resend, sweepNow: () => sweep(deps, { scheduledAtMs: deps.now().getTime() }) };
}

test('a mail whose message was lost is sent by the sweep, once', async () => {
	const { deps, resend, sweepNow } = await world();
	await queueMail(deps, CODE_MAIL);
	await sweepNow();
	expect(resend.calls).toEqual([]);
	deps.clock.advance({ minutes: 1 });
	await sweepNow();
	await sweepNow();
	expect(resend.mails).toHaveLength(1);
	expect(resend.calls).toHaveLength(1);
});

test('a mail that Resend does not take is counted, keeps nobody waiting, and comes again', async () => {
	const { deps, resend, sweepNow } = await world();
	await queueMail(deps, CODE_MAIL);
	await queueMail(deps, { ...CODE_MAIL, to: 'grace@practice.test' });
	deps.clock.advance({ minutes: 1 });
	resend.next.push(() => refusal(500, 'internal_server_error'));
	expect((await sweepNow()).failures).toBe(1);
	const errors = String(takeConsoleErrors());
	expect(errors).toContain('upstream_unavailable');
	expect(errors).not.toContain('practice.test');
	expect(resend.mails).toHaveLength(1);

	deps.clock.advance({ minutes: 2 });
	expect((await sweepNow()).failures).toBe(0);
	expect(resend.mails.map(({ to }) => to).toSorted()).toEqual(['ada@practice.test', 'grace@practice.test']);
});

test('one sweep sends at most twenty, and the next goes on', async () => {
	const { deps, resend, sweepNow } = await world();
	for (let mail = 0; mail < 25; mail += 1) await queueMail(deps, CODE_MAIL);
	deps.clock.advance({ minutes: 1 });
	await sweepNow();
	expect(resend.mails).toHaveLength(20);
	await sweepNow();
	expect(resend.mails).toHaveLength(25);
});

test('an ended mail stays a month and goes after it; a queued one is never pruned', async () => {
	const { deps } = await world();
	const ended = await mailStatements(deps, CODE_MAIL);
	const queued = await mailStatements(deps, CODE_MAIL);
	await deps.db.batch([...ended.statements, ...queued.statements]);
	await sendMail(deps, { mailId: ended.mailId });
	const endedAtMs = deps.now().getTime();
	const isThere = async ({ mailId }: { mailId: string }) =>
		(await deps.db.select().from(mails).where(eq(mails.id, mailId))).length === 1;

	await prune(deps, { dueMs: endedAtMs + 30 * DAY_MS - 1 });
	expect([await isThere(ended), await isThere(queued)]).toEqual([true, true]);
	await prune(deps, { dueMs: endedAtMs + 30 * DAY_MS });
	expect([await isThere(ended), await isThere(queued)]).toEqual([false, true]);
});
