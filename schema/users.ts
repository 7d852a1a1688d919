import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

import { accounts } from './accounts';

/* People and how they sign in (DS-04). Where a column is better-auth's, it is what its adapter asks for, under our names. */

export const users = sqliteTable('users', {
	id: text().primaryKey(),
	name: text().notNull(),
	email: text().notNull().unique(),
	emailVerified: integer('email_verified', { mode: 'boolean' }).notNull().default(false),
	image: text(),
	twoFactorEnabled: integer('two_factor_enabled', { mode: 'boolean' }).notNull().default(false),
	/** The password has fewer characters than one needs that stands alone, so the second factor cannot be switched off. */
	hasShortPassword: integer('has_short_password', { mode: 'boolean' }).notNull().default(false),
	lastSignInAtMs: integer('last_sign_in_at_ms'),
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
		/**
		 * The account that this session acts in, chosen once; null before. It is never replaced by another one by itself:
		 * what was meant for a practice must not land in the next when its member was removed meanwhile.
		 */
		accountId: text('account_id').references(() => accounts.id),
		/** When the person last proved again that it is them, for dangerous steps; null: at sign-in only. */
		confirmedAtMs: integer('confirmed_at_ms'),
		token: text().notNull().unique(),
		expiresAt: integer('expires_at', { mode: 'timestamp_ms' }).notNull(),
		ipAddress: text('ip_address'),
		userAgent: text('user_agent'),
		createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
		updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
	},
	(t) => [index('sessions_user').on(t.userId), index('sessions_expired').on(t.expiresAt)],
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
	(t) => [
		uniqueIndex('sign_in_methods_provider').on(t.providerId, t.accountId),
		index('sign_in_methods_user').on(t.userId),
	],
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
	(t) => [index('verifications_identifier').on(t.identifier), index('verifications_expired').on(t.expiresAt)],
);

/** TOTP and its recovery codes; better-auth encrypts both with its secret. */
export const secondFactors = sqliteTable(
	'second_factors',
	{
		id: text().primaryKey(),
		userId: text('user_id')
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		secret: text().notNull(),
		backupCodes: text('recovery_codes').notNull(),
		verified: integer({ mode: 'boolean' }).notNull().default(false),
		failedVerificationCount: integer('failed_count').notNull().default(0),
		lockedUntil: integer('locked_until', { mode: 'timestamp_ms' }),
	},
	(t) => [uniqueIndex('second_factors_user').on(t.userId)],
);

export const passkeys = sqliteTable(
	'passkeys',
	{
		id: text().primaryKey(),
		userId: text('user_id')
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		name: text(),
		publicKey: text('public_key').notNull(),
		credentialID: text('credential_id').notNull().unique(),
		counter: integer().notNull(),
		deviceType: text('device_type').notNull(),
		backedUp: integer('backed_up', { mode: 'boolean' }).notNull(),
		transports: text(),
		aaguid: text(),
		createdAt: integer('created_at', { mode: 'timestamp_ms' }),
	},
	(t) => [index('passkeys_user').on(t.userId)],
);

/** What a person states about themselves: to be a professional (DD-41), or old enough (DS-42). Never changed, only added to. */
export const statements = sqliteTable(
	'statements',
	{
		/** `<user id>.<kind>.<text version>`: the same statement twice is one. */
		id: text().primaryKey(),
		userId: text('user_id')
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		kind: text({ enum: ['professional', 'age'] }).notNull(),
		textVersion: text('text_version').notNull(),
		madeAtMs: integer('made_at_ms').notNull(),
	},
	(t) => [index('statements_user').on(t.userId)],
);
