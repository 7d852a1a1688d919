import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** What the local edge uses, so that tokens are checked as real ones are. The published test keys work as well. */
export const LOCAL_TURNSTILE = { siteKey: '0x4LOCALTURNSTILE', secret: 'local-emulator-no-secret' } as const;

/** Real tokens are at most this long. */
export const TOKEN_LENGTH_MAX = 2048;
export const TOKEN_SECONDS = 300;

/** What the widget was told by its page; it comes back when the token is checked. */
export const Challenge = z.object({
	hostname: z.string().min(1).max(253),
	action: z
		.string()
		.max(32)
		.regex(/^[\w-]*$/)
		.default(''),
	cdata: z
		.string()
		.max(255)
		.regex(/^[\w-]*$/)
		.default(''),
});
export type Challenge = z.output<typeof Challenge>;

export interface IssuedToken extends Challenge {
	readonly issuedAtMs: number;
}

/** The tokens that the widget gave out, each good for one check within 300 s. */
export interface Tokens {
	issue(challenge: Challenge): string;
	/**
	 * What the token was given for; `unknown` when the widget never gave it, `spent` when it was checked before or is too old.
	 * The same idempotency key may ask again.
	 */
	take(token: string, idempotencyKey: string | undefined): IssuedToken | 'unknown' | 'spent';
	all(): IssuedToken[];
	reset(): void;
}

export function createTokens(): Tokens {
	const issued = new Map<string, IssuedToken & { takenBy: string | undefined; isTaken: boolean }>();
	return {
		issue(challenge) {
			const token = `0.${randomBytes(192).toString('base64url')}.${randomBytes(32).toString('hex')}`;
			issued.set(token, { ...challenge, issuedAtMs: Date.now(), takenBy: undefined, isTaken: false });
			return token;
		},
		take(token, idempotencyKey) {
			const found = issued.get(token);
			if (!found) return 'unknown';
			const isRepeat = found.isTaken && idempotencyKey !== undefined && found.takenBy === idempotencyKey;
			const isTooOld = Date.now() > found.issuedAtMs + TOKEN_SECONDS * 1000;
			if ((found.isTaken && !isRepeat) || isTooOld) return 'spent';
			issued.set(token, { ...found, takenBy: idempotencyKey, isTaken: true });
			return found;
		},
		all: () => [...issued.values()],
		reset: () => issued.clear(),
	};
}
