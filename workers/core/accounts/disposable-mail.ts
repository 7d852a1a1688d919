// The list itself: the package's own entry reads it into a second copy.
import DOMAINS from 'disposable-email-domains-js/dist/dict/disposable_email_blocklist.json';

import { AppError } from '../errors';

const DISPOSABLE: ReadonlySet<string> = new Set(DOMAINS);

/**
 * Refuses an address at a provider of throw-away mailboxes, and below one of its domains: who signs up with it gets credits
 * and is gone, and cannot be told of anything later (BD-11). A public list, so whoever asks learns nothing of our users.
 */
export function refuseDisposable(email: string): void {
	if (!isDisposable(email)) return;
	throw new AppError(
		'invalid_input',
		'This address is from a provider of throw-away mailboxes, where codes and notices get lost. Use one that you keep.',
		{ details: { reason: 'disposable_address', fields: ['email'] } },
	);
}

/** Whether the domain or one it belongs to is on the list. */
export function isDisposable(email: string): boolean {
	const labels = labelsOf(email);
	return labels.some((_, from) => DISPOSABLE.has(labels.slice(from).join('.')));
}

/** What stands before the last label of such domains as `example.co.uk`. */
const SECOND_LEVELS = new Set(['ac', 'co', 'com', 'edu', 'gob', 'gov', 'gouv', 'go', 'ne', 'net', 'nhs', 'or', 'org']);

/**
 * Whether the domain lies below somebody's own, as the endless names of throw-away mailboxes that no list has do. Universities
 * and companies have such addresses too: a reason to look twice, not to refuse.
 */
export function isBelowAnotherDomain(email: string): boolean {
	const labels = labelsOf(email);
	return labels.length > (SECOND_LEVELS.has(labels.at(-2) ?? '') ? 3 : 2);
}

function labelsOf(email: string): string[] {
	return email
		.slice(email.lastIndexOf('@') + 1)
		.trim()
		.toLowerCase()
		.replace(/\.$/, '')
		.split('.');
}
