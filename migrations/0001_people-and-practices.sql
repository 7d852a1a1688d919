CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`secret_hash` text NOT NULL,
	`ending` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`last_used_at_ms` integer,
	`revoked_at_ms` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "key_expires_after_it_was_made" CHECK("api_keys"."expires_at_ms" > "api_keys"."created_at_ms")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_secret_hash_unique` ON `api_keys` (`secret_hash`);--> statement-breakpoint
CREATE INDEX `api_keys_account` ON `api_keys` (`account_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text,
	`user_id` text NOT NULL,
	`key_id` text,
	`action` text NOT NULL,
	`target_id` text,
	`facts` text NOT NULL,
	`reason` text,
	`network` text,
	`country` text,
	`browser` text,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `audit_entries_account` ON `audit_entries` (`account_id`,`created_at_ms`);--> statement-breakpoint
CREATE INDEX `audit_entries_user` ON `audit_entries` (`user_id`,`created_at_ms`);--> statement-breakpoint
CREATE INDEX `audit_entries_age` ON `audit_entries` (`created_at_ms`);--> statement-breakpoint
CREATE TABLE `rate_windows` (
	`key` text NOT NULL,
	`starts_at_ms` integer NOT NULL,
	`ends_at_ms` integer NOT NULL,
	`count` integer NOT NULL,
	`max` integer NOT NULL,
	PRIMARY KEY(`key`, `starts_at_ms`),
	CONSTRAINT "within_limit" CHECK("rate_windows"."count" <= "rate_windows"."max")
);
--> statement-breakpoint
CREATE INDEX `rate_windows_ended` ON `rate_windows` (`ends_at_ms`);--> statement-breakpoint
CREATE TABLE `welcome_grants` (
	`person_hash` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `mails` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`sealed` text,
	`tries` integer DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL,
	`useless_at_ms` integer NOT NULL,
	`tried_at_ms` integer DEFAULT 0 NOT NULL,
	`ended_at_ms` integer,
	CONSTRAINT "sealed_while_queued" CHECK(("mails"."state" = 'queued') = ("mails"."sealed" is not null))
);
--> statement-breakpoint
CREATE INDEX `mails_queued` ON `mails` (`state`,`tried_at_ms`);--> statement-breakpoint
CREATE INDEX `mails_ended` ON `mails` (`ended_at_ms`);--> statement-breakpoint
CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`email` text NOT NULL,
	`role` text NOT NULL,
	`token_hash` text NOT NULL,
	`invited_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`accepted_at_ms` integer,
	`revoked_at_ms` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`invited_by`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "invited_as_member" CHECK("invitations"."role" in ('owner', 'clinician', 'staff', 'billing') and "invitations"."role" <> 'owner'),
	CONSTRAINT "accepted_or_revoked" CHECK("invitations"."accepted_at_ms" is null or "invitations"."revoked_at_ms" is null)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_token_hash_unique` ON `invitations` (`token_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_open` ON `invitations` (`account_id`,`email`) WHERE "invitations"."accepted_at_ms" is null and "invitations"."revoked_at_ms" is null;--> statement-breakpoint
CREATE INDEX `invitations_account` ON `invitations` (`account_id`,`created_at_ms`);--> statement-breakpoint
CREATE INDEX `invitations_expired` ON `invitations` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `memberships` (
	`account_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `user_id`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "membership_role_known" CHECK("memberships"."role" in ('owner', 'clinician', 'staff', 'billing'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `memberships_owner` ON `memberships` (`account_id`) WHERE "memberships"."role" = 'owner';--> statement-breakpoint
CREATE INDEX `memberships_user` ON `memberships` (`user_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text,
	`public_key` text NOT NULL,
	`credential_id` text NOT NULL,
	`counter` integer NOT NULL,
	`device_type` text NOT NULL,
	`backed_up` integer NOT NULL,
	`transports` text,
	`aaguid` text,
	`created_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `passkeys_credential_id_unique` ON `passkeys` (`credential_id`);--> statement-breakpoint
CREATE INDEX `passkeys_user` ON `passkeys` (`user_id`);--> statement-breakpoint
CREATE TABLE `second_factors` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`secret` text NOT NULL,
	`recovery_codes` text NOT NULL,
	`verified` integer DEFAULT false NOT NULL,
	`failed_count` integer DEFAULT 0 NOT NULL,
	`locked_until` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `second_factors_user` ON `second_factors` (`user_id`);--> statement-breakpoint
CREATE TABLE `statements` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`text_version` text NOT NULL,
	`made_at_ms` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `statements_user` ON `statements` (`user_id`);--> statement-breakpoint
-- Until now a column said whom an account belonged to; now its owner is a member like the others. A column with a reference
-- cannot be dropped, so the table is written anew. Its rows are put back by INSERT, not by renaming a copy: only an insert
-- tells SQLite that the rows which refer to them are whole again.
PRAGMA defer_foreign_keys=true;--> statement-breakpoint
INSERT INTO `memberships` (`account_id`, `user_id`, `role`, `created_at_ms`) SELECT `id`, `owner_user_id`, 'owner', `created_at_ms` FROM `accounts`;--> statement-breakpoint
CREATE TABLE `accounts_before` AS SELECT `id`, `name`, `created_at_ms` FROM `accounts`;--> statement-breakpoint
DROP TABLE `accounts`;--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`phone` text,
	`website` text,
	`address` text,
	`logo_upload_id` text,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO `accounts` (`id`, `name`, `created_at_ms`) SELECT `id`, `name`, `created_at_ms` FROM `accounts_before`;--> statement-breakpoint
DROP TABLE `accounts_before`;--> statement-breakpoint
ALTER TABLE `sessions` ADD `account_id` text REFERENCES accounts(id);--> statement-breakpoint
ALTER TABLE `sessions` ADD `confirmed_at_ms` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `two_factor_enabled` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `has_short_password` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `last_sign_in_at_ms` integer;--> statement-breakpoint
CREATE INDEX `sign_in_methods_user` ON `sign_in_methods` (`user_id`);