import type { Mail } from './mail';
import { CLASS_BY_KIND, isOptional } from './mail-class';

/** What is known of an address: nothing reaches it, or whoever reads it called our mail unwanted. */
export type Suppression = 'bounced' | 'complained';

export type WhyNot = 'bounced' | 'complained' | 'not_wanted';

/**
 * Why a mail does not go out, or null when it does (DD-15, BD-10). A security notice goes to every address that is not known to be dead,
 * whatever its reader refused; an update only to who wants it at the moment it is sent. A code that shows that an address works again is
 * the one mail that a dead one gets.
 */
export function whyNotSent(
	kind: Mail['kind'],
	reader: { suppression: Suppression | null; choice: 'granted' | 'denied' | null },
): WhyNot | null {
	if (reader.suppression === 'bounced' && kind !== 'address_code') return 'bounced';
	if (!isOptional(CLASS_BY_KIND[kind])) return null;
	if (reader.suppression === 'complained') return 'complained';
	return reader.choice === 'granted' ? null : 'not_wanted';
}
