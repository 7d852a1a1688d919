import { asc, gt, isNotNull, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';

import { accounts } from '../../schema/accounts';
import { creditBuckets, creditEntries } from '../../schema/credits';
import { auditLedger } from '../../workers/core/credits/audit-ledger';
import { inOneBatch } from '../../workers/core/credits/post-entry';
import { sealLedger } from '../../workers/core/credits/seal-ledger';
import { openCreditAccountStatements } from '../../workers/core/credits/statements';
import { toCredits } from '../../workers/core/money';
import { Commands } from './commands';
import { faultedD1, type Fault } from './faulted-d1';
import { perform } from './perform';
import { Promises } from './promises';
import { Random } from './random';

/** Commands under way at one time. */
const AT_ONCE = 24;
const COMMANDS_PER_ACCOUNT = 500;
const ACCOUNTS_MIN = 24;
const ACCOUNTS_MAX = 2_000;
/** Between two commands, on the ledger's clock: a million are a fortnight and more. */
const STEP_MS = 1_500;
const START_MS = Date.UTC(2026, 0, 1);
const FAULTS_MAX = 3;
const TRIES_MAX = FAULTS_MAX + 1;
/** At which parts of the run the whole ledger is audited while commands go on. */
const AUDITS_AT = [0.02, 0.1, 0.4];
const PROGRESS_MS = 5_000;
const PAGE = 5_000;

export interface Hammered {
	readonly ops: number;
	readonly byAnswer: ReadonlyMap<string, number>;
	readonly faults: { before: number; after: number; commandsMet: number };
	readonly entries: number;
	readonly accounts: number;
	readonly sealed: number;
	readonly audits: number;
	readonly violations: readonly string[];
	/** From the first command to the last answer, with the audits between. */
	readonly opsSeconds: number;
	readonly seconds: number;
}

interface Run {
	readonly d1: D1Database;
	/** How many commands there are to be; fewer once the run was told to stop. */
	ops: number;
	readonly random: Random;
	readonly commands: Commands;
	readonly promises: Promises;
	readonly byAnswer: Map<string, number>;
	readonly faults: { before: number; after: number; commandsMet: number };
	readonly found: string[];
	readonly say: (line: string) => void;
	started: number;
	done: number;
	audits: number;
}

/**
 * Gives `ops` random commands to the shipped ledger over `d1`, many at a time, half of them with faults before or after their
 * commits and callers who come back; audits it meanwhile and in the end, seals it, and holds what is stored against what was
 * answered.
 */
export async function hammer(
	d1: D1Database,
	{ ops, seed, say }: { ops: number; seed: number; say: (line: string) => void },
): Promise<Hammered> {
	const startedAt = performance.now();
	const accountIds = await openAccounts(d1, ops);
	const random = new Random(seed);
	const run: Run = {
		d1,
		ops,
		random,
		commands: new Commands(random, accountIds),
		promises: new Promises(say),
		say,
		byAnswer: new Map(),
		faults: { before: 0, after: 0, commandsMet: 0 },
		found: [],
		started: 0,
		done: 0,
		audits: 0,
	};
	const opsAt = performance.now();
	// Ctrl-C ends the commands, not the checks: what was done until then is sealed, audited and told.
	const stop = () => {
		run.ops = run.started;
	};
	process.once('SIGINT', stop);
	const progress = setInterval(() => say(progressOf(run, performance.now() - opsAt)), PROGRESS_MS);
	try {
		await Promise.all([auditMeanwhile(run), ...Array.from({ length: AT_ONCE }, () => work(run))]);
	} finally {
		clearInterval(progress);
		process.off('SIGINT', stop);
	}
	const opsSeconds = (performance.now() - opsAt) / 1000;
	say(`${run.done} commands answered; sealing and auditing what they left`);
	const end = await settle(run);
	const seconds = (performance.now() - startedAt) / 1000;
	const { byAnswer, faults, audits } = run;
	const violations = [...run.found, ...run.promises.violations];
	return { ops: run.done, byAnswer, faults, ...end, audits, violations, opsSeconds, seconds };
}

async function openAccounts(d1: D1Database, ops: number): Promise<string[]> {
	const db = drizzle(d1);
	const count = Math.min(Math.max(Math.ceil(ops / COMMANDS_PER_ACCOUNT), ACCOUNTS_MIN), ACCOUNTS_MAX);
	const ids = Array.from({ length: count }, (_, index) => `acc_${index}`);
	for (const id of ids) {
		const welcome = { accountId: id, welcomeCredits: toCredits(60), nowMs: START_MS, isWelcome: sql`true` };
		const account = db.insert(accounts).values({ id, name: id, createdAtMs: START_MS });
		await db.batch(inOneBatch([account, ...openCreditAccountStatements(db, welcome)]));
	}
	return ids;
}

/** One caller: a command at a time, each with the faults that were drawn for it. */
async function work(run: Run): Promise<void> {
	const { random, promises, byAnswer, faults } = run;
	const faulted = faultedD1(run.d1, ({ at }) => {
		faults[at] += 1;
	});
	const db = drizzle(faulted.d1);
	while (run.started < run.ops) {
		const nowMs = START_MS + run.started * STEP_MS;
		run.started += 1;
		const command = run.commands.next(nowMs);
		const planned = planFaults(random);
		const triesMax = planned.length > 0 && random.isOneIn(40) ? 1 : TRIES_MAX;
		faulted.plan(planned);
		const isSure = promises.mustSucceed(command);
		const answer = await perform(db, command, { nowMs, triesMax });
		promises.answered(command, answer, isSure);
		if (faulted.met() > 0) faults.commandsMet += 1;
		const key = `${command.kind} ${answer.is === 'refused' ? answer.code : answer.is}`;
		byAnswer.set(key, (byAnswer.get(key) ?? 0) + 1);
		run.done += 1;
	}
}

/** For one of two commands, up to three faults. Few are of the kind that is tried again with a real pause. */
function planFaults(random: Random): Fault[] {
	const isFaulted = random.isOneIn(2);
	const count = isFaulted ? random.pick([1, 1, 1, 2, FAULTS_MAX] as const) : 0;
	return Array.from({ length: count }, () => ({
		at: random.isOneIn(2) ? 'before' : 'after',
		isTransient: random.isOneIn(12),
	}));
}

async function auditMeanwhile(run: Run): Promise<void> {
	for (const part of AUDITS_AT) {
		while (run.done < run.ops * part) await new Promise((resolve) => setTimeout(resolve, 5));
		if (run.done < run.ops) await audit(run);
	}
}

async function audit(run: Run): Promise<{ accounts: number; sealed: number }> {
	const { violations, ...counted } = await auditLedger({ db: drizzle(run.d1) });
	run.audits += 1;
	for (const violation of violations) {
		run.found.push(`after ${run.done}: ${violation}`);
		run.say(`violation: after ${run.done}: ${violation}`);
	}
	return counted;
}

/** Seals what is left, audits it all, and reads every entry once. */
async function settle(run: Run): Promise<{ entries: number; accounts: number; sealed: number }> {
	const db = drizzle(run.d1);
	while ((await sealLedger({ db }, { limit: 100 })) > 0);
	const audited = await audit(run);
	let entries = 0;
	for (let after = ''; ;) {
		const page = await db
			.select({
				id: creditEntries.id,
				kind: creditEntries.kind,
				amount: creditEntries.amount,
				purchaseId: creditEntries.purchaseId,
				causeId: creditEntries.causeId,
			})
			.from(creditEntries)
			.where(gt(creditEntries.id, after))
			.orderBy(asc(creditEntries.id))
			.limit(PAGE);
		for (const entry of page) run.promises.stored(entry);
		entries += page.length;
		const last = page.at(-1);
		if (last === undefined) break;
		after = last.id;
	}
	const bought = await db
		.select({ purchaseId: creditBuckets.purchaseId, granted: creditBuckets.granted })
		.from(creditBuckets)
		.where(isNotNull(creditBuckets.purchaseId));
	run.promises.end(new Map(bought.map(({ purchaseId, granted }) => [purchaseId ?? '', granted])));
	if (audited.sealed !== entries) run.found.push(`${audited.sealed} of ${entries} entries are sealed`);
	return { entries, ...audited };
}

function progressOf({ done, ops, found, promises }: Run, elapsedMs: number): string {
	const perSecond = done / (elapsedMs / 1000);
	const minutesLeft = (ops - done) / perSecond / 60;
	const violations = found.length + promises.violations.length;
	return `${done} of ${ops}, ${Math.round(perSecond)} a second, ${violations} violations, about ${minutesLeft.toFixed(1)} minutes left`;
}
