import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { mails } from '../../../schema/mail';
import { listAudit } from '../../../workers/core/audit/list-audit';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { discloseData } from '../../../workers/core/staff-access/disclose-data';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenAccount } from '../../support/given';
import { WHENCE } from '../operations/given-operator';

async function given() {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const order = {
		whence: WHENCE,
		accountId: owner.accountId,
		authority: 'Amtsgericht Köln',
		dataClasses: ['billing', 'account'] as const,
		reason: 'Order 12 Gs 34/26',
		key: '12-Gs-34-26',
		isQuiet: false,
	};
	return { deps, owner, order };
}

async function toldOf(deps: TestDeps, owner: Awaited<ReturnType<typeof given>>['owner']) {
	const { items } = await listAudit(deps, { actor: owner, whence: WHENCE, filter: {}, limit: 50 });
	const rows = await deps.db.select().from(mails).where(eq(mails.kind, 'disclosure'));
	const opened = await Promise.all(
		rows.map(async ({ id, sealed }) => (sealed === null ? null : openMail(deps.mailKey, id, sealed))),
	);
	return {
		entries: items.filter(({ action }) => action === 'data.disclosed'),
		mails: opened.filter((mail) => mail?.to === `${owner.userId}@practice.test`),
	};
}

test('a disclosure stands in the owner’s record and is mailed, once', async () => {
	const { deps, owner, order } = await given();
	const [first] = await Promise.all([discloseData(deps, order), discloseData(deps, order)]);
	expect(first.isTold).toBe(true);
	expect(await discloseData(deps, order)).toEqual(first);
	const told = await toldOf(deps, owner);
	expect(told.entries).toMatchObject([
		{
			facts: { authority: 'Amtsgericht Köln', classes: 'Your account, What was paid', on: '2026-11-21' },
			reason: 'Order 12 Gs 34/26',
		},
	]);
	expect(told.mails).toMatchObject([{ what: ['Your account', 'What was paid'], atMs: deps.now().getTime() }]);
});

test('where a court forbids to tell, nobody is told until it no longer does, and then of the day on which it was', async () => {
	const { deps, owner, order } = await given();
	const atMs = deps.now().getTime();
	expect(await discloseData(deps, { ...order, isQuiet: true })).toMatchObject({ isTold: false });
	expect(await discloseData(deps, { ...order, isQuiet: true })).toMatchObject({ isTold: false });
	expect(await toldOf(deps, owner)).toEqual({ entries: [], mails: [] });
	deps.clock.advance({ hours: 24 * 40 });
	expect(await discloseData(deps, order)).toMatchObject({ isTold: true });
	const told = await toldOf(deps, owner);
	expect(told.entries).toMatchObject([{ facts: { on: '2026-11-21' } }]);
	expect(told.mails).toMatchObject([{ atMs }]);
});

test('an account that is not there has nothing disclosed', async () => {
	const { deps, order } = await given();
	await expect(discloseData(deps, { ...order, accountId: 'acc_none' })).rejects.toMatchObject({ code: 'not_found' });
});
