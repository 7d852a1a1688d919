CREATE TABLE `choices` (
	`id` text PRIMARY KEY NOT NULL,
	`visitor_id` text,
	`user_id` text,
	`purpose` text NOT NULL,
	`choice` text NOT NULL,
	`regime` text NOT NULL,
	`has_gpc` integer NOT NULL,
	`text_version` text NOT NULL,
	`surface` text NOT NULL,
	`made_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `choices_visitor` ON `choices` (`visitor_id`,`purpose`,`made_at_ms`);--> statement-breakpoint
CREATE INDEX `choices_user` ON `choices` (`user_id`,`purpose`,`made_at_ms`);--> statement-breakpoint
CREATE INDEX `choices_age` ON `choices` (`made_at_ms`);--> statement-breakpoint
CREATE TABLE `conversions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`value_cents` integer,
	`currency` text,
	`happened_at_ms` integer NOT NULL,
	`state` text NOT NULL,
	`tried_at_ms` integer DEFAULT 0 NOT NULL,
	`ended_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `conversions_queued` ON `conversions` (`state`,`tried_at_ms`);--> statement-breakpoint
CREATE INDEX `conversions_age` ON `conversions` (`happened_at_ms`);--> statement-breakpoint
CREATE TABLE `erasure_legs` (
	`erasure_id` text NOT NULL,
	`leg` text NOT NULL,
	`state` text NOT NULL,
	`deleted` integer DEFAULT 0 NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`checked_at_ms` integer,
	PRIMARY KEY(`erasure_id`, `leg`),
	FOREIGN KEY (`erasure_id`) REFERENCES `erasures`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `erasures` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`target_id` text NOT NULL,
	`account_id` text,
	`state` text NOT NULL,
	`blocked_leg` text,
	`requested_at_ms` integer NOT NULL,
	`due_at_ms` integer NOT NULL,
	`tried_at_ms` integer DEFAULT 0 NOT NULL,
	`finished_at_ms` integer,
	`receipt_id` text NOT NULL,
	`done_mail` text,
	CONSTRAINT "certified_without_a_mail" CHECK("erasures"."state" <> 'certified' or "erasures"."done_mail" is null),
	CONSTRAINT "certified_has_a_time" CHECK(("erasures"."state" = 'certified') = ("erasures"."finished_at_ms" is not null)),
	CONSTRAINT "blocked_names_its_leg" CHECK(("erasures"."state" = 'blocked') = ("erasures"."blocked_leg" is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `erasures_receipt_id_unique` ON `erasures` (`receipt_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `erasures_target` ON `erasures` (`target_id`);--> statement-breakpoint
CREATE INDEX `erasures_open` ON `erasures` (`state`,`tried_at_ms`);--> statement-breakpoint
CREATE INDEX `erasures_finished` ON `erasures` (`finished_at_ms`);--> statement-breakpoint
CREATE TABLE `legal_holds` (
	`id` text PRIMARY KEY NOT NULL,
	`target_kind` text NOT NULL,
	`target_id` text NOT NULL,
	`matter` text NOT NULL,
	`placed_at_ms` integer NOT NULL,
	`released_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `legal_holds_open` ON `legal_holds` (`target_id`,`matter`) WHERE "legal_holds"."released_at_ms" is null;--> statement-breakpoint
CREATE TABLE `evidence_points` (
	`data_class` text NOT NULL,
	`at_ms` integer NOT NULL,
	`promise_ms` integer,
	`held` integer NOT NULL,
	`oldest_age_ms` integer,
	`late` integer NOT NULL,
	PRIMARY KEY(`data_class`, `at_ms`)
);
--> statement-breakpoint
CREATE INDEX `evidence_points_age` ON `evidence_points` (`at_ms`);--> statement-breakpoint
CREATE TABLE `incident_notices` (
	`incident_id` text NOT NULL,
	`user_id` text NOT NULL,
	`told_at_ms` integer NOT NULL,
	PRIMARY KEY(`incident_id`, `user_id`),
	FOREIGN KEY (`incident_id`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`data_classes` text NOT NULL,
	`from_ms` integer NOT NULL,
	`until_ms` integer NOT NULL,
	`known_at_ms` integer NOT NULL,
	`report_by_ms` integer NOT NULL,
	`happened` text,
	`consequences` text,
	`measures` text,
	`advice` text,
	`alarmed_at_ms` integer,
	`reported_at_ms` integer,
	`report_reason` text,
	`told_at_ms` integer,
	`closed_at_ms` integer,
	CONSTRAINT "a_window" CHECK("incidents"."until_ms" >= "incidents"."from_ms"),
	CONSTRAINT "closed_when_reported" CHECK("incidents"."closed_at_ms" is null or "incidents"."reported_at_ms" is not null or "incidents"."report_reason" is not null)
);
--> statement-breakpoint
CREATE INDEX `incidents_open` ON `incidents` (`closed_at_ms`,`report_by_ms`);--> statement-breakpoint
CREATE TABLE `staff_accesses` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`render_id` text NOT NULL,
	`reason` text NOT NULL,
	`granted_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`looks` integer DEFAULT 0 NOT NULL,
	CONSTRAINT "access_ends" CHECK("staff_accesses"."expires_at_ms" > "staff_accesses"."granted_at_ms")
);
--> statement-breakpoint
CREATE INDEX `staff_accesses_account` ON `staff_accesses` (`account_id`,`granted_at_ms`);--> statement-breakpoint
CREATE INDEX `staff_accesses_age` ON `staff_accesses` (`granted_at_ms`);--> statement-breakpoint
CREATE TABLE `log_heads` (
	`tree_size` integer PRIMARY KEY NOT NULL,
	`root_hash` text NOT NULL,
	`signed_at_ms` integer NOT NULL,
	`key_id` text NOT NULL,
	`public_key` text NOT NULL,
	`signature` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `log_heads_signed` ON `log_heads` (`signed_at_ms`);--> statement-breakpoint
CREATE TABLE `log_nodes` (
	`level` integer NOT NULL,
	`position` integer NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`level`, `position`)
);
--> statement-breakpoint
CREATE TABLE `mail_events` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`provider_id` text NOT NULL,
	`bounce_type` text,
	`received_at_ms` integer NOT NULL,
	`done_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `mail_events_open` ON `mail_events` (`done_at_ms`,`received_at_ms`);--> statement-breakpoint
CREATE TABLE `mail_suppressions` (
	`address_hash` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`since_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `policy_acceptances` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`version` text NOT NULL,
	`text_hash` text NOT NULL,
	`surface` text NOT NULL,
	`accepted_at_ms` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `policy_acceptances_user` ON `policy_acceptances` (`user_id`);--> statement-breakpoint
CREATE TABLE `policy_versions` (
	`version` text PRIMARY KEY NOT NULL,
	`text_hash` text NOT NULL,
	`is_material` integer NOT NULL,
	`notice_ms` integer NOT NULL,
	`planned_at_ms` integer NOT NULL,
	`first_seen_at_ms` integer NOT NULL,
	`told_through` text,
	`notified_at_ms` integer,
	`effective_at_ms` integer,
	CONSTRAINT "noticed_before_it_holds" CHECK("policy_versions"."effective_at_ms" is null or ("policy_versions"."notified_at_ms" is not null and "policy_versions"."effective_at_ms" - "policy_versions"."notified_at_ms" >= "policy_versions"."notice_ms")),
	CONSTRAINT "not_before_its_day" CHECK("policy_versions"."effective_at_ms" is null or "policy_versions"."effective_at_ms" >= "policy_versions"."planned_at_ms")
);
--> statement-breakpoint
CREATE INDEX `policy_versions_effective` ON `policy_versions` (`effective_at_ms`);--> statement-breakpoint
CREATE TABLE `exports` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`account_id` text,
	`state` text NOT NULL,
	`object_key` text NOT NULL,
	`byte_length` integer,
	`requested_at_ms` integer NOT NULL,
	`ready_at_ms` integer,
	`delete_at_ms` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`tried_at_ms` integer DEFAULT 0 NOT NULL,
	CONSTRAINT "ready_has_bytes" CHECK("exports"."state" <> 'ready' or ("exports"."byte_length" is not null and "exports"."ready_at_ms" is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `exports_object_key_unique` ON `exports` (`object_key`);--> statement-breakpoint
CREATE INDEX `exports_user` ON `exports` (`user_id`,`requested_at_ms`);--> statement-breakpoint
CREATE INDEX `exports_state` ON `exports` (`state`,`delete_at_ms`);--> statement-breakpoint
CREATE TABLE `rights_requests` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text,
	`right` text NOT NULL,
	`state` text NOT NULL,
	`sealed` text NOT NULL,
	`answer_sealed` text,
	`token_hash` text NOT NULL,
	`received_at_ms` integer NOT NULL,
	`proved_at_ms` integer,
	`due_at_ms` integer NOT NULL,
	`extended_at_ms` integer,
	`extension_reason` text,
	`alarmed_at_ms` integer,
	`ended_at_ms` integer,
	CONSTRAINT "extended_with_a_reason" CHECK(("rights_requests"."extended_at_ms" is null) = ("rights_requests"."extension_reason" is null)),
	CONSTRAINT "ended_has_a_time" CHECK(("rights_requests"."state" in ('answered', 'refused', 'lapsed')) = ("rights_requests"."ended_at_ms" is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rights_requests_token_hash_unique` ON `rights_requests` (`token_hash`);--> statement-breakpoint
CREATE INDEX `rights_requests_due` ON `rights_requests` (`state`,`due_at_ms`);--> statement-breakpoint
CREATE INDEX `rights_requests_ended` ON `rights_requests` (`ended_at_ms`);--> statement-breakpoint
CREATE INDEX `rights_requests_user` ON `rights_requests` (`user_id`,`received_at_ms`);--> statement-breakpoint
CREATE TABLE `ticket_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`ticket_id` text NOT NULL,
	`author` text NOT NULL,
	`sealed` text NOT NULL,
	`written_at_ms` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `ticket_messages_ticket` ON `ticket_messages` (`ticket_id`,`written_at_ms`);--> statement-breakpoint
CREATE TABLE `tickets` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text,
	`sealed` text NOT NULL,
	`address_hash` text NOT NULL,
	`token_hash` text NOT NULL,
	`state` text NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`changed_at_ms` integer NOT NULL,
	`closed_at_ms` integer,
	CONSTRAINT "closed_has_a_time" CHECK(("tickets"."state" = 'closed') = ("tickets"."closed_at_ms" is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tickets_token_hash_unique` ON `tickets` (`token_hash`);--> statement-breakpoint
CREATE INDEX `tickets_state` ON `tickets` (`state`,`changed_at_ms`);--> statement-breakpoint
CREATE INDEX `tickets_user` ON `tickets` (`user_id`);--> statement-breakpoint
CREATE INDEX `tickets_address` ON `tickets` (`address_hash`);--> statement-breakpoint
CREATE INDEX `tickets_closed` ON `tickets` (`closed_at_ms`);--> statement-breakpoint
ALTER TABLE `accounts` ADD `restricted_at_ms` integer;--> statement-breakpoint
ALTER TABLE `accounts` ADD `erased_at_ms` integer;--> statement-breakpoint
ALTER TABLE `subjects` ADD `reference_hash` text;--> statement-breakpoint
ALTER TABLE `subjects` ADD `restricted_at_ms` integer;--> statement-breakpoint
ALTER TABLE `subjects` ADD `erased_at_ms` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `subjects_reference_hash` ON `subjects` (`reference_hash`);--> statement-breakpoint
ALTER TABLE `mails` ADD `mail_class` text DEFAULT 'transactional' NOT NULL;--> statement-breakpoint
ALTER TABLE `mails` ADD `user_id` text;--> statement-breakpoint
ALTER TABLE `mails` ADD `address_hash` text;--> statement-breakpoint
ALTER TABLE `mails` ADD `provider_id` text;--> statement-breakpoint
CREATE INDEX `mails_provider` ON `mails` (`provider_id`);--> statement-breakpoint
CREATE TABLE `walks` (
	`name` text PRIMARY KEY NOT NULL,
	`cursor` text,
	`begun_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`looked` integer DEFAULT 0 NOT NULL,
	`found` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE `sweeps` ADD `sources_held` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `sweeps_age` ON `sweeps` (`started_at_ms`);--> statement-breakpoint
CREATE INDEX `sessions_expired` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE INDEX `verifications_expired` ON `verifications` (`expires_at`);--> statement-breakpoint
CREATE INDEX `idempotency_keys_age` ON `idempotency_keys` (`created_at_ms`);--> statement-breakpoint
CREATE INDEX `webhook_events_age` ON `webhook_events` (`received_at_ms`);--> statement-breakpoint
CREATE INDEX `mail_events_age` ON `mail_events` (`received_at_ms`);--> statement-breakpoint
CREATE INDEX `reconciliation_findings_age` ON `reconciliation_findings` (`created_at_ms`);
