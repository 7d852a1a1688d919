import { expect, test } from 'vitest';

import { newTotpSecret, stepOf, takeStep, totpAt, totpUri } from '../../../workers/core/people/totp';
import { freshDeps } from '../../support/deps';
import { givenUser } from '../../support/given';

/** RFC 6238, appendix B, for SHA-1; its codes have eight digits, of which apps show the last six. */
const VECTORS = [
	[59, '94287082'],
	[1_111_111_109, '07081804'],
	[1_111_111_111, '14050471'],
	[1_234_567_890, '89005924'],
	[2_000_000_000, '69279037'],
	[20_000_000_000, '65353130'],
] as const;

test.each(VECTORS)('at %i s the code is that of RFC 6238', (seconds, code) => {
	expect(totpAt('12345678901234567890', Math.floor(seconds / 30))).toBe(code.slice(-6));
});

test('a code counts in its own half minute and one to either side', () => {
	const secret = newTotpSecret();
	const step = 50_000_000;
	const code = totpAt(secret, step);
	const counts = [-2, -1, 0, 1, 2].map((away) => stepOf(secret, code, (step + away) * 30_000 + 29_999));

	expect(counts).toEqual([null, step, step, step, null]);
	expect(stepOf(secret, '', step * 30_000)).toBeNull();
	expect(stepOf(secret, `${code}0`, step * 30_000)).toBeNull();
});

test('a step is used up once, of ten at once too, and for its person alone', async () => {
	const deps = freshDeps();
	const { userId } = await givenUser(deps);
	const other = await givenUser(deps);
	const step = Math.floor(Date.now() / 30_000);
	const taken = await Promise.all(Array.from({ length: 10 }, () => takeStep(deps, { userId, step })));

	expect(taken.filter(Boolean)).toHaveLength(1);
	expect(await takeStep(deps, { userId: other.userId, step })).toBe(true);
	expect(await takeStep(deps, { userId, step: step + 1 })).toBe(true);
});

test('an app reads the address of a secret as one name, whatever is in it', () => {
	const { uri, secret } = totpUri({ secret: '12345678901234567890', issuer: 'Dental Diffusion', email: 'a+b@x.test' });
	expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
	expect(uri).toBe(
		`otpauth://totp/Dental%20Diffusion:a%2Bb%40x.test?secret=${secret}&issuer=Dental%20Diffusion&digits=6&period=30`,
	);
});
