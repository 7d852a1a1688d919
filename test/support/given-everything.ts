import { eq, getTableColumns, inArray } from 'drizzle-orm';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { env } from 'cloudflare:workers';

import { accounts } from '../../schema/accounts';
import { apiKeys } from '../../schema/api-keys';
import { auditEntries } from '../../schema/audit';
import { billingCustomers, checkouts, purchases } from '../../schema/billing';
import { choices, conversions } from '../../schema/choices';
import { consentLinks, consents, subjects } from '../../schema/consents';
import { creditAccounts, creditBuckets, creditEntries, creditParts, creditSeals } from '../../schema/credits';
import { DATA_MAP, wordsOf } from '../../schema/data-map/data-map';
import { incidentNotices, incidents, staffAccesses } from '../../schema/incidents';
import { mails } from '../../schema/mail';
import { invitations, memberships } from '../../schema/memberships';
import { policyAcceptances } from '../../schema/policy';
import { fileStatements } from '../../schema/provenance';
import { receipts } from '../../schema/receipts';
import { assets, attempts, renderOutcomes, renders } from '../../schema/renders';
import { exports, rightsRequests } from '../../schema/rights';
import { ticketMessages, tickets } from '../../schema/support';
import { postings, shares } from '../../schema/shares';
import { uploads } from '../../schema/uploads';
import { passkeys, secondFactors, sessions, signInMethods, statements, users } from '../../schema/users';
import type { Actor } from '../../workers/core/actor';
import { newObjectKey } from '../../workers/core/media/object-keys';
import { sealText } from '../../workers/core/vault/seal-text';
import { sealAccount } from '../../workers/core/credits/seal-ledger';
import { givenAccount } from './given';
import { givenReceipt } from './given-receipt';
import type { RenderWorld } from './render-world';

/** A row as the database has it: column names to values. */
export type StoredRow = Record<string, unknown>;

/** Somebody with a row in every table that is exported, each of whose words carries `mark`. */
export interface Everything {
	actor: Actor;
	/** By table: what its sealed columns say, in place of the sealed text. */
	rows: Map<string, StoredRow[]>;
	/** Words that no copy may carry. */
	secrets: string[];
	/** What lies in the store, by name in a copy. */
	media: Map<string, Uint8Array>;
}

const DAY_MS = 86_400_000;

/** Tables that `givenAccount` and the ledger fill. */
const FILLED: readonly SQLiteTable[] = [
	users,
	sessions,
	accounts,
	memberships,
	creditAccounts,
	creditBuckets,
	creditEntries,
	creditParts,
	creditSeals,
	receipts,
];

/**
 * A row of each exported table, every column filled. A table that is added to the map and not here fails, because a copy has to be
 * shown to hold it.
 */
