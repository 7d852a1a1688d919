import { eq, inArray, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';

import { billingCustomers, checkouts, purchases, reconciliationFindings, stripeEvents } from '../../../schema/billing';
import { creditAccounts, creditBuckets, creditEntries, creditParts } from '../../../schema/credits';
import type { Database } from '../../../workers/core/deps';

/** Every row that handling events reads or writes of one account, so that a test can return to a moment and go on otherwise. */
export interface StoredMoney {
	accounts: (typeof creditAccounts.$inferSelect)[];
	buckets: (typeof creditBuckets.$inferSelect)[];
	entries: (typeof creditEntries.$inferSelect)[];
	parts: (typeof creditParts.$inferSelect)[];
	customers: (typeof billingCustomers.$inferSelect)[];
	orders: (typeof checkouts.$inferSelect)[];
	bought: (typeof purchases.$inferSelect)[];
	events: (typeof stripeEvents.$inferSelect)[];
	findings: (typeof reconciliationFindings.$inferSelect)[];
}

/** Whose rows, and which of those that name no account. */
export interface Whose {
	accountId: string;
	eventIds: readonly string[];
	objectIds: readonly string[];
}

function among(ids: readonly string[]) {
	return sql`(select value from json_each(${JSON.stringify(ids)}))`;
}

function conditions({ accountId, eventIds, objectIds }: Whose) {
	return {
		accounts: eq(creditAccounts.id, accountId),
		buckets: eq(creditBuckets.accountId, accountId),
		entries: eq(creditEntries.accountId, accountId),
		parts: sql`${creditParts.bucketId} in (select id from credit_buckets where account_id = ${accountId})`,
		customers: eq(billingCustomers.accountId, accountId),
		orders: eq(checkouts.accountId, accountId),
		bought: eq(purchases.accountId, accountId),
		events: inArray(stripeEvents.id, among(eventIds)),
		findings: inArray(reconciliationFindings.objectId, among(objectIds)),
	};
}

export async function readMoney(db: Database, whose: Whose): Promise<StoredMoney> {
	const of = conditions(whose);
	const [accounts, buckets, entries, parts, customers, orders, bought, events, findings] = await db.batch([
		db.select().from(creditAccounts).where(of.accounts),
		db.select().from(creditBuckets).where(of.buckets).orderBy(creditBuckets.id),
		db.select().from(creditEntries).where(of.entries).orderBy(creditEntries.seq),
		db.select().from(creditParts).where(of.parts).orderBy(creditParts.entryId, creditParts.bucketId),
		db.select().from(billingCustomers).where(of.customers),
		db.select().from(checkouts).where(of.orders).orderBy(checkouts.id),
		db.select().from(purchases).where(of.bought).orderBy(purchases.id),
		db.select().from(stripeEvents).where(of.events).orderBy(stripeEvents.id),
		db.select().from(reconciliationFindings).where(of.findings).orderBy(reconciliationFindings.kind),
	]);
	return { accounts, buckets, entries, parts, customers, orders, bought, events, findings };
}

/** Puts back what was read, and nothing else of the account stays. */
export async function writeMoney(db: Database, whose: Whose, money: StoredMoney): Promise<void> {
	const of = conditions(whose);
	const statements: BatchItem<'sqlite'>[] = [
		db.delete(creditParts).where(of.parts),
		db.delete(creditEntries).where(of.entries),
		db.delete(creditBuckets).where(of.buckets),
		db.delete(purchases).where(of.bought),
		db.delete(checkouts).where(of.orders),
		db.delete(stripeEvents).where(of.events),
		db.delete(reconciliationFindings).where(of.findings),
		...money.accounts.map((row) => db.update(creditAccounts).set(row).where(of.accounts)),
		...money.customers.map((row) => db.update(billingCustomers).set(row).where(of.customers)),
		...money.buckets.map((row) => db.insert(creditBuckets).values(row)),
		...money.entries.map((row) => db.insert(creditEntries).values(row)),
		...money.parts.map((row) => db.insert(creditParts).values(row)),
		...money.orders.map((row) => db.insert(checkouts).values(row)),
		...money.bought.map((row) => db.insert(purchases).values(row)),
		...money.events.map((row) => db.insert(stripeEvents).values(row)),
		...money.findings.map((row) => db.insert(reconciliationFindings).values(row)),
	];
	const [first, ...rest] = statements;
	if (first !== undefined) await db.batch([first, ...rest]);
}
