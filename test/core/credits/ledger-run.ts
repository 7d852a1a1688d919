import { drizzle } from 'drizzle-orm/d1';
import { array, constantFrom, nat, record, tuple, type Arbitrary } from 'fast-check';

import { accounts } from '../../../schema/accounts';
import { creditAccounts } from '../../../schema/credits';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { collectOwed } from '../../../workers/core/credits/collect-owed';
import { freezeCredits, loseCredits, thawCredits } from '../../../workers/core/credits/dispute-credits';
import { expireCredits } from '../../../workers/core/credits/expire-credits';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { reinstateCredits } from '../../../workers/core/credits/reinstate-credits';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { returnCredits } from '../../../workers/core/credits/return-credits';
import { reverseCredits } from '../../../workers/core/credits/reverse-credits';
import { sealLedger } from '../../../workers/core/credits/seal-ledger';
import type { Deps } from '../../../workers/core/deps';
import { AppError } from '../../../workers/core/errors';
import { newId } from '../../../workers/core/ids';
import { toCredits } from '../../../workers/core/money';
import { CONNECTION_LOST, OBJECT_RESET, type D1Fault } from '../../support/faulty-d1';
import { interceptD1 } from '../../support/intercepted-d1';
import { KINDS, LedgerModel, Names, type Bucket, type Command, type Entry, type Prediction } from './ledger-model';

/*
 * Waves of commands race over a few accounts while D1 fails before and after commits and callers come back up to four times. The
 * model then follows the stored entries in the order they were committed: each has to be what some command of the wave does at
 * that point, and each answer has to be true at some point of the wave.
 */

const TRIES_MAX = 4;
const SLOTS = 12;
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 10, 21, 12);
/** No run has as many. */
const EVERYTHING = 10_000;

export interface Call {
	fault: D1Fault | null;
	/** One that D1 asks to retry; rare, since that waits in real time, and the callers' own tries reach the same states sooner. */
	isTransient: boolean;
	/** For how many turns others come first. */
	turns: number;
}

export interface Wave {
	/** Hours by which the clock moves on before it. */
	hours: number;
	commands: Command[];
}

const command: Arbitrary<Command> = record({
	kind: constantFrom(...KINDS),
	account: constantFrom(0, 0, 0, 1, 2),
	slot: nat(SLOTS - 1),
	// Few amounts, so that captures mostly fit their holds and sometimes do not.
	credits: constantFrom(20, 20, 20, 20, 45),
	source: constantFrom('promo', 'plan', 'pack', 'pack'),
	ends: constantFrom(null, 2, 2, 5),
});

const call: Arbitrary<Call> = record({
	fault: constantFrom<D1Fault | null>('before', 'after', null, null, null, null, null, null),
	isTransient: nat(63).map((n) => n === 0),
	turns: nat(4),
});

/** Waves of at most `racing` commands, at most `waves` of them, and what becomes of their calls. */
export function runs({ racing, waves }: { racing: number; waves: number }) {
	const wave: Arbitrary<Wave> = record({
		hours: constantFrom(0, 0, 1, 24, 49),
		commands: array(command, { minLength: Math.ceil(racing / 2), maxLength: racing }),
	});
	return tuple(
		array(wave, { minLength: Math.ceil(waves / 2), maxLength: waves }),
		array(call, { minLength: 20, maxLength: 200 }),
	);
}

export const figures = { commands: 0, entries: 0, audits: 0, before: 0, after: 0, unknown: 0 };

interface World {
	d1: D1Database;
	names: Names;
	model: LedgerModel;
	nowMs: number;
}

type Terms = Omit<Bucket, 'remaining' | 'held'>;
type Answer = { is: 'done'; credits: number | null } | { is: 'refused'; code: string } | { is: 'unknown' };

/** Runs the waves on a database; answers what is wrong, nothing in a sound ledger. */
export async function checkRun(d1: D1Database, waves: readonly Wave[], planned: readonly Call[]): Promise<string[]> {
	const names = await givenAccounts(d1);
	const world: World = { d1, names, model: new LedgerModel(names), nowMs: START_MS };
	const faulty = plannedD1(d1, planned);
	for (const { hours, commands } of waves) {
		world.nowMs += hours * 3_600_000;
		const deps = depsOver(faulty, world.nowMs);
		const [answers, meanwhile] = await Promise.all([
			Promise.all(commands.map((one) => answer(deps, names, one))),
			audit(d1),
		]);
		const problems = [...meanwhile, ...(await compare(world, commands, answers)), ...(await audit(d1))];
		if (problems.length > 0) return problems;
	}
	return endQuietly(world);
}

async function givenAccounts(d1: D1Database): Promise<Names> {
	const db = drizzle(d1);
	const ids = [newId('account'), newId('account'), newId('account')];
	const named = ids.map((id) => ({ id, name: 'Practice', createdAtMs: START_MS }));
	await db.batch([db.insert(accounts).values(named), db.insert(creditAccounts).values(ids.map((id) => ({ id })))]);
	return new Names(crypto.randomUUID(), ids, START_MS);
}

