import type { Deps } from '../deps';
import { AppError } from '../errors';
import { log } from '../log';
import type { BreachedPasswords } from './breached-password';
import type { AuthSecrets } from './create-auth';
import {
	hashedForm,
	PASSWORD_LENGTH_MAX,
	PASSWORD_LENGTH_MIN,
	PASSWORD_LENGTH_MIN_WITH_FACTOR,
	passwordLength,
} from './password';

/** What setting a password takes. */
export interface PasswordDeps {
	authSecrets: AuthSecrets;
	breachedPasswords: BreachedPasswords;
}

/** What every list of bad passwords begins with; what is built of these alone is one more of them. */
const COMMON = ['password', 'passwort', 'qwertyuiop', 'qwertz', 'qwerty', 'letmein', 'welcome', 'iloveyou', 'admin'];
const ROWS = ['01234567890', '1234567890', '123456789', '12345678', '123456', 'abcdefghij', 'abcdef', 'asdfgh'];

/** Fewer than these different characters is a key held down. */
const DIFFERENT_CHARACTERS_MIN = 5;

/**
 * Whether a password may be set (NIST SP 800-63B-4, ASVS 6.2): long enough for what stands beside it, not made of words that
 * anybody would try here, and not stolen somewhere. No rule about kinds of characters. When the list of stolen ones does
 * not answer the password is accepted and the log says so: length and own words are checked all the same.
 */
export async function requireGoodPassword(
	deps: Pick<Deps, 'studio'> & Pick<PasswordDeps, 'breachedPasswords'>,
	input: { password: string; email: string; hasSecondFactor: boolean; field?: string },
): Promise<void> {
	const { password, email, hasSecondFactor, field = 'password' } = input;
	requireLength(password, { hasSecondFactor, field });
	if (isGuessable(password, [deps.studio.name, ...email.split('@')], minLength(hasSecondFactor))) {
		throw refusal(
			field,
			'password_guessable',
			'This password is easy to guess: it repeats itself, your address or words that everybody tries. Use a few words of your own.',
		);
	}
	const isBreached = await deps.breachedPasswords(password);
	if (isBreached === null) log('breached_list_unavailable');
	if (isBreached === true) {
		throw refusal(
			field,
			'password_breached',
			'This password was stolen elsewhere and is on lists that are tried. Use another one.',
		);
	}
}

/** Long enough for what stands beside it, and not longer than anybody types. */
export function requireLength(password: string, input: { hasSecondFactor: boolean; field: string }): void {
	const { hasSecondFactor, field } = input;
	const min = minLength(hasSecondFactor);
	const length = passwordLength(password);
	if (length < min) {
		throw refusal(field, 'password_too_short', `The password is too short. It needs ${min} characters or more.`);
	}
	if (length > PASSWORD_LENGTH_MAX) {
		const message = `The password is too long. ${PASSWORD_LENGTH_MAX} characters are the most.`;
		throw refusal(field, 'password_too_long', message);
	}
}

function minLength(hasSecondFactor: boolean): number {
	return hasSecondFactor ? PASSWORD_LENGTH_MIN_WITH_FACTOR : PASSWORD_LENGTH_MIN;
}

function refusal(field: string, reason: string, message: string): AppError {
	return new AppError('invalid_input', message, { details: { reason, fields: [field] } });
}

/** Whether hardly anything is left of it without the words that are known about its owner and this place (ASVS 6.2.11). */
function isGuessable(password: string, words: readonly string[], min: number): boolean {
	let left = plain(password);
	if (new Set(hashedForm(password)).size < DIFFERENT_CHARACTERS_MIN) return true;
	for (const word of [...words.map(plain), ...COMMON, ...ROWS]) {
		if (word.length >= 3) left = left.replaceAll(word, '');
	}
	return left.length < min / 2;
}

/** Letters and digits alone, in lower case. */
function plain(text: string): string {
	return hashedForm(text)
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}]/gu, '');
}
