import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

import { ROLES } from '../studios/roles';
import { accounts } from './accounts';
import { users } from './users';

const ROLE_LIST = sql.raw(ROLES.map((role) => `'${role}'`).join(', '));

/** Who may act in an account, and as what. Read with every request, so that a role that is taken away is gone at once. */
export const memberships = sqliteTable(
	'memberships',
	{
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		userId: text('user_id')
			.notNull()
			.references(() => users.id),
		role: text({ enum: ROLES }).notNull(),
		createdAtMs: integer('created_at_ms').notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.accountId, t.userId], name: 'memberships_pk' }),
		check('membership_role_known', sql`${t.role} in (${ROLE_LIST})`),
		// With it, and with no statement that takes the owner's row away, an account has exactly one owner.
		uniqueIndex('memberships_owner')
			.on(t.accountId)
			.where(sql`${t.role} = 'owner'`),
		index('memberships_user').on(t.userId, t.createdAtMs),
	],
);

export const invitations = sqliteTable(
	'invitations',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		/** In lower case: the address that has to be the accepting person's own, verified one. */
		email: text().notNull(),
		role: text({ enum: ROLES }).notNull(),
		/** SHA-256 of what the mailed link carries, base64url. */
		tokenHash: text('token_hash').notNull().unique(),
		invitedBy: text('invited_by')
			.notNull()
			.references(() => users.id),
		createdAtMs: integer('created_at_ms').notNull(),
		expiresAtMs: integer('expires_at_ms').notNull(),
		acceptedAtMs: integer('accepted_at_ms'),
		revokedAtMs: integer('revoked_at_ms'),
	},
	(t) => [
		check('invited_as_member', sql`${t.role} in (${ROLE_LIST}) and ${t.role} <> 'owner'`),
		check('accepted_or_revoked', sql`${t.acceptedAtMs} is null or ${t.revokedAtMs} is null`),
		uniqueIndex('invitations_open')
			.on(t.accountId, t.email)
			.where(sql`${t.acceptedAtMs} is null and ${t.revokedAtMs} is null`),
		index('invitations_account').on(t.accountId, t.createdAtMs),
		index('invitations_expired').on(t.expiresAtMs),
	],
);
