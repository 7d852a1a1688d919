import { expect, test } from 'vitest';

import { CLASS_BY_KIND } from '../../../workers/core/mail/mail-class';
import { whyNotSent } from '../../../workers/core/mail/why-not-sent';

const KINDS = {
	transactional: 'sign_in_code',
	security: 'security',
	product_updates: 'product_update',
	announcements: 'announcement',
} as const;
const OUT = null;

/** Class × what is known of the address × what its reader chose last: what becomes of the mail. */
test.each([
	['transactional', null, null, OUT],
	['transactional', null, 'denied', OUT],
	['transactional', 'complained', 'denied', OUT],
	['transactional', 'bounced', 'granted', 'bounced'],
	['security', null, null, OUT],
	['security', null, 'denied', OUT],
	['security', 'complained', 'denied', OUT],
	['security', 'bounced', 'granted', 'bounced'],
	['product_updates', null, null, 'not_wanted'],
	['product_updates', null, 'denied', 'not_wanted'],
	['product_updates', null, 'granted', OUT],
	['product_updates', 'complained', 'granted', 'complained'],
	['product_updates', 'bounced', 'granted', 'bounced'],
	['announcements', null, null, 'not_wanted'],
	['announcements', null, 'denied', 'not_wanted'],
	['announcements', null, 'granted', OUT],
	['announcements', 'complained', 'granted', 'complained'],
	['announcements', 'bounced', 'granted', 'bounced'],
] as const)('%s to an address that is %s, by who chose %s: %s', (mailClass, suppression, choice, why) => {
	expect(CLASS_BY_KIND[KINDS[mailClass]]).toBe(mailClass);
	expect(whyNotSent(KINDS[mailClass], { suppression, choice })).toBe(why);
});

test('the one mail to an address that mail came back from is the code that shows it works again', () => {
	expect(whyNotSent('address_code', { suppression: 'bounced', choice: null })).toBeNull();
	const others = Object.keys(CLASS_BY_KIND).filter((kind) => kind !== 'address_code') as (keyof typeof CLASS_BY_KIND)[];
	for (const kind of others) expect(whyNotSent(kind, { suppression: 'bounced', choice: 'granted' })).toBe('bounced');
});
