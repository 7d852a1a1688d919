import { createHash } from 'node:crypto';

import { hashedForm } from './password';

/** Whether a password stands on the list of those that were stolen somewhere; null when the list could not be asked. */
export type BreachedPasswords = (password: string) => Promise<boolean | null>;

export const BREACHED_PASSWORDS_ADDRESS = 'https://api.pwnedpasswords.com';

const ANSWER_MS_MAX = 3000;
const PREFIX_LENGTH = 5;

/**
 * The list of Have I Been Pwned, asked by k-anonymity: five characters of the SHA-1 leave, of a thousand padded candidates one
 * may be ours (ASVS 6.2.12). `baseUrl`: that address, or the emulator's.
 */
export function createBreachedPasswords({ baseUrl }: { baseUrl: string }, fetcher: typeof fetch): BreachedPasswords {
	return async (password) => {
		const hash = createHash('sha1').update(hashedForm(password)).digest('hex').toUpperCase();
		const suffix = hash.slice(PREFIX_LENGTH);
		try {
			const answer = await fetcher(`${baseUrl}/range/${hash.slice(0, PREFIX_LENGTH)}`, {
				headers: { 'add-padding': 'true' },
				redirect: 'error',
				signal: AbortSignal.timeout(ANSWER_MS_MAX),
			});
			if (!answer.ok) {
				await answer.body?.cancel();
				return null;
			}
			return isListed(await answer.text(), suffix);
		} catch {
			return null;
		}
	};
}

/** Lines of `SUFFIX:COUNT`; those that only pad have a count of 0. */
function isListed(range: string, suffix: string): boolean {
	return range.split('\n').some((line) => {
		const [listed, count = '0'] = line.trim().split(':');
		return listed?.toUpperCase() === suffix && Number(count) > 0;
	});
}
