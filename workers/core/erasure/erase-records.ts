import { eq, sql } from 'drizzle-orm';

import { sessions } from '../../../schema/users';
import { AppError } from '../errors';
import { destroyDataKey, keyName } from '../vault/data-key';
import type { Vault } from '../vault/vault';
import { eraseRows, isOwned, ruleOf } from './owned-rows';
import type { LegOutcome, LegRun } from './leg-run';
import { tellMembers } from './tell-members';

/** Of one table in one statement; what is left is done by the next try. */
const ROWS_AT_ONCE_MAX = 500;
/** Each has a key of its own, which is looked for once more. */
const KEYS_AT_ONCE_MAX = 50;

/** Ways in, which end first. */
const ACCESS = [
	'sessions',
	'sign_in_methods',
	'second_factors',
	'passkeys',
	'api_keys',
	'invitations',
	'memberships',
] as const;

/** Every table with rows that an erasure deletes or empties, each before the one that it refers to. */
export const ROW_ORDER = [
	...ACCESS,
	'webhook_events',
	'idempotency_keys',
	'render_outcomes',
	'shares',
	'postings',
	'assets',
	'file_statements',
	'attempts',
	'staff_accesses',
	'renders',
	'uploads',
	'consent_links',
	'consents',
	'subjects',
	'ticket_messages',
	'tickets',
	'rights_requests',
	'exports',
	'conversions',
	'incident_notices',
	'statements',
	'policy_acceptances',
	'mails',
	'checkouts',
	'billing_customers',
	'choices',
	'audit_entries',
	'accounts',
	'users',
] as const;

/** What is sealed in their rows is sealed under a key of the row's own id. */
const KEY_OWNERS: readonly string[] = ['subjects', 'tickets'];

/** Nobody acts in the account, or as the person, any more. */
export const eraseAccess: LegRun = async (deps, erasure) => {
	// Of an account others go on being signed in, elsewhere.
	const { kind, targetId } = erasure;
	if (kind === 'account') {
		await deps.db.update(sessions).set({ accountId: null }).where(eq(sessions.accountId, targetId));
		if (await tellMembers(deps, erasure)) return 'more';
	}
	// Whoever asked a person to join knows them by their address.
	if (kind === 'person') {
		await deps.db.run(
			sql`delete from invitations where email = (select lower(email) from users where id = ${targetId})`,
		);
	}
	return eraseTables(ACCESS, deps, erasure);
};

/** Every row that names the owner, children first. Those of a patient or a ticket only when their key is gone. */
export const eraseRecords: LegRun = (deps, erasure) => eraseTables(ROW_ORDER, deps, erasure);

async function eraseTables(
	tables: readonly string[],
	deps: Parameters<LegRun>[0],
	erasure: Parameters<LegRun>[1],
): Promise<LegOutcome> {
	let erased = 0;
	for (const table of tables) {
		const isKeyed = KEY_OWNERS.includes(table);
		const limit = isKeyed ? KEYS_AT_ONCE_MAX : ROWS_AT_ONCE_MAX;
		const count = await (isKeyed ? eraseKeyedRows : eraseRows)(deps, table, erasure, limit);
		// The next table's rows are referred to by what is left of this one.
		if (count === limit) return 'more';
		erased += count;
	}
	return erased === 0 ? 'nothing_held' : 'deleted';
}

/** Each row's key, and then these rows and no others: of a row that another try would choose meanwhile the key is still there. */
async function eraseKeyedRows(
	{ db, vault }: Parameters<LegRun>[0],
	table: string,
	erasure: Parameters<LegRun>[1],
	limit: number,
): Promise<number> {
	const own = isOwned(table, erasure);
	if (own === null || ruleOf(table, erasure.kind) !== 'delete') return 0;
	const name = sql.identifier(table);
	const rows = await db.all<{ id: string }>(sql`select id from ${name} where ${own} limit ${limit}`);
	if (rows.length === 0) return 0;
	const ids = rows.map(({ id }) => id);
	await destroyKeys(vault, ids);
	await db.run(sql`delete from ${name} where id in (select value from json_each(${JSON.stringify(ids)})) and ${own}`);
	return ids.length;
}

/** The key of what was sealed for the owner: from now on no copy of a row can be read, wherever it lies (N10). */
export const eraseKeys: LegRun = async ({ vault }, { targetId }) => {
	const wasThere = (await vault.store.read(keyName(targetId))) !== null;
	await destroyKeys(vault, [targetId]);
	return wasThere ? 'deleted' : 'nothing_held';
};

async function destroyKeys(vault: Vault, owners: readonly string[]): Promise<void> {
	for (const owner of owners) {
		await destroyDataKey({ vault }, owner);
		if ((await vault.store.read(keyName(owner))) !== null) {
			throw new AppError('upstream_unavailable', 'The vault still holds a key after deleting it.');
		}
	}
}
