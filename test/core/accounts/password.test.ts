import { expect, test } from 'vitest';

import { createBreachedPasswords } from '../../../workers/core/accounts/breached-password';
import { hashPassword, passwordLength, verifyPassword } from '../../../workers/core/accounts/password';
import { requireGoodPassword } from '../../../workers/core/accounts/password-rule';
import { freshDeps } from '../../support/deps';

test('a hash needs its pepper and its password, and says its format', async () => {
	const stored = await hashPassword('pepper', 'correct horse battery');

	expect(stored).toMatch(/^s1\$[\w-]{22}\$[\w-]{43}$/);
	expect(await verifyPassword('pepper', 'correct horse battery', stored)).toBe(true);
	expect(await verifyPassword('pepper', 'correct horse batterY', stored)).toBe(false);
	expect(await verifyPassword('another pepper', 'correct horse battery', stored)).toBe(false);
	expect(await verifyPassword('pepper', 'correct horse battery', 'scrypt$old$format')).toBe(false);
});

test('length is counted as people count it, whatever the letters are made of', () => {
	expect(passwordLength('åéü')).toBe(3);
	expect(passwordLength('åéü'.normalize('NFD'))).toBe(3);
	expect(passwordLength('🦷🦷')).toBe(2);
});

function ruleFor(password: string, hasSecondFactor = false) {
	const deps = { ...freshDeps(), breachedPasswords: () => Promise.resolve(false) };
	return requireGoodPassword(deps, { password, email: 'margarethe@praxis-nord.test', hasSecondFactor });
}

test.each([
	['fifteen characters', 'cloud hat fence', false],
	['four words', 'four words are enough', false],
	['a word of many lists among others', 'my dog eats password daily', false],
	['eight characters beside a second factor', 'kürzer 8', true],
])('%s may be a password', async (_, password, hasSecondFactor) => {
	await expect(ruleFor(password, hasSecondFactor)).resolves.toBeUndefined();
});

test.each([
	['fourteen characters', 'abcde fghij kl', false, 'password_too_short'],
	['seven beside a second factor', 'kürzer7', true, 'password_too_short'],
	['257 characters', 'four words '.repeat(24).slice(0, 257), false, 'password_too_long'],
	['two keys in turn', 'abababababababab', false, 'password_guessable'],
	['a row of keys', '1234567890123456', false, 'password_guessable'],
	['the name of the studio', 'DentalDiffusion2026', false, 'password_guessable'],
	['four letters in two widths', 'abcdａｂｃｄabcdａｂｃｄ', false, 'password_guessable'],
	['one’s own address', 'margarethe@praxis-nord.test', false, 'password_guessable'],
	['words of many lists', 'Welcome Password 1!', false, 'password_guessable'],
])('%s may not be a password', async (_, password, hasSecondFactor, reason) => {
	await expect(ruleFor(password, hasSecondFactor)).rejects.toMatchObject({
		code: 'invalid_input',
		details: { reason, fields: ['password'] },
	});
});

/** SHA-1 of `password`: 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8. */
const SUFFIX = '1E4C9B93F3F0682250B6CF8331B7EE68FD8';

function listOf(answer: () => Response | Promise<Response>) {
	const asked: { url: string; headers: Headers }[] = [];
	const breached = createBreachedPasswords({ baseUrl: 'https://list.test' }, (input, init) => {
		asked.push({ url: new Request(input).url, headers: new Headers(init?.headers) });
		return Promise.resolve(answer());
	});
	return { asked, breached };
}

test.each([
	['on the list', `0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n${SUFFIX}:10434004\r\n`, true],
	['only as padding', `${SUFFIX}:0\r\n`, false],
	['not on it', '0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n', false],
])(
	'a password that is %s is told so, and five characters of its hash are all that leaves',
	async (_, text, expected) => {
		const { asked, breached } = listOf(() => new Response(text));

		expect(await breached('password')).toBe(expected);
		expect(asked.map(({ url }) => url)).toEqual(['https://list.test/range/5BAA6']);
		expect(asked[0]?.headers.get('add-padding')).toBe('true');
	},
);

test('the form that is hashed is the one that is looked up, however it was typed', async () => {
	const { asked, breached } = listOf(() => new Response(`${SUFFIX}:1`));
	expect(await verifyPassword('pepper', 'password', await hashPassword('pepper', 'ｐassword'))).toBe(true);

	expect(await breached('ｐassword')).toBe(true);
	expect(asked.map(({ url }) => url)).toEqual(['https://list.test/range/5BAA6']);
});

test.each([
	['refuses', () => new Response('busy', { status: 503 })],
	['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
])('a list that %s says nothing of the password', async (_, answer) => {
	expect(await listOf(answer).breached('password')).toBeNull();
});
