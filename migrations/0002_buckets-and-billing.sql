CREATE TABLE `billing_customers` (
	`account_id` text PRIMARY KEY NOT NULL,
	`customer_id` text NOT NULL,
	`subscription_id` text,
	`plan` text,
	`status` text,
	`period_start_ms` integer,
	`period_end_ms` integer,
	`is_ending` integer DEFAULT false NOT NULL,
	`card_brand` text,
	`card_last4` text,
	`read_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "last_four_are_four" CHECK("billing_customers"."card_last4" is null or length("billing_customers"."card_last4") = 4)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `billing_customers_customer_id_unique` ON `billing_customers` (`customer_id`);--> statement-breakpoint
CREATE TABLE `checkouts` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`requested_by` text NOT NULL,
	`item` text NOT NULL,
	`credits` integer NOT NULL,
	`cents` integer NOT NULL,
	`currency` text NOT NULL,
	`session_id` text,
	`state` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "checkout_credits_positive" CHECK("checkouts"."credits" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `checkouts_session_id_unique` ON `checkouts` (`session_id`);--> statement-breakpoint
CREATE INDEX `checkouts_account` ON `checkouts` (`account_id`,`created_at_ms`);--> statement-breakpoint
CREATE INDEX `checkouts_unended` ON `checkouts` (`created_at_ms`) WHERE ended_at_ms is null;--> statement-breakpoint
CREATE TABLE `purchases` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`item` text NOT NULL,
	`credits` integer NOT NULL,
	`paid_cents` integer NOT NULL,
	`currency` text NOT NULL,
	`payment_id` text,
	`invoice_id` text,
	`refunded_cents` integer DEFAULT 0 NOT NULL,
	`dispute_state` text,
	`paid_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "purchase_credits_positive" CHECK("purchases"."credits" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `purchases_payment_id_unique` ON `purchases` (`payment_id`);--> statement-breakpoint
CREATE INDEX `purchases_account` ON `purchases` (`account_id`,`paid_at_ms`);--> statement-breakpoint
CREATE INDEX `purchases_age` ON `purchases` (`paid_at_ms`);--> statement-breakpoint
CREATE TABLE `reconciliation_findings` (
	`run` text NOT NULL,
	`day` text NOT NULL,
	`kind` text NOT NULL,
	`object_id` text NOT NULL,
	`is_repaired` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`run`, `day`, `kind`, `object_id`)
);
--> statement-breakpoint
CREATE TABLE `reconciliations` (
	`run` text NOT NULL,
	`day` text NOT NULL,
	`state` text NOT NULL,
	`listed` integer DEFAULT 0 NOT NULL,
	`repaired` integer DEFAULT 0 NOT NULL,
	`charged_credits` integer DEFAULT 0 NOT NULL,
	`cost_micros` integer DEFAULT 0 NOT NULL,
	`cost_unknown` integer DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	PRIMARY KEY(`run`, `day`)
);
--> statement-breakpoint
CREATE INDEX `reconciliations_age` ON `reconciliations` (`created_at_ms`);--> statement-breakpoint
CREATE INDEX `reconciliations_waiting` ON `reconciliations` (`created_at_ms`) WHERE state = 'waiting';--> statement-breakpoint
CREATE TABLE `stripe_events` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`object_id` text NOT NULL,
	`received_at_ms` integer NOT NULL,
	`done_at_ms` integer,
	`tried_at_ms` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `stripe_events_undone` ON `stripe_events` (`tried_at_ms`) WHERE done_at_ms is null;--> statement-breakpoint
CREATE INDEX `stripe_events_age` ON `stripe_events` (`received_at_ms`);--> statement-breakpoint
CREATE TABLE `credit_buckets` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`source` text NOT NULL,
	`granted` integer NOT NULL,
	`remaining` integer DEFAULT 0 NOT NULL,
	`held` integer DEFAULT 0 NOT NULL,
	`expires_at_ms` integer,
	`purchase_id` text,
	`created_at_ms` integer NOT NULL,
	`told_at_ms` integer,
	FOREIGN KEY (`account_id`) REFERENCES `credit_accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "bucket_granted_positive" CHECK("credit_buckets"."granted" > 0),
	CONSTRAINT "bucket_held_not_negative" CHECK("credit_buckets"."held" >= 0),
	CONSTRAINT "bucket_held_within_remaining" CHECK("credit_buckets"."remaining" - "credit_buckets"."held" >= 0)
);
--> statement-breakpoint
CREATE INDEX `credit_buckets_account` ON `credit_buckets` (`account_id`,`created_at_ms`);--> statement-breakpoint
CREATE INDEX `credit_buckets_left` ON `credit_buckets` (`account_id`) WHERE remaining > 0;--> statement-breakpoint
CREATE INDEX `credit_buckets_ending` ON `credit_buckets` (`expires_at_ms`) WHERE expires_at_ms is not null and remaining > 0;--> statement-breakpoint
CREATE INDEX `credit_buckets_purchase` ON `credit_buckets` (`purchase_id`);--> statement-breakpoint
CREATE TABLE `credit_seals` (
	`account_id` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`account_id`, `seq`),
	FOREIGN KEY (`account_id`) REFERENCES `credit_accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `credit_accounts` ADD `owed` integer DEFAULT 0 NOT NULL CONSTRAINT "owed_not_negative" CHECK("owed" >= 0);--> statement-breakpoint
ALTER TABLE `credit_accounts` ADD `seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `credit_accounts` ADD `sealed_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `credit_entries` RENAME TO `credit_entries_before`;--> statement-breakpoint
DROP INDEX `credit_entries_account`;--> statement-breakpoint
CREATE TABLE `credit_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`amount` integer NOT NULL,
	`posted` integer NOT NULL,
	`held` integer NOT NULL,
	`owed` integer NOT NULL,
	`balance` integer NOT NULL,
	`render_id` text,
	`purchase_id` text,
	`cause_id` text,
	`resolves_id` text,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `credit_accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "entry_amount_positive" CHECK("amount" > 0),
	CONSTRAINT "hold_covered" CHECK("kind" <> 'hold' or "held" = "amount"),
	CONSTRAINT "entry_adds_up" CHECK(case "kind"
				when 'grant' then "posted" = "amount" and "held" = 0 and "owed" = 0
				when 'hold' then "posted" = 0 and "owed" = 0
				when 'capture' then "posted" = -"amount" and "held" = -"amount" and "owed" = 0
				when 'release' then "posted" = 0 and "held" = -"amount" and "owed" = 0
				when 'expiry' then "posted" = -"amount" and "held" = 0 and "owed" = 0
				when 'reversal' then "posted" <= 0 and "owed" >= 0 and "posted" - "owed" = -"amount" and "held" = 0
				when 'freeze' then "posted" = 0 and "held" between 0 and "amount" and "owed" = 0
				when 'thaw' then "posted" = 0 and "held" between -"amount" and 0 and "owed" = 0
				when 'loss' then "posted" <= 0 and "owed" >= 0 and "posted" - "owed" = -"amount" and "held" <= 0
				when 'reinstatement' then "posted" >= 0 and "owed" <= 0 and "posted" - "owed" = "amount" and "held" = 0
				when 'return' then "posted" = "amount" and "held" = 0 and "owed" = 0
				when 'repayment' then "posted" = -"amount" and "held" = 0 and "owed" = -"amount"
				else false end)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `credit_entries_resolves_id_unique` ON `credit_entries` (`resolves_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `credit_entries_order` ON `credit_entries` (`account_id`,`seq`);--> statement-breakpoint
CREATE INDEX `credit_entries_render` ON `credit_entries` (`render_id`);--> statement-breakpoint
CREATE INDEX `credit_entries_purchase` ON `credit_entries` (`purchase_id`);--> statement-breakpoint
CREATE INDEX `credit_entries_age` ON `credit_entries` (`account_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `credit_parts` (
	`entry_id` text NOT NULL,
	`bucket_id` text NOT NULL,
	`posted` integer NOT NULL,
	`held` integer NOT NULL,
	PRIMARY KEY(`entry_id`, `bucket_id`),
	FOREIGN KEY (`entry_id`) REFERENCES `credit_entries`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`bucket_id`) REFERENCES `credit_buckets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "part_changes_something" CHECK("credit_parts"."posted" <> 0 or "credit_parts"."held" <> 0)
);
--> statement-breakpoint
CREATE INDEX `credit_parts_bucket` ON `credit_parts` (`bucket_id`);--> statement-breakpoint
INSERT INTO `credit_buckets` (`id`, `account_id`, `source`, `granted`, `remaining`, `held`, `created_at_ms`)
SELECT min(e.`id`), a.`id`, 'promo', sum(e.`amount`), a.`posted`, a.`held`, min(e.`created_at_ms`)
FROM `credit_accounts` a JOIN `credit_entries_before` e ON e.`account_id` = a.`id` AND e.`kind` = 'grant'
GROUP BY a.`id`;--> statement-breakpoint
INSERT INTO `credit_entries` (`id`, `account_id`, `seq`, `kind`, `amount`, `posted`, `held`, `owed`, `balance`, `render_id`, `resolves_id`, `created_at_ms`)
SELECT `id`, `account_id`,
	row_number() OVER (PARTITION BY `account_id` ORDER BY `created_at_ms`, `rank`, `id`),
	`kind`, `amount`, `posted`, `held`, 0,
	sum(`posted` - `held`) OVER (PARTITION BY `account_id` ORDER BY `created_at_ms`, `rank`, `id`),
	`render_id`, `resolves_id`, `created_at_ms`
FROM (
	SELECT e.`id`, e.`account_id`, 0 AS `rank`, e.`kind`, e.`amount`, e.`amount` AS `posted`, 0 AS `held`,
		e.`render_id`, NULL AS `resolves_id`, e.`created_at_ms`
	FROM `credit_entries_before` e WHERE e.`kind` = 'grant'
	UNION ALL
	SELECT h.`id`, h.`account_id`, 1, 'hold', h.`amount`, 0, h.`amount`, h.`render_id`, NULL, h.`created_at_ms`
	FROM `credit_holds` h
	UNION ALL
	SELECT e.`id`, e.`account_id`, 2, 'capture', -e.`amount`, e.`amount`, e.`amount`, e.`render_id`, h.`id`, e.`created_at_ms`
	FROM `credit_entries_before` e
	JOIN `credit_holds` h ON h.`render_id` = e.`render_id` AND h.`account_id` = e.`account_id` AND h.`amount` = -e.`amount`
	JOIN `credit_hold_resolutions` r ON r.`hold_id` = h.`id` AND r.`kind` = 'captured'
	WHERE e.`kind` = 'capture'
	UNION ALL
	SELECT 'release:' || h.`render_id`, h.`account_id`, 2, 'release', h.`amount`, 0, -h.`amount`, h.`render_id`, h.`id`, r.`created_at_ms`
	FROM `credit_holds` h JOIN `credit_hold_resolutions` r ON r.`hold_id` = h.`id` AND r.`kind` = 'released'
);--> statement-breakpoint
INSERT INTO `credit_parts` (`entry_id`, `bucket_id`, `posted`, `held`)
SELECT e.`id`, b.`id`, e.`posted`, e.`held` FROM `credit_entries` e JOIN `credit_buckets` b ON b.`account_id` = e.`account_id`;--> statement-breakpoint
UPDATE `credit_accounts` SET `seq` = (SELECT count(*) FROM `credit_entries` e WHERE e.`account_id` = `credit_accounts`.`id`);--> statement-breakpoint
DROP TABLE `credit_hold_resolutions`;--> statement-breakpoint
DROP TABLE `credit_holds`;--> statement-breakpoint
DROP TABLE `credit_entries_before`;--> statement-breakpoint
CREATE INDEX `credit_accounts_unsealed` ON `credit_accounts` (`id`) WHERE sealed_seq < seq;--> statement-breakpoint
CREATE INDEX `credit_accounts_owing` ON `credit_accounts` (`id`) WHERE owed > 0;--> statement-breakpoint
ALTER TABLE `attempts` ADD `cost_micros` integer;