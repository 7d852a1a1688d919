CREATE TABLE `postings` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`subject_id` text,
	`asset_id` text NOT NULL,
	`place` text NOT NULL,
	`address` text NOT NULL,
	`posted_at_ms` integer NOT NULL,
	`noted_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`removed_at_ms` integer,
	`removed_by` text,
	`proof` text,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`asset_id`) REFERENCES `assets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "removed_with_a_proof" CHECK(("postings"."removed_at_ms" is null) = ("postings"."proof" is null)),
	CONSTRAINT "removed_by_somebody" CHECK(("postings"."removed_at_ms" is null) = ("postings"."removed_by" is null))
);
--> statement-breakpoint
CREATE INDEX `postings_asset` ON `postings` (`asset_id`);--> statement-breakpoint
CREATE INDEX `postings_account` ON `postings` (`account_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `shares` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`subject_id` text,
	`asset_id` text NOT NULL,
	`shows` text NOT NULL,
	`token_hash` text NOT NULL,
	`passcode_hash` text,
	`created_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`revoked_at_ms` integer,
	`views` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`asset_id`) REFERENCES `assets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "share_ends_after_it_begins" CHECK("shares"."expires_at_ms" > "shares"."created_at_ms"),
	CONSTRAINT "views_not_negative" CHECK("shares"."views" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `shares_token_hash_unique` ON `shares` (`token_hash`);--> statement-breakpoint
CREATE INDEX `shares_asset` ON `shares` (`asset_id`);--> statement-breakpoint
CREATE INDEX `shares_account` ON `shares` (`account_id`,`created_at_ms`);--> statement-breakpoint
CREATE INDEX `shares_over` ON `shares` (`expires_at_ms`);--> statement-breakpoint
ALTER TABLE `accounts` ADD `jurisdiction` text;--> statement-breakpoint
ALTER TABLE `consents` ADD `channels` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `consents` ADD `narrowed_at_ms` integer;--> statement-breakpoint
ALTER TABLE `assets` ADD `made_of` text;--> statement-breakpoint
UPDATE `consents` SET `channels` = (
	SELECT json_group_array(`channel`) FROM (
		SELECT 'room' AS `channel`, 'show_in_room' AS `purpose`
		UNION ALL SELECT 'download', 'patient_copy'
		UNION ALL SELECT 'share', 'patient_copy'
		UNION ALL SELECT 'publish', 'website'
		UNION ALL SELECT 'publish', 'social_media'
			WHERE NOT EXISTS (SELECT 1 FROM json_each(`consents`.`purposes`) WHERE `value` = 'website')
	) WHERE `purpose` IN (SELECT `value` FROM json_each(`consents`.`purposes`))
);
