import { integer, sqliteTable, text, uniqueIndex, index } from 'drizzle-orm/sqlite-core';

/* The first four tables are better-auth's, under our names; their columns are what its adapter asks for. */

export const users = sqliteTable('users', {
	id: text().primaryKey(),
	name: text().notNull(),
	email: text().notNull().unique(),
	emailVerified: integer('email_verified', { mode: 'boolean' }).notNull().default(false),
	image: text(),
	createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
	updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
});

export const sessions = sqliteTable(
	'sessions',
	{
		id: text().primaryKey(),
		userId: text('user_id')
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		token: text().notNull().unique(),
		expiresAt: integer('expires_at', { mode: 'timestamp_ms' }).notNull(),
		ipAddress: text('ip_address'),
		userAgent: text('user_agent'),
		createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
		updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
	},
	(t) => [index('sessions_user').on(t.userId)],
);

/** better-auth calls this "account"; here an account is what owns photos and credits. */
export const signInMethods = sqliteTable(
	'sign_in_methods',
	{
		id: text().primaryKey(),
		userId: text('user_id')
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		accountId: text('provider_account_id').notNull(),
		providerId: text('provider_id').notNull(),
		issuer: text(),
		accessToken: text('access_token'),
		refreshToken: text('refresh_token'),
		idToken: text('id_token'),
		accessTokenExpiresAt: integer('access_token_expires_at', { mode: 'timestamp_ms' }),
		refreshTokenExpiresAt: integer('refresh_token_expires_at', { mode: 'timestamp_ms' }),
		scope: text(),
		password: text('password_hash'),
		createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
		updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
	},
	(t) => [uniqueIndex('sign_in_methods_provider').on(t.providerId, t.accountId)],
);

export const verifications = sqliteTable(
	'verifications',
	{
		id: text().primaryKey(),
		identifier: text().notNull(),
		value: text().notNull(),
		expiresAt: integer('expires_at', { mode: 'timestamp_ms' }).notNull(),
		createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
		updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
	},
	(t) => [index('verifications_identifier').on(t.identifier)],
);

/** What owns photos, renders and credits: a practice, a workspace or a person's own. */
export const accounts = sqliteTable('accounts', {
	id: text().primaryKey(),
	ownerUserId: text('owner_user_id')
		.notNull()
		.unique()
		.references(() => users.id),
	name: text().notNull(),
	createdAtMs: integer('created_at_ms').notNull(),
});
