ALTER TABLE `incident_notices` ADD `mail_id` text;--> statement-breakpoint
ALTER TABLE `incident_notices` ADD `mail_end` text;--> statement-breakpoint
CREATE INDEX `incident_notices_mail` ON `incident_notices` (`mail_id`);