export async function givenEverything(deps: RenderWorld, mark: string): Promise<Everything> {
	const actor = await givenAccount(deps);
	const nowMs = deps.now().getTime();
	const ids = idsOf(deps, actor);
	const media = new Map<string, Uint8Array>();
	const rows = new Map<string, StoredRow[]>();
	const secrets: string[] = [];
	const put = async (prefix: 'src' | 'out', name: string) => {
		const objectKey = newObjectKey(prefix, actor.accountId);
		const bytes = new TextEncoder().encode(`bytes of ${mark} in ${name}`);
		await env.MEDIA.put(objectKey, bytes);
		media.set(name, bytes);
		return { objectKey, byteLength: bytes.byteLength };
	};
	const photo = await put('src', `media/photos/${ids.upload_id}.jpg`);
	const made = await put('out', `media/made/${ids.asset_id}.png`);
	await deps.db
		.update(users)
		.set({ name: `${mark} users.name` })
		.where(eq(users.id, actor.userId));
	await deps.db
		.update(accounts)
		.set({ name: `${mark} accounts.name`, phone: `${mark} phone` })
		.where(eq(accounts.id, actor.accountId));
	await givenReceipt(deps, actor.accountId);
	await sealAccount(deps, { id: actor.accountId, sealedSeq: 0 });
	await deps.db.insert(incidents).values({
		...filled(incidents, ids, mark, nowMs),
		id: `${mark}-incident`,
		title: `${mark} incident`,
		knownAtMs: nowMs,
		reportByMs: nowMs + 2,
		dataClasses: ['source'],
		closedAtMs: null,
		fromMs: nowMs,
		untilMs: nowMs + 1,
	});

	const special: [SQLiteTable, StoredRow][] = [
		[signInMethods, {}],
		[secondFactors, {}],
		[passkeys, {}],
		[statements, {}],
		[policyAcceptances, {}],
		[invitations, { role: 'staff', revokedAtMs: null, expiresAtMs: nowMs + DAY_MS }],
		[apiKeys, { scopes: ['renders:read'], expiresAtMs: nowMs + DAY_MS }],
		[auditEntries, { facts: { canary: `${mark} facts` } }],
		[choices, {}],
		[conversions, {}],
		[exports, { state: 'gone' }],
		[staffAccesses, { expiresAtMs: nowMs + DAY_MS }],
		[incidentNotices, { incidentId: `${mark}-incident` }],
		[mails, { state: 'sent', sealed: null }],
		[tickets, { id: ids.ticket_id, state: 'closed' }],
		[ticketMessages, {}],
		[subjects, { id: ids.subject_id, restrictedAtMs: null, erasedAtMs: null }],
		[consents, { id: ids.consent_id, purposes: ['show_in_room'], channels: ['room'] }],
		[consentLinks, { expiresAtMs: nowMs + DAY_MS }],
		[
			uploads,
			{
				id: ids.upload_id,
				kind: 'source',
				state: 'ready',
				deletedAtMs: null,
				deleteAtMs: nowMs + DAY_MS,
				contentType: 'image/jpeg',
				...photo,
			},
		],
		[renders, { id: ids.render_id, state: 'succeeded', input: { prompt: `${mark} prompt` } }],
		[renderOutcomes, { state: 'succeeded' }],
		[attempts, { id: `${ids.render_id}.motion.1`, state: 'done' }],
		[
			assets,
			{
				id: ids.asset_id,
				state: 'ready',
				deletedAtMs: null,
				contentType: 'image/png',
				madeOf: ['simulation'],
				...made,
			},
		],
		[shares, { expiresAtMs: nowMs + DAY_MS }],
		[postings, {}],
		[fileStatements, {}],
		[billingCustomers, { cardLast4: '4242' }],
		[checkouts, {}],
		[purchases, { id: ids.purchase_id }],
		[rightsRequests, { state: 'answered' }],
	];
	for (const [table, overrides] of special) {
		const { name } = getTableConfig(table);
		const row = { ...filled(table, ids, `${mark} ${name}`, nowMs), ...overrides };
		const opened = { ...row };
		await sealColumns(deps, name, row, mark);
		await deps.db.insert(table).values(row);
		rows.set(name, [opened]);
	}
	await readFilled(deps, actor, rows);
	for (const [name, found] of rows) secrets.push(...secretWords(name, found));
	return { actor, rows: toColumns(rows), secrets, media };
}

function idsOf(deps: RenderWorld, actor: Actor) {
	return {
		user_id: actor.userId,
		account_id: actor.accountId,
		requested_by: actor.userId,
		invited_by: actor.userId,
		created_by: actor.userId,
		noted_by: actor.userId,
		removed_by: actor.userId,
		checked_by: actor.userId,
		attested_by: actor.userId,
		paper_upload_id: deps.newId('upload'),
		subject_id: deps.newId('subject'),
		consent_id: deps.newId('consent'),
		upload_id: deps.newId('upload'),
		render_id: deps.newId('render'),
		asset_id: deps.newId('asset'),
		ticket_id: deps.newId('ticket'),
		purchase_id: `pay_${actor.accountId}`,
	};
}

const TABLES: readonly SQLiteTable[] = [
	...FILLED,
	signInMethods,
	secondFactors,
	passkeys,
	statements,
	policyAcceptances,
	invitations,
	apiKeys,
	auditEntries,
	choices,
	conversions,
	exports,
	staffAccesses,
	incidentNotices,
	mails,
	tickets,
	ticketMessages,
	subjects,
	consents,
	consentLinks,
	uploads,
	renders,
	renderOutcomes,
	attempts,
	assets,
	shares,
	postings,
	fileStatements,
	creditSeals,
	billingCustomers,
	checkouts,
	purchases,
	rightsRequests,
];
const BY_NAME = new Map(TABLES.map((table) => [getTableConfig(table).name, table]));

