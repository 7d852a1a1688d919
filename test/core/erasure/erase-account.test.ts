import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { DATA_MAP } from '../../../schema/data-map/data-map';
import { STUDIOS } from '../../../studios/all';
import { openAccount } from '../../../workers/core/accounts/open-account';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { ROW_ORDER } from '../../../workers/core/erasure/erase-records';
import { countLeft, ruleOf } from '../../../workers/core/erasure/owned-rows';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { startRender } from '../../../workers/core/renders/start-render';
import { isErased } from '../../../workers/core/vault/tombstone';
import { balanceOf, givenAccount, givenSession, givenUser, ledgerOf } from '../../support/given';
import { deliver, givenReadyUpload, givenRender, renderWorld, smileOrder } from '../../support/render-world';
import { erasureOf, givenFinishedSmile, keysBelow, receiptBodyOf, untilErased } from './erasure-world';

const NOWHERE = { network: null, country: null, browser: null };
const STATEMENT = STUDIOS.dental.statement?.textVersion;

const target = (accountId: string) => ({ kind: 'account', targetId: accountId, accountId }) as const;

test('every table with rows that an erasure deletes or empties has its turn, children first', () => {
	const named = Object.keys(DATA_MAP).filter((table) =>
		(['person', 'account', 'subject'] as const).some((kind) => ruleOf(table, kind) !== 'none'),
	);
	expect(named.toSorted()).toEqual([...ROW_ORDER].toSorted());
});

test('an erased account leaves its number, its ledger and its receipts, and no row, object or key else', async () => {
	const deps = await renderWorld();
	const { actor } = await givenFinishedSmile(deps);
	const { accountId } = actor;
	await env.MEDIA.put(`out/${accountId}/${'a'.repeat(32)}`, 'left by a crash');
	const before = await ledgerOf(deps, accountId);

	const { erasureId, receiptId } = await requestErasure(deps, target(accountId));
	await untilErased(deps, erasureId);

	for (const table of Object.keys(DATA_MAP))
		expect([table, await countLeft(deps.db, table, target(accountId))]).toEqual([table, 0]);
	for (const prefix of ['src', 'out', 'logo']) expect(await keysBelow(`${prefix}/${accountId}/`)).toEqual([]);
	expect(await deps.db.select().from(accounts).where(eq(accounts.id, accountId))).toMatchObject([
		{ name: '', phone: null, website: null, address: null, logoUploadId: null },
	]);
	expect(await ledgerOf(deps, accountId)).toEqual(before);
	expect((await auditLedger(deps)).violations).toEqual([]);
	expect(deps.fal.requests.every(({ isHeld }) => !isHeld)).toBe(true);
	const body = await receiptBodyOf(deps, receiptId);
	expect(body).toMatchObject({
		kind: 'account_erased',
		objectId: accountId,
		deleted: [
			{ what: 'practice', count: 1 },
			{ what: 'picture or video', count: 2 },
			{ what: 'photo', count: 1 },
			{ what: 'order', count: 1 },
		],
	});
	expect(body?.places).toContainEqual(expect.objectContaining({ name: 'fal.ai', state: 'deleted' }));
	expect(body?.kept.map(({ what }) => what)).toContain(
		'What was paid and which credits came and went, under a random number',
	);
	expect((await erasureOf(deps, erasureId)).erasure).toMatchObject({ state: 'certified', doneMail: null });
	expect(await isErased(deps, accountId)).toBe(true);
});

test('nobody orders in an account from the moment its erasure is asked for, and nothing of the try is stored', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	await requestErasure(deps, target(actor.accountId));
	await expect(startRender(deps, smileOrder(actor, upload.id))).rejects.toMatchObject({ code: 'gone' });
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
});

test('an order under way is stopped, its credits are free again, and fal forgets it', async () => {
	const deps = await renderWorld();
	const { actor } = await givenRender(deps);
	await deliver(deps);
	const { erasureId } = await requestErasure(deps, target(actor.accountId));
	await untilErased(deps, erasureId);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
	expect(deps.fal.requests.map(({ isCancelled, isHeld }) => [isCancelled, isHeld])).toEqual([[true, false]]);
});

test('asked for again, also at the same time, it is one erasure with one receipt', async () => {
	const deps = await renderWorld();
	const { accountId } = await givenAccount(deps);
	const [first, second] = await Promise.all([
		requestErasure(deps, target(accountId)),
		requestErasure(deps, target(accountId)),
	]);
	expect(second).toEqual(first);
	expect(await requestErasure(deps, target(accountId))).toEqual(first);
});

test('what is not there is not found, and leaves no tombstone', async () => {
	const deps = await renderWorld();
	const id = deps.newId('account');
	await expect(requestErasure(deps, target(id))).rejects.toMatchObject({ code: 'not_found' });
	expect(await isErased(deps, id)).toBe(false);
});

test('an account whose id follows from the key it was opened with is certified as any other', async () => {
	const deps = await renderWorld();
	const { userId, email } = await givenUser(deps);
	const via = await givenSession(deps, { userId, accountId: null });
	const person = { userId, sessionId: via.sessionId, email };
	const opened = { person, whence: NOWHERE, name: 'Praxis', key: crypto.randomUUID(), statementVersion: STATEMENT };
	const { id } = await openAccount(deps, opened);
	const { erasureId, receiptId } = await requestErasure(deps, target(id));
	await untilErased(deps, erasureId);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ objectId: id });
});
