import { expect, test } from 'vitest';

import { isBelowAnotherDomain, isDisposable, refuseDisposable } from '../../../workers/core/accounts/disposable-mail';

test.each([
	'ada@mailinator.com',
	'ada@a.b.mailinator.com',
	'Ada@MailInator.COM',
	'ada@mailinator.com.',
	'a@b@yopmail.com',
])('%s is a throw-away mailbox', (email) => {
	expect(isDisposable(email)).toBe(true);
	expect(() => refuseDisposable(email)).toThrow(
		expect.objectContaining({
			code: 'invalid_input',
			message:
				'This address is from a provider of throw-away mailboxes, where codes and notices get lost. Use one that you keep.',
			details: { reason: 'disposable_address', fields: ['email'] },
		}),
	);
});

test.each([
	'ada@practice.test',
	'ada@gmail.com',
	'ada@uni-tuebingen.de',
	'ada@amailinator.practice',
	'mailinator.com@practice.test',
	'ada@mailinator.com.practice.test',
	'ada@com',
	'ada',
])('%s is none', (email) => {
	expect(isDisposable(email)).toBe(false);
	expect(() => refuseDisposable(email)).not.toThrow();
});

test.each([
	['ada@practice.com', false],
	['ada@practice.co.uk', false],
	['ada@mail.practice.com', true],
	['ada@mail.practice.co.uk', true],
	['ada@x7f3.inbox.dropmail.example', true],
	['ada@localhost', false],
])('whether %s lies below another domain: %s', (email, expected) => {
	expect(isBelowAnotherDomain(email)).toBe(expected);
});
