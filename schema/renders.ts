import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

import { ASSET_KINDS, type AssetClass } from '../studios/studio';
import type { AttemptHygiene } from '../studios/attempt-hygiene';
import { accounts } from './accounts';
import { consents, subjects } from './consents';
import { uploads } from './uploads';

export const renders = sqliteTable(
	'renders',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		requestedBy: text('requested_by').notNull(),
		tool: text().notNull(),
		/** JSON, sealed as one value under the key of the person in the picture, or of the account where there is none. */
		input: text().notNull(),
		uploadId: text('upload_id').references(() => uploads.id),
		subjectId: text('subject_id').references(() => subjects.id),
		consentId: text('consent_id').references(() => consents.id),
		state: text({ enum: ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired'] }).notNull(),
		stage: text(),
		creditsHeld: integer('credits_held').notNull(),
		creditsCharged: integer('credits_charged').notNull().default(0),
		errorCode: text('error_code'),
		errorMessage: text('error_message'),
		createdAtMs: integer('created_at_ms').notNull(),
		startedAtMs: integer('started_at_ms'),
		finishedAtMs: integer('finished_at_ms'),
		/** Past this the sweep ends it as expired and gives the credits back. */
		deadlineAtMs: integer('deadline_at_ms').notNull(),
		/** When every processor's copy was found gone; null while one may be left. */
		forgottenAtMs: integer('forgotten_at_ms'),
		/** When that was last tried. */
		triedAtMs: integer('tried_at_ms').notNull().default(0),
	},
	(t) => [
		index('renders_account').on(t.accountId, t.createdAtMs),
		index('renders_open').on(t.state, t.deadlineAtMs),
		index('renders_upload').on(t.uploadId),
		index('renders_unforgotten').on(t.forgottenAtMs, t.finishedAtMs),
		index('renders_consent').on(t.consentId),
	],
);

/** The one terminal state of a render: the primary key refuses a second one, and with it the whole batch that brings it. */
export const renderOutcomes = sqliteTable('render_outcomes', {
	renderId: text('render_id')
		.primaryKey()
		.references(() => renders.id),
	state: text({ enum: ['succeeded', 'failed', 'cancelled', 'expired'] }).notNull(),
	createdAtMs: integer('created_at_ms').notNull(),
});

/** An intent is written before a processor is spoken to, so that no submission is ever without a row. */
export const attempts = sqliteTable(
	'attempts',
	{
		/** `<render id>.<stage>.<number>` */
		id: text().primaryKey(),
		renderId: text('render_id')
			.notNull()
			.references(() => renders.id),
		stage: text().notNull(),
		number: integer().notNull(),
		state: text({ enum: ['intent', 'submitted', 'unknown', 'done', 'failed', 'abandoned'] }).notNull(),
		processor: text({ enum: ['fal', 'openai'] }).notNull(),
		endpoint: text().notNull(),
		requestId: text('request_id'),
		failure: text(),
		createdAtMs: integer('created_at_ms').notNull(),
		deadlineAtMs: integer('deadline_at_ms').notNull(),
		finishedAtMs: integer('finished_at_ms'),
		/** When the processor's copy was found gone. */
		forgottenAtMs: integer('forgotten_at_ms'),
		/** What the processor takes for it, in millionths of a US dollar; null while that is not known, which is not zero. */
		costMicros: integer('cost_micros'),
		/** What the request asked of the processor about keeping things, and what was seen when its copy was looked for (N6), JSON. */
		hygiene: text({ mode: 'json' }).$type<AttemptHygiene>(),
	},
	(t) => [index('attempts_render').on(t.renderId), index('attempts_open').on(t.state, t.deadlineAtMs)],
);

/** A verified webhook, recorded before it is answered. */
export const webhookEvents = sqliteTable(
	'webhook_events',
	{
		/** `fal:<request id>:<status>` */
		id: text().primaryKey(),
		attemptId: text('attempt_id').notNull(),
		requestId: text('request_id').notNull(),
		status: text({ enum: ['OK', 'ERROR'] }).notNull(),
		/** What the processor said, at most 16 KB; emptied when its attempt ends, for it holds addresses of files. */
		payload: text(),
		receivedAtMs: integer('received_at_ms').notNull(),
	},
	(t) => [index('webhook_events_attempt').on(t.attemptId), index('webhook_events_age').on(t.receivedAtMs)],
);

export const assets = sqliteTable(
	'assets',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		renderId: text('render_id')
			.notNull()
			.references(() => renders.id),
		stage: text().notNull(),
		kind: text({ enum: ASSET_KINDS }).notNull(),
		assetClass: text('asset_class', {
			enum: ['source', 'simulation', 'genuine_pair', 'generated', 'composition'],
		}).notNull(),
		/** Of a composition: the classes of what it was made of, a JSON list; null: not noted, which counts as the strictest. */
		madeOf: text('made_of', { mode: 'json' }).$type<AssetClass[]>(),
		/** `pending` until the render's outcome is written with it. */
		state: text({ enum: ['pending', 'ready', 'deleting', 'deleted'] }).notNull(),
		/** Who says that both pictures of a genuine pair are photographs; null: nobody had to. */
		attestedBy: text('attested_by'),
		/** Of what a device made: until when its bytes may be put. */
		putExpiresAtMs: integer('put_expires_at_ms'),
		objectKey: text('object_key').notNull().unique(),
		contentType: text('content_type').notNull(),
		byteLength: integer('byte_length').notNull(),
		width: integer(),
		height: integer(),
		durationMs: integer('duration_ms'),
		createdAtMs: integer('created_at_ms').notNull(),
		deletedAtMs: integer('deleted_at_ms'),
		/** When its deletion was last tried. */
		triedAtMs: integer('tried_at_ms').notNull().default(0),
		receiptId: text('receipt_id').notNull(),
	},
	(t) => [
		uniqueIndex('assets_stage').on(t.renderId, t.stage),
		index('assets_state').on(t.state),
		index('assets_account').on(t.accountId),
	],
);
