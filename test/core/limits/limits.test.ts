import { inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { rateWindows } from '../../../schema/limits';
import { RATES, type Rates, type Studio } from '../../../studios/studio';
import { limitStatements, windowsOf, type Limit } from '../../../workers/core/limits/limit-statements';
import { refusalOfLimit, requireWithinLimits } from '../../../workers/core/limits/require-within-limits';
import { freshDeps, START, type TestDeps } from '../../support/deps';

const MAX = RATES.signIn.address.max;

function someAddress(): string {
	return `${crypto.randomUUID()}@practice.test`;
}

/** A network of its own for each test. */
function someNetwork(): string {
	return `network ${crypto.randomUUID()}`;
}

function signIn(address: string, network: string | null = null): Limit[] {
	return [
		{ what: 'signIn', by: 'address', value: address },
		{ what: 'signIn', by: 'network', value: network },
	];
}

/** The stored rows of these limits, in their order; undefined where nothing was counted. */
async function countsOf(deps: TestDeps, limits: readonly Limit[]) {
	const windows = windowsOf(deps, limits);
	const keys = windows.map(({ key }) => key);
	const rows = await deps.db.select().from(rateWindows).where(inArray(rateWindows.key, keys));
	return windows.map(
		({ key, startsAtMs }) => rows.find((row) => row.key === key && row.startsAtMs === startsAtMs)?.count,
	);
}

async function outcomes(tries: readonly Promise<unknown>[]) {
	const settled = await Promise.allSettled(tries);
	return {
		passed: settled.filter(({ status }) => status === 'fulfilled').length,
		refusals: settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])),
	};
}

test('the last try of a window passes, the next is refused with the wait, and the next window starts anew', async () => {
	const deps = freshDeps();
	deps.clock.advance({ minutes: 3 });
	const limits = signIn(someAddress());
	for (let each = 0; each < MAX; each += 1) await requireWithinLimits(deps, limits);

	await expect(requireWithinLimits(deps, limits)).rejects.toMatchObject({
		code: 'too_many_requests',
		message: 'Too many tries from here. Wait 12 minutes, then try again.',
		details: { retryAfterSeconds: 12 * 60 },
	});
	expect(await countsOf(deps, limits)).toEqual([MAX]);

	deps.clock.advance({ minutes: 11, seconds: 59 });
	await expect(requireWithinLimits(deps, limits)).rejects.toMatchObject({
		message: 'Too many tries from here. Wait a minute, then try again.',
		details: { retryAfterSeconds: 1 },
	});
	deps.clock.advance({ seconds: 1 });
	await requireWithinLimits(deps, limits);
	expect(await countsOf(deps, limits)).toEqual([1]);
});

test('of fifty tries at once exactly as many pass as may, and no more are counted', async () => {
	const deps = freshDeps();
	const limits = signIn(someAddress());

	const { passed, refusals } = await outcomes(Array.from({ length: 50 }, () => requireWithinLimits(deps, limits)));

	expect(passed).toBe(MAX);
	for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'too_many_requests' });
	expect(await countsOf(deps, limits)).toEqual([MAX]);
});

test('many networks that try one address at once are counted together', async () => {
	const deps = freshDeps();
	const address = someAddress();
	const networks = Array.from({ length: 50 }, someNetwork);

	const { passed } = await outcomes(networks.map((network) => requireWithinLimits(deps, signIn(address, network))));

	expect(passed).toBe(MAX);
	const counted = await countsOf(
		deps,
		networks.map((value) => ({ what: 'signIn', by: 'network', value })),
	);
	expect(counted.filter((count) => count === 1)).toHaveLength(MAX);
	expect(counted.filter((count) => count === undefined)).toHaveLength(50 - MAX);
});

test('many addresses that are tried from one network at once are counted together', async () => {
	const deps = freshDeps();
	const network = someNetwork();
	const max = RATES.signIn.network.max;
	const addresses = Array.from({ length: max + 15 }, someAddress);

	const { passed } = await outcomes(addresses.map((address) => requireWithinLimits(deps, signIn(address, network))));

	expect(passed).toBe(max);
	expect(await countsOf(deps, [{ what: 'signIn', by: 'network', value: network }])).toEqual([max]);
});

test('over one limit the other is not counted either', async () => {
	const deps = freshDeps();
	const [address, network] = [someAddress(), someNetwork()];
	for (let each = 0; each < MAX; each += 1) await requireWithinLimits(deps, signIn(address));

	await expect(requireWithinLimits(deps, signIn(address, network))).rejects.toMatchObject({
		code: 'too_many_requests',
	});
	expect(await countsOf(deps, signIn(address, network))).toEqual([MAX, undefined]);
});

