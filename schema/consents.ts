import { sql } from 'drizzle-orm';
import { check, integer, sqliteTable, text, index, uniqueIndex } from 'drizzle-orm/sqlite-core';

import type { Channel } from '../studios/publish-rules';
import { accounts } from './accounts';

/** The practice's own reference for a patient: a pseudonym, never a name. */
export const subjects = sqliteTable(
	'subjects',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		/** Sealed under the subject's own key. */
		reference: text().notNull(),
		/** HMAC of account and reference: the same reference twice is one subject, and it cannot be read from it. */
		referenceHash: text('reference_hash'),
		createdAtMs: integer('created_at_ms').notNull(),
		/** Art. 18: while it is set, nothing of theirs is processed or shown to others. */
		restrictedAtMs: integer('restricted_at_ms'),
		/** From when on nothing here says who it was. */
		erasedAtMs: integer('erased_at_ms'),
	},
	(t) => [
		uniqueIndex('subjects_reference').on(t.accountId, t.reference),
		uniqueIndex('subjects_reference_hash').on(t.referenceHash),
	],
);

/** One authorization, with every element of 45 CFR 164.508(c) as a column of its own. */
export const consents = sqliteTable(
	'consents',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		subjectId: text('subject_id')
			.notNull()
			.references(() => subjects.id),
		state: text({ enum: ['draft', 'active', 'expired', 'revoked'] }).notNull(),
		textVersion: text('text_version').notNull(),
		/* Words and names are sealed under the subject's key. */
		/** (c)(1)(i): which photos and videos. */
		description: text(),
		/** (c)(1)(ii): who may disclose. */
		discloser: text(),
		/** (c)(1)(iii): to whom. */
		recipient: text(),
		/** (c)(1)(iv): each purpose, a JSON list. */
		purposes: text({ mode: 'json' }).$type<string[]>().notNull(),
		/** Which uses are still allowed, a JSON list: what the purposes mean at first, and fewer once it was narrowed. */
		channels: text({ mode: 'json' }).$type<Channel[]>().notNull().default([]),
		/** (c)(1)(v): the expiration date. */
		expiresAtMs: integer('expires_at_ms'),
		/** (c)(1)(vi): signature and its date; a representative's authority. */
		signerName: text('signer_name'),
		signerRole: text('signer_role', { enum: ['patient', 'representative'] }),
		representativeAuthority: text('representative_authority'),
		signedAtMs: integer('signed_at_ms'),
		/** How it was signed: typed in by the practice, on the patient's own phone, or on paper; null: before that was noted. */
		signedVia: text('signed_via', { enum: ['staff', 'link', 'paper'] }),
		/** A signature drawn by finger, JSON strokes, sealed; null: the name was typed. */
		signature: text(),
		/** SHA-256 of the words that were shown to whoever signed, hex; null: not signed on a page of ours. */
		signedTextHash: text('signed_text_hash'),
		/** The upload that shows the paper; without a reference, for uploads refer to consents. */
		paperUploadId: text('paper_upload_id'),
		/** Who compared the paper with its elements, and when. */
		checkedBy: text('checked_by'),
		checkedAtMs: integer('checked_at_ms'),
		/** (c)(2): the three required statements, shown and acknowledged. */
		toldOfRevocation: integer('told_of_revocation', { mode: 'boolean' }).notNull(),
		toldTreatmentNotConditioned: integer('told_treatment_not_conditioned', { mode: 'boolean' }).notNull(),
		toldOfRedisclosure: integer('told_of_redisclosure', { mode: 'boolean' }).notNull(),
		createdAtMs: integer('created_at_ms').notNull(),
		revokedAtMs: integer('revoked_at_ms'),
		/** When a channel was last taken away. */
		narrowedAtMs: integer('narrowed_at_ms'),
	},
	(t) => [index('consents_subject').on(t.subjectId), index('consents_ending').on(t.state, t.expiresAtMs)],
);

/** A patient's own way to a consent: to read and sign it, later to see what exists, to narrow it and to revoke it. No account. */
export const consentLinks = sqliteTable(
	'consent_links',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		subjectId: text('subject_id')
			.notNull()
			.references(() => subjects.id),
		consentId: text('consent_id')
			.notNull()
			.references(() => consents.id),
		/** HMAC of the token; the link itself is shown once and stored nowhere. */
		tokenHash: text('token_hash').notNull().unique(),
		createdBy: text('created_by').notNull(),
		createdAtMs: integer('created_at_ms').notNull(),
		/** Short while it waits for a signature, long once it is the patient's. */
		expiresAtMs: integer('expires_at_ms').notNull(),
		/** When it was first opened by whoever holds it. */
		openedAtMs: integer('opened_at_ms'),
		/** When the practice ended it. */
		endedAtMs: integer('ended_at_ms'),
	},
	(t) => [
		check('consent_link_ends_after_it_begins', sql`${t.expiresAtMs} > ${t.createdAtMs}`),
		index('consent_links_consent').on(t.consentId),
		index('consent_links_over').on(t.expiresAtMs),
	],
);