/** Reads between the wave's commits: the ledger is sound at every instant, not only at the end. */
async function audit(d1: D1Database): Promise<string[]> {
	figures.audits += 1;
	return (await auditLedger({ db: drizzle(d1) })).violations;
}

function depsOver(d1: D1Database, nowMs: number): Pick<Deps, 'db' | 'now'> {
	return { db: drizzle(d1), now: () => new Date(nowMs) };
}

function plannedD1(d1: D1Database, planned: readonly Call[]): D1Database {
	let count = 0;
	return interceptD1(d1, async (_, run) => {
		const { fault, isTransient, turns } = planned[count++ % planned.length]!;
		for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
		if (fault === null) return run();
		figures[fault] += 1;
		if (fault === 'after') await run();
		throw new Error(isTransient ? CONNECTION_LOST : OBJECT_RESET);
	});
}

async function answer(deps: Pick<Deps, 'db' | 'now'>, names: Names, one: Command): Promise<Answer> {
	figures.commands += 1;
	for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
		try {
			return { is: 'done', credits: (await perform(deps, names, one)) ?? null };
		} catch (error) {
			if (error instanceof AppError) return { is: 'refused', code: error.code };
			if (!isInjected(error)) throw error;
		}
	}
	figures.unknown += 1;
	return { is: 'unknown' };
}

function isInjected(error: unknown): boolean {
	for (let at: unknown = error; at instanceof Error; at = at.cause) {
		if (at.message === OBJECT_RESET || at.message === CONNECTION_LOST) return true;
	}
	return false;
}

async function perform(deps: Pick<Deps, 'db' | 'now'>, names: Names, one: Command): Promise<number | void> {
	const accountId = names.accountId(one);
	const amount = toCredits(one.credits);
	const hold = { holdId: names.holdId(one), renderId: names.renderId(one), accountId, amount };
	const disputed = { disputeId: names.disputeId(one), purchaseId: names.purchaseId(one), amount: one.credits };
	const limit = EVERYTHING;
	const acts: Record<Command['kind'], () => Promise<unknown>> = {
		grant: () =>
			grantCredits(deps, {
				entryId: names.entryId(one),
				accountId,
				amount,
				source: one.source,
				expiresAtMs: names.expiresAtMs(one),
				purchaseId: names.purchaseOf(one),
			}),
		hold: () => holdCredits(deps, hold),
		capture: () => captureCredits(deps, hold),
		release: () => releaseCredits(deps, hold),
		return: () => returnCredits(deps, hold),
		freeze: () => freezeCredits(deps, disputed),
		thaw: () => thawCredits(deps, disputed),
		lose: () => loseCredits(deps, disputed),
		reinstate: () => reinstateCredits(deps, { causeId: names.causeId(one) }),
		expire: () => expireCredits(deps, { dueMs: deps.now().getTime(), limit }),
		collect: () => collectOwed(deps, { limit }),
		seal: () => sealLedger(deps, { limit }),
	};
	if (one.kind === 'reverse') {
		const { purchaseId } = disputed;
		const refund = { refundId: names.refundId(one), purchaseId, targetCredits: one.credits };
		return reverseCredits(deps, { ...refund, creditsMax: names.creditsMax(one) });
	}
	await acts[one.kind]!();
}

/** Lets the model follow what the wave stored, and says what it would not have done or answered. */
async function compare(world: World, commands: readonly Command[], answers: readonly Answer[]): Promise<string[]> {
	const { model, nowMs } = world;
	const problems: string[] = [];
	const possible = commands.map(() => new Set<string>());
	const asThingsStand = () =>
		commands.map((one, index) => {
			const prediction = model.predict(one, nowMs);
			if (typeof prediction === 'string') possible[index]!.add(prediction);
			return prediction;
		});
	let predictions = asThingsStand();
	const stored = await readEntries(world);
	const made = await readTerms(world);
	for (const entry of stored.filter(({ id }) => !model.entries.has(id))) {
		figures.entries += 1;
		const told = JSON.stringify(entry);
		const terms = made.get(entry.id);
		const makers = commands.flatMap((one, index) => {
			const isIt = does(predictions[index]!, told) && sameTerms(model.bucketFor(one, nowMs), terms);
			return isIt ? [index] : [];
		});
		for (const index of makers) possible[index]!.add('nothing');
		if (makers.length === 0) return [`nothing of the wave does this as things stand: ${told} ${JSON.stringify(terms)}`];
		model.apply(entry, terms ?? null);
		predictions = asThingsStand();
	}
	for (const [index, given] of answers.entries()) {
		const one = commands[index]!;
		const isTrue =
			given.is === 'unknown' ||
			['expire', 'collect', 'seal'].includes(one.kind) ||
			possible[index]!.has(given.is === 'refused' ? given.code : 'nothing');
		if (!isTrue) problems.push(`${JSON.stringify(one)} was answered ${JSON.stringify(given)}, which was never true`);
		if (given.is === 'done' && given.credits !== null) {
			const taken = model.entries.get(`reversal:${world.names.refundId(one)}`)?.amount ?? 0;
			if (given.credits !== taken && given.credits !== 0) problems.push(`answered ${given.credits}, taken ${taken}`);
		}
	}
	return [...problems, ...(await compareSums(world))];
}

