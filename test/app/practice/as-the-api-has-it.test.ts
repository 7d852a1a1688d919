import { expect, test } from 'vitest';

import { RECORD_MONTHS } from '../../../app/audit/read-filter';
import { KEY_DAYS, KEY_NAME_LENGTH_MAX, NEW_DRAFT } from '../../../app/practice/key-choices';
import { LOGO_BYTES_MAX, LOGO_SIDE_MAX_PX } from '../../../app/practice/prepare-logo';
import { profileErrors, profileOrder } from '../../../app/practice/profile-form';
import { INVITATION_DAYS, REASON_LENGTH_MAX } from '../../../app/practice/team-limits';
import { AccountChange, RoleChange } from '../../../workers/api/contract/account';
import { KeyOrder } from '../../../workers/api/contract/keys';
import { DATA, DAY_MS } from '../../../studios/policy/data-classes';
import { retentionMs } from '../../../studios/policy/policy';
import { ROLE_AFTER_OWNER } from '../../../workers/core/accounts/transfer-ownership';
import { INVITATION_DAYS as CORE_INVITATION_DAYS } from '../../../workers/core/invitations/invitation-state';
import { KEY_DAYS_DEFAULT, KEY_DAYS_MAX } from '../../../workers/core/keys/make-key';
import { LOGO_BYTES_MAX as CORE_LOGO_BYTES_MAX, LOGO_SIDE_MAX } from '../../../workers/core/uploads/create-logo-upload';

/** The shortest two years and the longest. */
const DAYS_IN_24_MONTHS = [730, 731];

test('what the pages say of times is what core does', () => {
	expect(INVITATION_DAYS).toBe(CORE_INVITATION_DAYS);
	expect(RECORD_MONTHS).toBe(24);
	expect(DAYS_IN_24_MONTHS).toContain(retentionMs({ data: DATA }, 'audit') / DAY_MS);
	expect(ROLE_AFTER_OWNER).toBe('clinician');
});

const takesReason = (length: number) => RoleChange.safeParse({ role: 'staff', reason: 'x'.repeat(length) }).success;
const takesKeyName = (length: number) =>
	KeyOrder.safeParse({ name: 'x'.repeat(length), scopes: ['credits:read'] }).success;

test('what the forms let through the api takes, to the last character and day', () => {
	expect([takesReason(REASON_LENGTH_MAX), takesReason(REASON_LENGTH_MAX + 1)]).toEqual([true, false]);
	expect([takesKeyName(KEY_NAME_LENGTH_MAX), takesKeyName(KEY_NAME_LENGTH_MAX + 1)]).toEqual([true, false]);
	expect(Math.max(...KEY_DAYS)).toBe(KEY_DAYS_MAX);
	expect(NEW_DRAFT.days).toBe(KEY_DAYS_DEFAULT);
});

test('a website that the form lets through the api takes, and the other way round', () => {
	for (const website of [
		'a.example',
		'http://a.example',
		'ftp://a.example',
		'javascript:alert(1)',
		'https://',
		'https://me@a.example',
		'',
	]) {
		const typed = { name: 'A', phone: '', website, address: '' };
		const isTaken = AccountChange.safeParse(profileOrder(typed)).success;
		expect([website, profileErrors(typed, 'practice') === null]).toEqual([website, isTaken]);
	}
});

test('a logo as it is prepared fits what the api takes', () => {
	expect(LOGO_BYTES_MAX).toBe(CORE_LOGO_BYTES_MAX);
	expect(LOGO_SIDE_MAX_PX).toBeLessThanOrEqual(LOGO_SIDE_MAX);
});
