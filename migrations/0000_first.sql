CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_user_id` text NOT NULL,
	`name` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`owner_user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_owner_user_id_unique` ON `accounts` (`owner_user_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`token` text NOT NULL,
	`expires_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token_unique` ON `sessions` (`token`);--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `sign_in_methods` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`provider_account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`issuer` text,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password_hash` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sign_in_methods_provider` ON `sign_in_methods` (`provider_id`,`provider_account_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`image` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);--> statement-breakpoint
CREATE TABLE `verifications` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `verifications_identifier` ON `verifications` (`identifier`);--> statement-breakpoint
CREATE TABLE `consents` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`subject_id` text NOT NULL,
	`state` text NOT NULL,
	`text_version` text NOT NULL,
	`description` text,
	`discloser` text,
	`recipient` text,
	`purposes` text NOT NULL,
	`expires_at_ms` integer,
	`signer_name` text,
	`signer_role` text,
	`representative_authority` text,
	`signed_at_ms` integer,
	`told_of_revocation` integer NOT NULL,
	`told_treatment_not_conditioned` integer NOT NULL,
	`told_of_redisclosure` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`revoked_at_ms` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `consents_subject` ON `consents` (`subject_id`);--> statement-breakpoint
CREATE INDEX `consents_ending` ON `consents` (`state`,`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `subjects` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`reference` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subjects_reference` ON `subjects` (`account_id`,`reference`);--> statement-breakpoint
CREATE TABLE `credit_accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`posted` integer DEFAULT 0 NOT NULL,
	`held` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "held_not_negative" CHECK("credit_accounts"."held" >= 0),
	CONSTRAINT "held_within_posted" CHECK("credit_accounts"."posted" - "credit_accounts"."held" >= 0)
);
--> statement-breakpoint
CREATE TABLE `credit_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`amount` integer NOT NULL,
	`kind` text NOT NULL,
	`source` text NOT NULL,
	`render_id` text,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `credit_accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "entry_not_zero" CHECK("credit_entries"."amount" <> 0),
	CONSTRAINT "entry_sign_fits_kind" CHECK(("credit_entries"."kind" = 'grant') = ("credit_entries"."amount" > 0))
);
--> statement-breakpoint
CREATE INDEX `credit_entries_account` ON `credit_entries` (`account_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `credit_hold_resolutions` (
	`hold_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`hold_id`) REFERENCES `credit_holds`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `credit_holds` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`amount` integer NOT NULL,
	`render_id` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `credit_accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "hold_positive" CHECK("credit_holds"."amount" > 0)
);
--> statement-breakpoint
CREATE INDEX `credit_holds_account` ON `credit_holds` (`account_id`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`account_id` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`render_id` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `key`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`render_id`) REFERENCES `renders`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `receipts` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`account_id` text NOT NULL,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL,
	`body` text NOT NULL,
	`key_id` text NOT NULL,
	`signature` text NOT NULL,
	`issued_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `receipts_id_unique` ON `receipts` (`id`);--> statement-breakpoint
CREATE INDEX `receipts_account` ON `receipts` (`account_id`);--> statement-breakpoint
CREATE TABLE `assets` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`render_id` text NOT NULL,
	`stage` text NOT NULL,
	`kind` text NOT NULL,
	`asset_class` text NOT NULL,
	`state` text NOT NULL,
	`object_key` text NOT NULL,
	`content_type` text NOT NULL,
	`byte_length` integer NOT NULL,
	`width` integer,
	`height` integer,
	`duration_ms` integer,
	`created_at_ms` integer NOT NULL,
	`deleted_at_ms` integer,
	`tried_at_ms` integer DEFAULT 0 NOT NULL,
	`receipt_id` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`render_id`) REFERENCES `renders`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `assets_object_key_unique` ON `assets` (`object_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `assets_stage` ON `assets` (`render_id`,`stage`);--> statement-breakpoint
CREATE INDEX `assets_state` ON `assets` (`state`);--> statement-breakpoint
CREATE INDEX `assets_account` ON `assets` (`account_id`);--> statement-breakpoint
CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`render_id` text NOT NULL,
	`stage` text NOT NULL,
	`number` integer NOT NULL,
	`state` text NOT NULL,
	`processor` text NOT NULL,
	`endpoint` text NOT NULL,
	`request_id` text,
	`failure` text,
	`created_at_ms` integer NOT NULL,
	`deadline_at_ms` integer NOT NULL,
	`finished_at_ms` integer,
	`forgotten_at_ms` integer,
	FOREIGN KEY (`render_id`) REFERENCES `renders`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `attempts_render` ON `attempts` (`render_id`);--> statement-breakpoint
CREATE INDEX `attempts_open` ON `attempts` (`state`,`deadline_at_ms`);--> statement-breakpoint
CREATE TABLE `render_outcomes` (
	`render_id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`render_id`) REFERENCES `renders`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `renders` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`requested_by` text NOT NULL,
	`tool` text NOT NULL,
	`input` text NOT NULL,
	`upload_id` text,
	`subject_id` text,
	`consent_id` text,
	`state` text NOT NULL,
	`stage` text,
	`credits_held` integer NOT NULL,
	`credits_charged` integer DEFAULT 0 NOT NULL,
	`error_code` text,
	`error_message` text,
	`created_at_ms` integer NOT NULL,
	`started_at_ms` integer,
	`finished_at_ms` integer,
	`deadline_at_ms` integer NOT NULL,
	`forgotten_at_ms` integer,
	`tried_at_ms` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`upload_id`) REFERENCES `uploads`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`consent_id`) REFERENCES `consents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `renders_account` ON `renders` (`account_id`,`created_at_ms`);--> statement-breakpoint
CREATE INDEX `renders_open` ON `renders` (`state`,`deadline_at_ms`);--> statement-breakpoint
CREATE INDEX `renders_upload` ON `renders` (`upload_id`);--> statement-breakpoint
CREATE INDEX `renders_unforgotten` ON `renders` (`forgotten_at_ms`,`finished_at_ms`);--> statement-breakpoint
CREATE INDEX `renders_consent` ON `renders` (`consent_id`);--> statement-breakpoint
CREATE TABLE `webhook_events` (
	`id` text PRIMARY KEY NOT NULL,
	`attempt_id` text NOT NULL,
	`request_id` text NOT NULL,
	`status` text NOT NULL,
	`payload` text,
	`received_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `webhook_events_attempt` ON `webhook_events` (`attempt_id`);--> statement-breakpoint
CREATE TABLE `sweeps` (
	`id` text PRIMARY KEY NOT NULL,
	`started_at_ms` integer NOT NULL,
	`finished_at_ms` integer,
	`sources_deleted` integer DEFAULT 0 NOT NULL,
	`sources_late` integer DEFAULT 0 NOT NULL,
	`renders_expired` integer DEFAULT 0 NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sweeps_finished` ON `sweeps` (`finished_at_ms`);--> statement-breakpoint
CREATE TABLE `uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`subject_id` text,
	`consent_id` text,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`object_key` text NOT NULL,
	`content_type` text NOT NULL,
	`declared_bytes` integer NOT NULL,
	`byte_length` integer,
	`width` integer,
	`height` integer,
	`created_at_ms` integer NOT NULL,
	`put_expires_at_ms` integer NOT NULL,
	`delete_at_ms` integer NOT NULL,
	`delete_clock` text NOT NULL,
	`deleted_at_ms` integer,
	`tried_at_ms` integer DEFAULT 0 NOT NULL,
	`receipt_id` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`consent_id`) REFERENCES `consents`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "deleted_has_a_time" CHECK(("uploads"."state" = 'deleted') = ("uploads"."deleted_at_ms" is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `uploads_object_key_unique` ON `uploads` (`object_key`);--> statement-breakpoint
CREATE INDEX `uploads_due` ON `uploads` (`state`,`delete_at_ms`);--> statement-breakpoint
CREATE INDEX `uploads_tried` ON `uploads` (`state`,`tried_at_ms`);--> statement-breakpoint
CREATE INDEX `uploads_abandoned` ON `uploads` (`state`,`put_expires_at_ms`);--> statement-breakpoint
CREATE INDEX `uploads_consent` ON `uploads` (`consent_id`);--> statement-breakpoint
CREATE INDEX `uploads_account` ON `uploads` (`account_id`);