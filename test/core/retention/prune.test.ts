import { getTableName, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { auditEntries } from '../../../schema/audit';
import { reconciliationFindings, reconciliations, stripeEvents } from '../../../schema/billing';
import { choices, conversions } from '../../../schema/choices';
import { DATA_MAP } from '../../../schema/data-map/data-map';
import { erasureLegs, erasures, legalHolds } from '../../../schema/erasures';
import { evidencePoints } from '../../../schema/evidence';
import { incidentNotices, incidents, staffAccesses } from '../../../schema/incidents';
import { rateWindows } from '../../../schema/limits';
import { mailEvents, mails, mailSuppressions } from '../../../schema/mail';
import { invitations } from '../../../schema/memberships';
import { attempts, webhookEvents } from '../../../schema/renders';
import { sweeps } from '../../../schema/retention';
import { rightsRequests } from '../../../schema/rights';
import { sessions, verifications } from '../../../schema/users';
import { DATA } from '../../../studios/policy/data-classes';
import { retentionMs } from '../../../studios/policy/policy';
import { eraseDueRequests, REQUESTS_AT_ONCE_MAX } from '../../../workers/core/retention/erase-due-requests';
import { prune, PRUNED_AT_ONCE_MAX } from '../../../workers/core/retention/prune';
import { PRUNE_RULES } from '../../../workers/core/retention/prune-rules';
import { keyName } from '../../../workers/core/vault/data-key';
import { sealText } from '../../../workers/core/vault/seal-text';
import { env } from 'cloudflare:workers';
import { freshDeps, START, type TestDeps } from '../../support/deps';
import { givenAccount, givenUser } from '../../support/given';
import { givenOrdered } from '../credits/given-work';

const AT_MS = START.getTime();
const DAY_MS = 86_400_000;

type Given = (deps: TestDeps, id: string, atMs: number) => Promise<unknown>;

const anErasure = (id: string, atMs: number) => ({
	id,
	kind: 'subject' as const,
	targetId: `of ${id}`,
	state: 'certified' as const,
	requestedAtMs: atMs,
	dueAtMs: atMs,
	finishedAtMs: atMs,
	receiptId: `rct of ${id}`,
});

const anIncident = (id: string, atMs: number) => ({
	id,
	title: 'A lost laptop',
	dataClasses: ['output'],
	fromMs: 0,
	untilMs: 1,
	knownAtMs: atMs,
	reportByMs: atMs,
	reportedAtMs: atMs,
	closedAtMs: atMs,
	happened: 'It was lost.',
	consequences: 'None known.',
	measures: 'It was wiped.',
	advice: 'None.',
});

/** A row of each table whose clock started at `atMs`, with `id` somewhere in it. */
const GIVEN: Record<string, Given> = {
	rate_windows: ({ db }, id, atMs) =>
		db.insert(rateWindows).values({ key: id, startsAtMs: atMs - 1, endsAtMs: atMs, count: 1, max: 1 }),
	idempotency_keys: async (deps, id, atMs) => {
		const actor = await givenAccount(deps);
		const { renderId } = await givenOrdered(deps, actor, 4);
		await deps.db.run(sql`insert into idempotency_keys (account_id, key, request_hash, render_id, created_at_ms)
			values (${actor.accountId}, ${id}, 'hash', ${renderId}, ${atMs})`);
	},
	webhook_events: ({ db }, id, atMs) =>
		db.insert(webhookEvents).values({ id, attemptId: 'a', requestId: 'r', status: 'OK', receivedAtMs: atMs }),
	stripe_events: ({ db }, id, atMs) =>
		db.insert(stripeEvents).values({ id, type: 'invoice.paid', objectId: 'in_1', receivedAtMs: atMs, doneAtMs: atMs }),
	mail_suppressions: ({ db }, id, atMs) =>
		db.insert(mailSuppressions).values({ addressHash: id, reason: 'bounced', sinceMs: atMs }),
	mail_events: ({ db }, id, atMs) =>
		db.insert(mailEvents).values({ id, type: 'email.bounced', providerId: 'p', receivedAtMs: atMs, doneAtMs: atMs }),
	mails: ({ db }, id, atMs) =>
		db.insert(mails).values({ id, kind: 'code', state: 'sent', createdAtMs: 0, uselessAtMs: 0, endedAtMs: atMs }),
	invitations: async (deps, id, atMs) => {
		const { accountId, userId } = await givenAccount(deps);
		await deps.db.insert(invitations).values({
			id,
			accountId,
			invitedBy: userId,
			email: 'ada@elsewhere.test',
			role: 'staff',
			tokenHash: id,
			createdAtMs: atMs - 1,
			expiresAtMs: atMs,
		});
	},
	audit_entries: ({ db }, id, atMs) =>
		db
			.insert(auditEntries)
			.values({ id, userId: 'usr_1', action: 'key.made', targetId: 'key_1', facts: {}, createdAtMs: atMs }),
	choices: ({ db }, id, atMs) =>
		db.insert(choices).values({
			id,
			visitorId: id,
			purpose: 'analytics',
			choice: 'denied',
			regime: 'eea',
			hasGpc: false,
			textVersion: '1',
			surface: 'banner',
			madeAtMs: atMs,
		}),
	conversions: ({ db }, id, atMs) =>
		db.insert(conversions).values({ id, userId: 'usr_1', name: 'Purchase', happenedAtMs: atMs, state: 'queued' }),
	staff_accesses: ({ db }, id, atMs) =>
		db.insert(staffAccesses).values({
			id,
			accountId: 'acc_1',
			renderId: 'rnd_1',
			reason: 'asked for',
			grantedAtMs: atMs,
			expiresAtMs: atMs + 1,
		}),
	incident_notices: async ({ db }, id, atMs) => {
		await db.insert(incidents).values(anIncident(`of ${id}`, atMs));
		await db.insert(incidentNotices).values({ incidentId: `of ${id}`, userId: id, toldAtMs: 0 });
	},
	incidents: ({ db }, id, atMs) => db.insert(incidents).values(anIncident(id, atMs)),
	sweeps: ({ db }, id, atMs) => db.insert(sweeps).values({ id, startedAtMs: atMs }),
	reconciliations: ({ db }, id, atMs) =>
		db.insert(reconciliations).values({ run: id, day: '2026-11-21', state: 'done', createdAtMs: atMs }),
	reconciliation_findings: ({ db }, id, atMs) =>
		db
			.insert(reconciliationFindings)
			.values({ run: id, day: '2026-11-21', kind: 'ungranted', objectId: 'in_1', isRepaired: true, createdAtMs: atMs }),
	evidence_points: ({ db }, id, atMs) =>
		db.insert(evidencePoints).values({ dataClass: id, atMs, promiseMs: null, held: 0, oldestAgeMs: null, late: 0 }),
	erasure_legs: async ({ db }, id, atMs) => {
		await db.insert(erasures).values(anErasure(`of ${id}`, atMs));
		await db.insert(erasureLegs).values({ erasureId: `of ${id}`, leg: id, state: 'deleted' });
	},
	erasures: ({ db }, id, atMs) => db.insert(erasures).values(anErasure(id, atMs)),
	legal_holds: ({ db }, id, atMs) =>
		db
			.insert(legalHolds)
			.values({ id, targetKind: 'subject', targetId: 's', matter: id, placedAtMs: 0, releasedAtMs: atMs }),
};

/** Whether any column of a row in the table is `id`. */
async function isThere({ db }: TestDeps, table: string, id: string): Promise<boolean> {
	const rows = await db.all<Record<string, unknown>>(sql`select * from ${sql.identifier(table)}`);
	return rows.some((row) => Object.values(row).includes(id));
}

test.each(PRUNE_RULES.map((rule) => [getTableName(rule.table), rule] as const))(
	'a row of %s goes when the policy says, and not a millisecond before',
	async (table, { dataClass }) => {
		const deps = freshDeps();
		const [due, later] = [`${table} due`, `${table} later`];
		await GIVEN[table]!(deps, due, AT_MS);
		await GIVEN[table]!(deps, later, AT_MS + 1);
		const dueMs = AT_MS + retentionMs({ data: DATA }, dataClass);
		const left = async () => [await isThere(deps, table, due), await isThere(deps, table, later)];

		await prune(deps, { dueMs: dueMs - 1 });
		expect(await left()).toEqual([true, true]);
		await prune(deps, { dueMs });
		expect(await left()).toEqual([false, true]);
		await prune(deps, { dueMs: dueMs + 1 });
		expect(await left()).toEqual([false, false]);
	},
);

/** A studio that promises another time for one class. */
function promising(ms: number) {
	const deps = freshDeps();
	const retention = { mode: 'duration' as const, anchor: 'after it happened', ms };
	const data = { ...deps.studio.policy.data, conversion: { ...deps.studio.policy.data.conversion, retention } };
	return { ...deps, studio: { ...deps.studio, policy: { ...deps.studio.policy, data } } };
}

test('a longer time in the policy is a longer time in the sweep', async () => {
	const deps = promising(8 * DAY_MS);
	await GIVEN['conversions']!(deps, 'cnv of eight days', AT_MS);
	await prune(deps, { dueMs: AT_MS + 8 * DAY_MS - 1 });
	expect(await isThere(deps, 'conversions', 'cnv of eight days')).toBe(true);
	await prune(promising(7 * DAY_MS), { dueMs: AT_MS + 7 * DAY_MS });
	expect(await isThere(deps, 'conversions', 'cnv of eight days')).toBe(false);
});

test('an ended session and a code go by the world’s clock, whatever a moved one says', async () => {
	const deps = freshDeps();
	const { userId } = await givenUser(deps);
	const now = Date.now();
	const HOUR_MS = 3_600_000;
	const times = { createdAt: new Date(now), updatedAt: new Date(now) };
	for (const [id, expiresAtMs] of [
		['ended', now - 1],
		['running', now + DAY_MS],
	] as const) {
		await deps.db.insert(sessions).values({ id, userId, token: id, expiresAt: new Date(expiresAtMs), ...times });
	}
	for (const [id, expiresAtMs] of [
		['long past', now - HOUR_MS - 1],
		['just past', now - HOUR_MS + 60_000],
	] as const) {
		const row = { id, identifier: id, value: 'v', expiresAt: new Date(expiresAtMs), ...times };
		await deps.db.insert(verifications).values(row);
	}
	await prune(deps, { dueMs: now + 30 * DAY_MS });
	const left = [
		await isThere(deps, 'sessions', 'ended'),
		await isThere(deps, 'sessions', 'running'),
		await isThere(deps, 'verifications', 'long past'),
		await isThere(deps, 'verifications', 'just past'),
	];
	expect(left).toEqual([false, true, false, true]);
});

test('the newest choice of a person counts however old it is, and what it replaced goes', async () => {
	const deps = freshDeps();
	const { userId } = await givenUser(deps);
	const row = { purpose: 'announcements', choice: 'denied', regime: 'us', hasGpc: false, textVersion: '1' } as const;
	for (const [id, madeAtMs] of [
		['chc_first', AT_MS],
		['chc_newest', AT_MS + 1],
	] as const) {
		await deps.db.insert(choices).values({ ...row, id, userId, surface: 'mail', madeAtMs });
	}
	await prune(deps, { dueMs: AT_MS + 4 * 366 * DAY_MS });
	expect([await isThere(deps, 'choices', 'chc_first'), await isThere(deps, 'choices', 'chc_newest')]).toEqual([
		false,
		true,
	]);
});

test('what was never handled stays for somebody to look at', async () => {
	const deps = freshDeps();
	const event = { type: 't', receivedAtMs: AT_MS, doneAtMs: null };
	await deps.db.insert(stripeEvents).values({ ...event, id: 'evt_open', objectId: 'in_1' });
	await deps.db.insert(mailEvents).values({ ...event, id: 'msg_open', providerId: 'p' });
	await prune(deps, { dueMs: AT_MS + 400 * DAY_MS });
	expect(await isThere(deps, 'stripe_events', 'evt_open')).toBe(true);
	expect(await isThere(deps, 'mail_events', 'msg_open')).toBe(true);
});

test('under a legal hold the record of an account stays, and goes when the hold is released', async () => {
	const deps = freshDeps();
	const hold = { id: 'lgh_prune', targetKind: 'account', targetId: 'acc_1', matter: 'M 1', placedAtMs: 0 } as const;
	await deps.db.insert(legalHolds).values(hold);
	await GIVEN['staff_accesses']!(deps, 'sta_held', AT_MS);
	const dueMs = AT_MS + 731 * DAY_MS;
	await prune(deps, { dueMs });
	expect(await isThere(deps, 'staff_accesses', 'sta_held')).toBe(true);
	await deps.db.update(legalHolds).set({ releasedAtMs: dueMs });
	await prune(deps, { dueMs });
	expect(await isThere(deps, 'staff_accesses', 'sta_held')).toBe(false);
});

/** Rows whose clock started at `AT_MS`, with `id` somewhere in them, that tell of this person or account. */
const GIVEN_OF: Record<
	string,
	(deps: TestDeps, id: string, of: { userId: string; accountId: string }) => Promise<unknown>
> = {
	idempotency_keys: async (deps, id, actor) => {
		const { renderId } = await givenOrdered(deps, actor, 4);
		await deps.db.run(sql`insert into idempotency_keys (account_id, key, request_hash, render_id, created_at_ms)
			values (${actor.accountId}, ${id}, 'hash', ${renderId}, ${AT_MS})`);
	},
	webhook_events: async ({ db, ...deps }, id, actor) => {
		const { renderId } = await givenOrdered({ db, ...deps }, actor, 4);
		await db.insert(attempts).values({
			id: `of ${id}`,
			renderId,
			stage: 's',
			number: 1,
			state: 'done',
			processor: 'fal',
			endpoint: 'e',
			createdAtMs: 0,
			deadlineAtMs: 0,
		});
		await db
			.insert(webhookEvents)
			.values({ id, attemptId: `of ${id}`, requestId: 'r', status: 'OK', receivedAtMs: AT_MS });
	},
	mails: ({ db }, id, { userId }) =>
		db
			.insert(mails)
			.values({ id, userId, kind: 'code', state: 'sent', createdAtMs: 0, uselessAtMs: 0, endedAtMs: AT_MS }),
	mail_events: async (deps, id, { userId }) => {
		const mail = { kind: 'code', state: 'sent', createdAtMs: 0, uselessAtMs: 0, endedAtMs: null } as const;
		await deps.db.insert(mails).values({ ...mail, id: `of ${id}`, userId, providerId: `re ${id}` });
		const event = { type: 'email.bounced', providerId: `re ${id}`, receivedAtMs: AT_MS, doneAtMs: AT_MS };
		await deps.db.insert(mailEvents).values({ ...event, id });
	},
	invitations: ({ db }, id, { accountId, userId }) =>
		db.insert(invitations).values({
			id,
			accountId,
			invitedBy: userId,
			email: 'ada@elsewhere.test',
			role: 'staff',
			tokenHash: id,
			createdAtMs: AT_MS - 1,
			expiresAtMs: AT_MS,
		}),
	audit_entries: ({ db }, id, { userId }) =>
		db
			.insert(auditEntries)
			.values({ id, userId, action: 'key.made', targetId: 'key_1', facts: {}, createdAtMs: AT_MS }),
	choices: async ({ db }, id, { userId }) => {
		const choice = { userId, purpose: 'analytics', choice: 'denied', regime: 'eea', hasGpc: false } as const;
		const made = { ...choice, textVersion: '1', surface: 'banner' } as const;
		await db.insert(choices).values({ ...made, id, madeAtMs: AT_MS });
		await db.insert(choices).values({ ...made, id: `newer than ${id}`, madeAtMs: AT_MS + 1 });
	},
	conversions: ({ db }, id, { userId }) =>
		db.insert(conversions).values({ id, userId, name: 'Purchase', happenedAtMs: AT_MS, state: 'queued' }),
	staff_accesses: ({ db }, id, { accountId }) =>
		db
			.insert(staffAccesses)
			.values({ id, accountId, renderId: 'r', reason: 'asked for', grantedAtMs: AT_MS, expiresAtMs: AT_MS + 1 }),
	incident_notices: async ({ db }, id, { userId }) => {
		await db.insert(incidents).values(anIncident(id, AT_MS));
		await db.insert(incidentNotices).values({ incidentId: id, userId, toldAtMs: 0 });
	},
	erasures: ({ db }, id, { accountId }) => db.insert(erasures).values({ ...anErasure(id, AT_MS), accountId }),
	erasure_legs: async ({ db }, id, { accountId }) => {
		await db.insert(erasures).values({ ...anErasure(`of ${id}`, AT_MS), accountId });
		await db.insert(erasureLegs).values({ erasureId: `of ${id}`, leg: id, state: 'deleted' });
	},
};

test('every table that leaves by its age and that the map gives to somebody is known here', () => {
	const owned = PRUNE_RULES.map(({ table }) => getTableName(table)).filter(
		(table) => Object.keys(DATA_MAP[table]?.of ?? {}).length > 0,
	);
	expect(owned.length).toBeGreaterThan(8);
	expect(owned.filter((table) => GIVEN_OF[table] === undefined)).toEqual([]);
});

test.each(Object.entries(GIVEN_OF))(
	'under a legal hold on its owner a row of %s stays until the release',
	async (table, given) => {
		const deps = freshDeps();
		const [held, free] = [await givenAccount(deps), await givenAccount(deps)];
		await deps.db.insert(legalHolds).values({
			id: deps.newId('legalHold'),
			targetKind: 'person',
			targetId: held.userId,
			matter: `M ${table}`,
			placedAtMs: 0,
		});
		const ids = [`${table} held`, `${table} free`] as const;
		await given(deps, ids[0], held);
		await given(deps, ids[1], free);
		const left = async () => [await isThere(deps, table, ids[0]), await isThere(deps, table, ids[1])];
		const dueMs = AT_MS + 20 * 366 * DAY_MS;
		// Twice: what hangs on another row comes before it.
		for (const _ of [1, 2]) await prune(deps, { dueMs });
		expect(await left()).toEqual([true, false]);
		await deps.db.update(legalHolds).set({ releasedAtMs: dueMs });
		await prune(deps, { dueMs });
		expect(await left()).toEqual([false, false]);
	},
);

test('at most 500 rows of a table go at once, and the rest with the next', async () => {
	const deps = freshDeps();
	await deps.db.run(sql`with recursive n(i) as (select 1 union all select i + 1 from n where i <= ${PRUNED_AT_ONCE_MAX})
		insert into sweeps (id, started_at_ms) select 'swp_many_' || i, ${AT_MS} from n`);
	const left = async () => {
		const [row] = await deps.db.all<{ n: number }>(sql`select count(*) n from sweeps where id like 'swp_many_%'`);
		return row!.n;
	};
	const dueMs = AT_MS + 400 * DAY_MS;
	await prune(deps, { dueMs });
	expect(await left()).toBe(1);
	await prune(deps, { dueMs });
	expect(await left()).toBe(0);
});

test('a request about rights goes with its key three years after it ended, twenty at once', async () => {
	const deps = freshDeps();
	const ids = Array.from({ length: REQUESTS_AT_ONCE_MAX + 1 }, () => deps.newId('rightsRequest'));
	for (const [at, id] of ids.entries()) {
		await deps.db.insert(rightsRequests).values({
			id,
			right: 'access',
			state: 'answered',
			sealed: await sealText(deps, { owner: id, place: 'rights_requests.sealed', text: 'Mara' }),
			tokenHash: id,
			receivedAtMs: 0,
			dueAtMs: 0,
			endedAtMs: AT_MS + at,
		});
	}
	const dueMs = AT_MS + 3 * 366 * DAY_MS;
	expect(await eraseDueRequests(deps, { dueMs: dueMs - 1 })).toBe(0);
	expect(await eraseDueRequests(deps, { dueMs })).toBe(1);
	expect(await env.VAULT.head(keyName(ids[0]!))).toBeNull();
	expect(await isThere(deps, 'rights_requests', ids[0]!)).toBe(false);
	expect(await env.VAULT.head(keyName(ids[1]!))).not.toBeNull();
	expect(await eraseDueRequests(deps, { dueMs: dueMs + 1000 })).toBe(REQUESTS_AT_ONCE_MAX);
});
