import { eq, inArray, like } from 'drizzle-orm';
import { array, assert, asyncProperty, constantFrom, nat, record, tuple, type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';

import { creditAccounts, creditEntries, creditHoldResolutions, creditHolds } from '../../../schema/credits';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { AppError } from '../../../workers/core/errors';
import { toCredits } from '../../../workers/core/money';
import { freshDeps, type TestDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, OBJECT_RESET, type D1Fault } from '../../support/faulty-d1';
import { givenAccount } from '../../support/given';
import { propertyParameters } from '../../support/property';
import { holdOf, LedgerModel, type Answered, type Command, type Outcome, type Stored } from './ledger-model';

/*
 * Two accounts, five holds, a few grants: commands race in waves while D1 fails before and after commits, and callers
 * come back up to four times. After every wave the stored rows have to be exactly what the answers promised.
 */

const RUNS = 40;
const TRIES_MAX = 4;
const SLOTS = 5;

const command: Arbitrary<Command> = record({
	kind: constantFrom('grant', 'hold', 'hold', 'capture', 'capture', 'release'),
	account: constantFrom(0, 0, 0, 1),
	slot: nat(SLOTS - 1),
	// Few amounts, so that captures mostly fit their holds and sometimes do not.
	credits: constantFrom(7, 7, 7, 7, 25),
});
const waves = array(array(command, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });
const welcome = tuple(nat(40), nat(40));
const fault = record({
	at: constantFrom<D1Fault | null>('before', 'after', null, null, null, null),
	// Rarely the kind that is retried with real pauses: the callers' own tries reach the same states sooner.
	isTransient: nat(15).map((n) => n === 0),
});
const faults = array(fault, { minLength: 1, maxLength: 60 });

const figures = { commands: 0, audits: 0, before: 0, after: 0, unknown: 0 };

test('racing commands under faults leave exactly what their answers promised', { timeout: 60_000 }, async () => {
	const parameters = propertyParameters('ledger property', RUNS);
	await assert(asyncProperty(welcome, waves, faults, checkRun), parameters);
	console.log(`ledger property: ${JSON.stringify(figures)}, 0 violations`);
	expect(figures.before).toBeGreaterThan(0);
	expect(figures.after).toBeGreaterThan(0);
});

async function checkRun(
	credits: readonly [number, number],
	racing: readonly Command[][],
	planned: readonly { at: D1Fault | null; isTransient: boolean }[],
): Promise<void> {
	const deps = freshDeps();
	const run = crypto.randomUUID();
	const accountIds = [
		(await givenAccount(deps, { credits: credits[0] })).accountId,
		(await givenAccount(deps, { credits: credits[1] })).accountId,
	];
	let call = 0;
	const { db, happened } = faultyD1(
		deps.d1,
		() => planned[call++ % planned.length]?.at ?? null,
		() => (planned[call % planned.length]?.isTransient === true ? CONNECTION_LOST : OBJECT_RESET),
	);
	const faulty = freshDeps({ d1: db });
	const model = new LedgerModel(credits);

	for (const wave of racing) {
		const [answered] = await Promise.all([
			Promise.all(wave.map((one) => answer(faulty, run, accountIds, one))),
			expectSoundMeanwhile(deps),
		]);
		const stored = await readStored(deps, run, accountIds);
		expect(model.learn(answered, stored)).toEqual([]);
		expect(stored).toEqual({
			posted: accountIds.map((_, account) => model.posted(account)),
			held: accountIds.map((_, account) => model.held(account)),
			grants: model.grants,
			holds: model.holds,
			resolutions: model.resolutions,
		});
		for (const account of [0, 1]) expect(model.posted(account) - model.held(account)).toBeGreaterThanOrEqual(0);
	}
	figures.before += happened.before;
	figures.after += happened.after;
}

/** Reads between the wave's commits: the ledger is sound at every instant, not only at the end. */
async function expectSoundMeanwhile(deps: TestDeps): Promise<void> {
	figures.audits += 1;
	expect((await auditLedger(deps)).violations).toEqual([]);
}

async function answer(deps: TestDeps, run: string, accountIds: readonly string[], one: Command): Promise<Answered> {
	figures.commands += 1;
	for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
		try {
			await perform(deps, run, accountIds, one);
			return { command: one, outcome: 'done' };
		} catch (error) {
			if (error instanceof AppError) return { command: one, outcome: outcomeOf(error) };
			if (!isInjected(error)) throw error;
		}
	}
	figures.unknown += 1;
	return { command: one, outcome: 'unknown' };
}

function isInjected(error: unknown): boolean {
	for (let at: unknown = error; at instanceof Error; at = at.cause) {
		if (at.message === OBJECT_RESET || at.message === CONNECTION_LOST) return true;
	}
	return false;
}

function outcomeOf(error: AppError): Outcome {
	const { code } = error;
	if (code === 'insufficient_credits' || code === 'conflict' || code === 'not_found') return code;
	throw error;
}

function perform(deps: TestDeps, run: string, accountIds: readonly string[], one: Command): Promise<void> {
	const amount = toCredits(one.credits);
	const hold = { ...holdOf(run, accountIds, one), amount };
	if (one.kind === 'hold') return holdCredits(deps, hold);
	if (one.kind === 'capture') return captureCredits(deps, hold);
	if (one.kind === 'release') return releaseCredits(deps, hold);
	const entryId = `grant:${run}:${one.account}/${one.slot}`;
	return grantCredits(deps, { entryId, accountId: hold.accountId, amount, source: 'promo' });
}

async function readStored({ db }: TestDeps, run: string, accountIds: readonly string[]): Promise<Stored> {
	const [accounts, grants, holds] = await Promise.all([
		db
			.select()
			.from(creditAccounts)
			.where(inArray(creditAccounts.id, [...accountIds])),
		db
			.select()
			.from(creditEntries)
			.where(like(creditEntries.id, `grant:${run}:%`)),
		db
			.select({
				id: creditHolds.id,
				accountId: creditHolds.accountId,
				amount: creditHolds.amount,
				kind: creditHoldResolutions.kind,
			})
			.from(creditHolds)
			.leftJoin(creditHoldResolutions, eq(creditHoldResolutions.holdId, creditHolds.id))
			.where(like(creditHolds.id, `hold:${run}:%`)),
	]);
	const inOrder = accountIds.map((id) => accounts.find((account) => account.id === id)!);
	const slotOf = (id: string) => Number(id.slice(`hold:${run}:`.length));
	return {
		posted: inOrder.map(({ posted }) => posted),
		held: inOrder.map(({ held }) => held),
		grants: new Map(grants.map(({ id, amount }) => [id.slice(`grant:${run}:`.length), amount])),
		holds: new Map(
			holds.map(({ id, accountId, amount }) => [slotOf(id), { account: accountIds.indexOf(accountId), amount }]),
		),
		resolutions: new Map(holds.flatMap(({ id, kind }) => (kind === null ? [] : [[slotOf(id), kind] as const]))),
	};
}
