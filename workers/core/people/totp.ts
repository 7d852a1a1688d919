import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { verifications } from '../../../schema/users';
import type { Deps } from '../deps';
import { violates } from '../errors';

/** RFC 6238 as every authenticator app does it: HMAC-SHA-1, 30 seconds, six digits. */
const STEP_SECONDS = 30;
const DIGITS = 6;
/** One step to either side, for a clock that is a little off and for slow fingers. */
const STEPS_AROUND = 1;
const SECRET_BYTES = 20;
const BASE_32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 160 random bits as text; better-auth's plugin uses the text's own bytes as the key, so this does too. */
export function newTotpSecret(): string {
	return base32(randomBytes(SECRET_BYTES));
}

/** What an app reads from the QR code, and the same secret for typing. */
export function totpUri(input: { secret: string; issuer: string; email: string }): { uri: string; secret: string } {
	const { secret, issuer, email } = input;
	const typed = base32(Buffer.from(secret));
	const query = new URLSearchParams({ secret: typed, issuer, digits: String(DIGITS), period: String(STEP_SECONDS) });
	const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(email)}`;
	return { uri: `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`, secret: typed };
}

/** The step whose code this is, of those that count at that moment; null for another code. */
export function stepOf(secret: string, code: string, atMs: number): number | null {
	const current = Math.floor(atMs / (STEP_SECONDS * 1000));
	let found: number | null = null;
	for (let step = current - STEPS_AROUND; step <= current + STEPS_AROUND; step += 1) {
		if (isSame(totpAt(secret, step), code)) found = step;
	}
	return found;
}

/** The code of one step (RFC 4226, 5.3). */
export function totpAt(secret: string, step: number): string {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(step));
	const digest = createHmac('sha1', secret).update(counter).digest();
	const offset = digest.readUInt8(digest.length - 1) & 0xf;
	const number = (digest.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 10 ** DIGITS;
	return String(number).padStart(DIGITS, '0');
}

/**
 * Uses up the code of this step for this person; false when that was done before (ASVS 6.5.1). The row's own key decides, so of
 * two at once one is second. It stays until the step counts for nobody any more, by the machine's clock.
 */
export async function takeStep({ db }: Pick<Deps, 'db'>, input: { userId: string; step: number }): Promise<boolean> {
	const id = `totp.${input.userId}.${input.step}`;
	const at = new Date();
	const expiresAt = new Date((input.step + STEPS_AROUND + 1) * STEP_SECONDS * 1000);
	try {
		await db.insert(verifications).values({ id, identifier: id, value: '', expiresAt, createdAt: at, updatedAt: at });
	} catch (cause) {
		if (violates(cause, 'verifications.id')) return false;
		throw cause;
	}
	return true;
}

function isSame(one: string, other: string): boolean {
	const [a, b] = [Buffer.from(one), Buffer.from(other)];
	return a.length === b.length && timingSafeEqual(a, b);
}

function base32(bytes: Uint8Array): string {
	let [text, bits, value] = ['', 0, 0];
	for (const byte of bytes) {
		value = (value << 8) | byte;
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			text += BASE_32.charAt((value >>> bits) & 31);
		}
		value &= (1 << bits) - 1;
	}
	return bits === 0 ? text : text + BASE_32.charAt((value << (5 - bits)) & 31);
}