function does(prediction: Prediction, told: string): boolean {
	return typeof prediction !== 'string' && prediction.entries.some((entry) => JSON.stringify(inOrder(entry)) === told);
}

/** Two grants that race for an id may differ in what their entry does not say. */
function sameTerms(expected: Terms | null, found: Terms | undefined): boolean {
	return JSON.stringify(expected ?? undefined) === JSON.stringify(found);
}

/** What a bucket was made with, by its id, which is its grant's. */
async function readTerms({ d1, names }: World): Promise<Map<string, Terms>> {
	const { results } = await d1
		.prepare(
			`select id, account_id as accountId, source, granted, expires_at_ms as expiresAtMs, purchase_id as purchaseId,
				created_at_ms as createdAtMs from credit_buckets where account_id in (?, ?, ?)`,
		)
		.bind(...names.accountIds)
		.all<Terms>();
	return new Map(results.map((terms) => [terms.id, terms]));
}

/** Fields in one order, so that equal entries read the same. */

function inOrder(entry: Entry): Entry {
	const { id, accountId, seq, kind, amount, posted, held, owed, balance } = entry;
	const { renderId, purchaseId, causeId, resolvesId, createdAtMs, parts } = entry;
	const about = { renderId, purchaseId, causeId, resolvesId, createdAtMs };
	return { id, accountId, seq, kind, amount, posted, held, owed, balance, ...about, parts };
}

/** The entries of the run's accounts in the order they were committed, whichever account they belong to. */
async function readEntries({ d1, names }: World): Promise<Entry[]> {
	const { results } = await d1
		.prepare(
			`select id, account_id as accountId, seq, kind, amount, posted, held, owed, balance, render_id as renderId,
				purchase_id as purchaseId, cause_id as causeId, resolves_id as resolvesId, created_at_ms as createdAtMs,
				(select json_group_array(json_object('bucketId', bucket_id, 'posted', p.posted, 'held', p.held) order by bucket_id)
					from credit_parts p where p.entry_id = e.id) as parts
			from credit_entries e where account_id in (?, ?, ?) order by rowid`,
		)
		.bind(...names.accountIds)
		.all<Omit<Entry, 'parts'> & { parts: string }>();
	return results.map(({ parts, ...row }) => inOrder({ ...row, parts: JSON.parse(parts) }));
}

function byId(a: { id: string }, b: { id: string }): number {
	return a.id < b.id ? -1 : 1;
}

/** Every account and bucket against the model's. */
async function compareSums({ d1, names, model }: World): Promise<string[]> {
	const [accountRows, bucketRows] = await d1.batch<Record<string, unknown>>([
		d1
			.prepare('select id, posted, held, owed, seq from credit_accounts where id in (?, ?, ?) order by id')
			.bind(...names.accountIds),
		d1
			.prepare(
				`select id, account_id as accountId, source, granted, expires_at_ms as expiresAtMs, purchase_id as purchaseId,
					created_at_ms as createdAtMs, remaining, held from credit_buckets where account_id in (?, ?, ?) order by id`,
			)
			.bind(...names.accountIds),
	]);
	const found = JSON.stringify([accountRows!.results, bucketRows!.results]);
	const expected = JSON.stringify([
		[...model.accounts.values()].toSorted(byId),
		[...model.buckets.values()].toSorted(byId),
	]);
	return found === expected ? [] : [`stored ${found}, expected ${expected}`];
}

/** Without faults, everything that is due is done: nothing that ended is left, no debt that could be paid, nothing unsealed. */
async function endQuietly(world: World): Promise<string[]> {
	const { d1, names, model } = world;
	world.nowMs += 10 * DAY_MS;
	const deps = depsOver(d1, world.nowMs);
	const quiet: Command = { kind: 'expire', account: 0, slot: 0, credits: 1, source: 'promo', ends: null };
	const problems: string[] = [];
	for (const kind of ['expire', 'collect', 'seal']) {
		const given = await answer(deps, names, { ...quiet, kind });
		problems.push(...(await compare(world, [{ ...quiet, kind }], [given])));
		const left = model.predict({ ...quiet, kind }, world.nowMs);
		if (typeof left !== 'string' && left.entries.length > 0)
			problems.push(`${kind} left ${JSON.stringify(left.entries)}`);
	}
	const { results } = await d1
		.prepare('select id from credit_accounts where sealed_seq < seq and id in (?, ?, ?)')
		.bind(...names.accountIds)
		.all();
	if (results.length > 0) problems.push(`unsealed: ${JSON.stringify(results)}`);
	return [...problems, ...(await audit(d1))];
}