test('plus signs, letter case and a Gmail address’ dots are one address; other things are counted by themselves', async () => {
	const deps = freshDeps();
	const name = crypto.randomUUID().replaceAll('-', '');
	await requireWithinLimits(deps, signIn(`${name}@gmail.com`));
	await requireWithinLimits(deps, signIn(`${name.slice(0, 4)}.${name.slice(4)}+two@GoogleMail.com`));
	expect(await countsOf(deps, signIn(`${name}@gmail.com`))).toEqual([2]);

	await requireWithinLimits(deps, [{ what: 'code', by: 'address', value: `${name}@gmail.com` }]);
	expect(await countsOf(deps, [{ what: 'code', by: 'address', value: `${name}@gmail.com` }])).toEqual([1]);
	expect(await countsOf(deps, signIn(`${name}@gmail.com`))).toEqual([2]);
});

test('what has no network is counted by the rest, and without anything to count nothing is asked of D1', async () => {
	const deps = freshDeps();
	const address = someAddress();
	await requireWithinLimits(deps, signIn(address, null));
	expect(await countsOf(deps, signIn(address, null))).toEqual([1]);

	expect(limitStatements(deps, [{ what: 'signIn', by: 'network', value: null }])).toEqual([]);
});

test('a stored row tells neither the address nor the network', async () => {
	const deps = freshDeps();
	const limits = signIn('ada@practice.test', '203.0.113.0/24');
	await requireWithinLimits(deps, limits);

	const keys = windowsOf(deps, limits).map(({ key }) => key);
	const rows = await deps.db.select().from(rateWindows).where(inArray(rateWindows.key, keys));
	expect(rows).toHaveLength(2);
	expect(JSON.stringify(rows)).not.toMatch(/ada|practice|203|113/);
	for (const { key } of rows) expect(key).toMatch(/^[\w-]{43}$/);
	// The same under another key is another row: a copy of the table cannot be tried against without the secret.
	const elsewhere = windowsOf({ ...deps, lookupKey: 'another lookup key of the tests, 32 characters' }, limits);
	expect(elsewhere.map(({ key }) => key)).not.toEqual(keys);
});

test('a batch over the limit leaves nothing of itself, and the refusal tells the reason', async () => {
	const deps = freshDeps();
	const studio: Studio = { ...deps.studio, rates: withOrders({ max: 1, minutes: 60 }) };
	const limits: Limit[] = [{ what: 'order', by: 'account', value: deps.newId('account') }];
	const open = (id: string) =>
		deps.db.batch([
			deps.db.insert(accounts).values({ id, name: 'Practice', createdAtMs: START.getTime() }),
			...limitStatements({ ...deps, studio }, limits),
		]);
	const [first, second] = [deps.newId('account'), deps.newId('account')];
	await open(first);

	const cause: unknown = await open(second).catch((error: unknown) => error);

	expect(await refusalOfLimit({ ...deps, studio }, cause, limits)).toMatchObject({
		code: 'too_many_requests',
		message: 'Too many orders in a short time. Wait 60 minutes, then try again.',
		details: { retryAfterSeconds: 3600 },
	});
	const stored = await deps.db
		.select({ id: accounts.id })
		.from(accounts)
		.where(inArray(accounts.id, [first, second]));
	expect(stored).toEqual([{ id: first }]);
	expect(await refusalOfLimit(deps, new Error('NOT NULL constraint failed: uploads.account_id'), limits)).toBeNull();
});

test('a rate that was lowered holds for a window that runs', async () => {
	const deps = freshDeps();
	const limits: Limit[] = [{ what: 'order', by: 'account', value: deps.newId('account') }];
	const [loose, strict] = [4, 2].map((max) => ({ ...deps.studio, rates: withOrders({ max, minutes: 60 }) }));
	for (let each = 0; each < 3; each += 1) await requireWithinLimits({ ...deps, studio: loose ?? deps.studio }, limits);

	await expect(requireWithinLimits({ ...deps, studio: strict ?? deps.studio }, limits)).rejects.toMatchObject({
		code: 'too_many_requests',
	});
	expect(await countsOf(deps, limits)).toEqual([3]);
});

function withOrders(account: { max: number; minutes: number }): Rates {
	return { ...RATES, order: { ...RATES.order, account } };
}
