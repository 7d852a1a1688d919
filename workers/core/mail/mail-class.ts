import type { MAIL_CLASSES } from '../../../schema/mail';
import type { Mail } from './mail';

export type MailClass = (typeof MAIL_CLASSES)[number];

/** What a person can refuse, each by a switch of its own; it is off until they want it (DS-16). The names are those of `choices`. */
export const OPTIONAL_CLASSES = ['product_updates', 'announcements'] as const satisfies readonly MailClass[];
export type OptionalClass = (typeof OPTIONAL_CLASSES)[number];

/**
 * The class of each kind of mail, which decides whether it goes out (`whyNotSent`). A new kind does not compile before it has one.
 * `security`: what somebody has to learn although they did not ask. `transactional`: what they asked for, or what belongs to it.
 */
export const CLASS_BY_KIND = {
	sign_up_code: 'transactional',
	already_signed_up: 'transactional',
	sign_in_code: 'transactional',
	reset_code: 'transactional',
	proof_code: 'transactional',
	change_from_code: 'transactional',
	change_to_code: 'transactional',
	address_code: 'transactional',
	invitation: 'transactional',
	security: 'security',
	credits_ending: 'transactional',
	ticket_received: 'transactional',
	ticket_answered: 'transactional',
	incident: 'security',
	staff_access: 'security',
	disclosure: 'security',
	policy_change: 'security',
	erasure: 'security',
	account_erased: 'transactional',
	export_ready: 'transactional',
	rights_link: 'transactional',
	rights_news: 'transactional',
	rights_due: 'transactional',
	consent_copy: 'transactional',
	update_preview: 'transactional',
	product_update: 'product_updates',
	announcement: 'announcements',
} as const satisfies Record<Mail['kind'], MailClass>;

export function isOptional(mailClass: MailClass): mailClass is OptionalClass {
	return mailClass === 'product_updates' || mailClass === 'announcements';
}
