CREATE TABLE `consent_links` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`subject_id` text NOT NULL,
	`consent_id` text NOT NULL,
	`token_hash` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`opened_at_ms` integer,
	`ended_at_ms` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`consent_id`) REFERENCES `consents`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "consent_link_ends_after_it_begins" CHECK("consent_links"."expires_at_ms" > "consent_links"."created_at_ms")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `consent_links_token_hash_unique` ON `consent_links` (`token_hash`);--> statement-breakpoint
CREATE INDEX `consent_links_consent` ON `consent_links` (`consent_id`);--> statement-breakpoint
CREATE INDEX `consent_links_over` ON `consent_links` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `file_statements` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`subject_id` text,
	`render_id` text,
	`file_hash` text NOT NULL,
	`statement` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`render_id`) REFERENCES `renders`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `file_statements_file` ON `file_statements` (`account_id`,`file_hash`);--> statement-breakpoint
CREATE INDEX `file_statements_hash` ON `file_statements` (`file_hash`);--> statement-breakpoint
CREATE INDEX `file_statements_render` ON `file_statements` (`render_id`);--> statement-breakpoint
CREATE INDEX `file_statements_subject` ON `file_statements` (`subject_id`);--> statement-breakpoint
ALTER TABLE `consents` ADD `signed_via` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `signature` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `signed_text_hash` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `paper_upload_id` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `checked_by` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `checked_at_ms` integer;--> statement-breakpoint
ALTER TABLE `assets` ADD `attested_by` text;--> statement-breakpoint
ALTER TABLE `assets` ADD `put_expires_at_ms` integer;--> statement-breakpoint
ALTER TABLE `attempts` ADD `hygiene` text;