/** Every column with something of its own: an id that is known, a word of its list, else a word with the mark, or a number. */
let counter = 700_000;
function filled(table: SQLiteTable, ids: Record<string, string>, mark: string, nowMs: number): StoredRow {
	const own: StoredRow = {};
	for (const [key, column] of Object.entries(getTableColumns(table))) {
		counter += 1;
		const known = ids[column.name];
		if (known !== undefined) own[key] = known;
		else if (column.enumValues !== undefined && column.enumValues.length > 0) own[key] = column.enumValues[0];
		else if (column.dataType === 'json') own[key] = [`${mark} ${column.name}`];
		else if (column.dataType === 'boolean') own[key] = true;
		else if (column.dataType === 'date') own[key] = new Date(nowMs + counter);
		else if (column.dataType === 'number')
			own[key] = column.name.endsWith('_ms') ? nowMs - 5_000 + (counter % 1000) : counter;
		else own[key] = `${mark} ${column.name} ${counter}`;
	}
	return own;
}

async function sealColumns(deps: RenderWorld, name: string, row: StoredRow, mark: string): Promise<void> {
	const table = DATA_MAP[name];
	const drizzled = BY_NAME.get(name);
	if (table?.sealed === undefined || drizzled === undefined || name === 'mails') return;
	const keyOf = new Map(Object.entries(getTableColumns(drizzled)).map(([key, { name: column }]) => [column, key]));
	const owner = wordsOf(table.sealedUnder ?? 'id')
		.map((column) => row[keyOf.get(column) ?? ''])
		.find((value) => typeof value === 'string');
	for (const column of wordsOf(table.sealed)) {
		const key = keyOf.get(column) ?? '';
		const text = typeof row[key] === 'string' ? row[key] : JSON.stringify(row[key]);
		row[key] = await sealText(deps, {
			owner: String(owner),
			place: `${name}.${column}`,
			text: text.includes(mark) ? text : `${mark} ${text}`,
		});
	}
}

/** What the helpers wrote, as it stands. */
async function readFilled(
	{ db }: RenderWorld,
	{ userId, accountId }: Actor,
	rows: Map<string, StoredRow[]>,
): Promise<void> {
	rows.set('users', await db.select().from(users).where(eq(users.id, userId)));
	rows.set('sessions', await db.select().from(sessions).where(eq(sessions.userId, userId)));
	// A person that the helpers make has accepted the policy already.
	rows.set('policy_acceptances', await db.select().from(policyAcceptances).where(eq(policyAcceptances.userId, userId)));
	rows.set('accounts', await db.select().from(accounts).where(eq(accounts.id, accountId)));
	rows.set('memberships', await db.select().from(memberships).where(eq(memberships.accountId, accountId)));
	rows.set('credit_accounts', await db.select().from(creditAccounts).where(eq(creditAccounts.id, accountId)));
	rows.set('credit_buckets', await db.select().from(creditBuckets).where(eq(creditBuckets.accountId, accountId)));
	const entries = await db.select().from(creditEntries).where(eq(creditEntries.accountId, accountId));
	rows.set('credit_entries', entries);
	rows.set(
		'credit_parts',
		await db
			.select()
			.from(creditParts)
			.where(
				inArray(
					creditParts.entryId,
					entries.map(({ id }) => id),
				),
			),
	);
	rows.set('credit_seals', await db.select().from(creditSeals).where(eq(creditSeals.accountId, accountId)));
	rows.set('receipts', await db.select().from(receipts).where(eq(receipts.accountId, accountId)));
}

function secretWords(name: string, found: readonly StoredRow[]): string[] {
	const table = BY_NAME.get(name);
	if (table === undefined) return [];
	const secret = new Set(wordsOf(DATA_MAP[name]?.columns.secret));
	const keys = Object.entries(getTableColumns(table))
		.filter(([, column]) => secret.has(column.name))
		.map(([key]) => key);
	return found
		.flatMap((row) => keys.map((key) => row[key]))
		.filter((value): value is string => typeof value === 'string');
}

/** As the database names and stores them, so that they can be compared with what a copy says. */
function toColumns(rows: Map<string, StoredRow[]>): Map<string, StoredRow[]> {
	return new Map(
		[...rows].map(([name, found]) => {
			const table = BY_NAME.get(name);
			if (table === undefined) throw new Error(`no table ${name}`);
			const columns = Object.entries(getTableColumns(table));
			const sealed = new Set(wordsOf(DATA_MAP[name]?.sealed));
			return [
				name,
				found.map((row) =>
					Object.fromEntries(columns.map(([key, column]) => [column.name, stored(row[key], sealed.has(column.name))])),
				),
			];
		}),
	);
}

/** JSON stands as text in a column; what was sealed is given out as what it says. */
function stored(value: unknown, isSealed: boolean): unknown {
	if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
		return isSealed ? value : JSON.stringify(value);
	}
	if (value instanceof Date) return value.getTime();
	if (typeof value === 'boolean') return value ? 1 : 0;
	return value ?? null;
}
