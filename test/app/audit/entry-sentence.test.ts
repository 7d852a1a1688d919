import { expect, test } from 'vitest';

import { entrySentence, FILTER_ACTIONS, toAction, type AuditEntry } from '../../../app/audit/entry-sentence';
import { AUDIT_ACTIONS } from '../../../workers/core/audit/audit-statement';

function given(entry: Partial<AuditEntry>): AuditEntry {
	return {
		id: 'aud_1',
		at: '2026-11-21T12:00:00.000Z',
		action: 'account.opened',
		who: { id: 'usr_1', name: 'Ada' },
		keyId: null,
		target: null,
		facts: {},
		reason: null,
		network: null,
		country: null,
		browser: null,
		...entry,
	};
}

const BEN = { id: 'usr_2', name: 'Ben' };

const say = (entry: Partial<AuditEntry>) => entrySentence(given(entry), 'practice');

test('an entry is a sentence with who, what and to whom', () => {
	expect(say({ action: 'role.changed', target: BEN, facts: { from: 'staff', to: 'clinician' } })).toBe(
		'Ada made Ben a clinician, who was staff.',
	);
	expect(
		say({ action: 'member.invited', target: { id: 'inv_1', name: 'ben@x.test' }, facts: { role: 'billing' } }),
	).toBe('Ada invited ben@x.test as billing.');
	expect(say({ action: 'ownership.transferred', target: BEN })).toBe('Ada handed the practice over to Ben.');
	expect(say({ action: 'logo.changed', facts: { to: 'removed' } })).toBe('Ada removed the logo.');
	expect(say({ action: 'key.made', target: { id: 'key_1', name: 'Nightly' } })).toBe('Ada made the API key “Nightly”.');
});

test('an order is told by its id, which is all the name it has', () => {
	const target = { id: 'rnd_7', name: null };
	expect(say({ action: 'content.opened', target })).toBe('Ada opened the order rnd_7 for 30 minutes.');
	expect(say({ action: 'content.looked_at', target })).toBe('Ada looked at the order rnd_7.');
});

test('who or what is gone is said to be gone, and no gap is left', () => {
	const nobody = { who: { id: 'usr_9', name: null }, target: { id: 'usr_8', name: null } };
	const sentences = AUDIT_ACTIONS.map((action) => entrySentence(given({ ...nobody, action }), 'workspace'));
	for (const sentence of sentences) {
		expect(sentence).toMatch(/^Somebody who is gone .+\.$/);
		expect(sentence).not.toMatch(/undefined|null|usr_|\s{2}/);
	}
	expect(new Set(sentences).size).toBe(AUDIT_ACTIONS.length);
});

test('the filter offers what an account’s record can hold, and nothing about a person alone', () => {
	expect(FILTER_ACTIONS.map(({ action }) => action)).toContain('role.changed');
	expect(toAction('key.made')).toBe('key.made');
	expect(toAction('password.changed')).toBeUndefined();
	expect(toAction('toString')).toBeUndefined();
	expect(toAction(null)).toBeUndefined();
});
