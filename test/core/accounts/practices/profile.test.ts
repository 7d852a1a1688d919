import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { accounts } from '../../../../schema/accounts';
import { changeAccount } from '../../../../workers/core/accounts/change-account';
import { readAccount } from '../../../../workers/core/accounts/read-account';
import { AccountChange } from '../../../../workers/api/contract/account';
import { countD1 } from '../../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../../support/faulty-d1';
import { givenAccount, givenMember } from '../../../support/given';
import { auditOf, WHENCE } from '../../../support/given-invitation';

const FILLED = {
	name: 'Bright Smiles',
	phone: '+49 30 123456',
	website: 'https://smile.example',
	address: '1 Mill Lane',
};
const EMPTY = { phone: null, website: null, address: null, logoUrl: null };

async function storedOf({ db }: TestDeps, accountId: string) {
	const [row] = await db.select().from(accounts).where(eq(accounts.id, accountId));
	return row;
}

test('a new account has a name and nothing else, and is read in one statement', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const counted = countD1(deps.d1);

	expect(await readAccount({ ...deps, db: drizzle(counted.db) }, { actor })).toEqual({
		id: actor.accountId,
		name: 'Practice',
		createdAt: '2026-11-21T12:00:00.000Z',
		// Until somebody has said where it advertises, the strictest rules hold.
		jurisdiction: 'US-CA',
		isJurisdictionChosen: false,
		...EMPTY,
	});
	expect(counted.count).toEqual({ statements: 1, batches: 0 });
});

test('every field can be filled, changed by itself and emptied, with an entry that names the fields and not their words', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const change = (changed: object) => changeAccount(deps, { actor, whence: WHENCE, change: changed });

	await change(FILLED);
	expect(await readAccount(deps, { actor })).toMatchObject(FILLED);
	await change({ phone: '+49 30 654321' });
	expect(await readAccount(deps, { actor })).toMatchObject({ ...FILLED, phone: '+49 30 654321' });
	await change({ phone: '', website: '', address: '' });
	expect(await readAccount(deps, { actor })).toMatchObject({ name: 'Bright Smiles', ...EMPTY });

	const entries = await auditOf(deps, actor.accountId);
	expect(new Set(entries.map(({ action, facts }) => `${action}: ${facts['fields']}`))).toEqual(
		new Set([
			'account.changed: name, phone, website, address',
			'account.changed: phone',
			'account.changed: phone, website, address',
		]),
	);
	expect(entries).toHaveLength(3);
	expect(JSON.stringify(entries)).not.toContain('Mill Lane');
});

test('what is said already changes nothing and leaves no entry', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);

	await changeAccount(deps, { actor, whence: WHENCE, change: { name: 'Practice', phone: '' } });

	expect(await auditOf(deps, actor.accountId)).toEqual([]);
});

test('who may not any more changes nothing, and nobody changes another’s', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const other = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });

	for (const actor of [staff, { ...other, accountId: owner.accountId }]) {
		const refused = changeAccount(deps, { actor, whence: WHENCE, change: FILLED });
		await expect(refused).rejects.toMatchObject({ code: 'not_allowed' });
	}
	expect(await storedOf(deps, owner.accountId)).toMatchObject({ name: 'Practice', phone: null });
	expect(await auditOf(deps, owner.accountId)).toEqual([]);
});

test('when the batch stops half-way the profile is as it was', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const { db } = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);

	const stopped = changeAccount({ ...deps, db: drizzle(db) }, { actor, whence: WHENCE, change: FILLED });

	await expect(stopped).rejects.toThrow(OBJECT_RESET);
	expect(await storedOf(deps, actor.accountId)).toMatchObject({ name: 'Practice', phone: null });
	expect(await auditOf(deps, actor.accountId)).toEqual([]);
});

test.each([
	['https://smile.example', true],
	['http://smile.example/team?x=1', true],
	['', true],
	['smile.example', false],
	['javascript:alert(1)', false],
	['data:text/html,hello', false],
	['ftp://smile.example', false],
	['https://good.example@evil.example', false],
	[`https://smile.example/${'x'.repeat(200)}`, false],
])('a website "%s" is taken: %s', (website, isTaken) => {
	expect(AccountChange.safeParse({ website }).success).toBe(isTaken);
});

test('what is typed is trimmed and has a length; a name cannot be empty', () => {
	expect(AccountChange.parse({ name: '  Bright  ', phone: ' ' })).toEqual({ name: 'Bright', phone: '' });
	const tooMuch = { name: 'x'.repeat(121), phone: 'x'.repeat(41), address: 'x'.repeat(301) };
	for (const [field, value] of Object.entries({ ...tooMuch, website: 'nothing' })) {
		expect(AccountChange.safeParse({ [field]: value }).success).toBe(false);
	}
	expect(AccountChange.safeParse({ name: '   ' }).success).toBe(false);
});
