import { expect, test } from 'vitest';

import type { Mail } from '../../../workers/core/mail/mail';
import { CannotOpenMail, openMail, sealMail } from '../../../workers/core/mail/seal-mail';

const KEY = 'a mail sealing key of the tests, 32 characters or more';
const MAIL: Mail = { kind: 'reset_code', to: 'ada@practice.test', code: '482913', minutes: 10 };

test('what was sealed is opened with the same key for the same id', async () => {
	expect(await openMail(KEY, 'mai_a', await sealMail(KEY, 'mai_a', MAIL))).toEqual(MAIL);
});

test('the sealed text is base64url, holds nothing that can be read, and never repeats', async () => {
	const sealed = await sealMail(KEY, 'mai_a', MAIL);
	expect(sealed).toMatch(/^[\w-]+$/);
	const bytes = Buffer.from(sealed, 'base64url').toString('latin1');
	for (const words of [MAIL.to, '482913', 'reset_code']) expect(bytes).not.toContain(words);
	expect(await sealMail(KEY, 'mai_a', MAIL)).not.toBe(sealed);
});

test('another mail’s id does not open it', async () => {
	await expect(openMail(KEY, 'mai_b', await sealMail(KEY, 'mai_a', MAIL))).rejects.toThrow(CannotOpenMail);
});

test('another key does not open it', async () => {
	const sealed = await sealMail(KEY, 'mai_a', MAIL);
	await expect(openMail(`${KEY}.`, 'mai_a', sealed)).rejects.toThrow(CannotOpenMail);
});

test('a changed, a cut and an empty text are not opened', async () => {
	const sealed = await sealMail(KEY, 'mai_a', MAIL);
	const changed = (sealed.startsWith('A') ? 'B' : 'A') + sealed.slice(1);
	for (const wrong of [changed, sealed.slice(0, -8), sealed.slice(0, 10), '']) {
		await expect(openMail(KEY, 'mai_a', wrong)).rejects.toThrow(CannotOpenMail);
	}
});

test('what cannot be opened is refused without a word of what is inside', async () => {
	const error: unknown = await openMail(KEY, 'mai_b', await sealMail(KEY, 'mai_a', MAIL)).catch((thrown) => thrown);
	expect(error).not.toHaveProperty('cause');
	expect(String(error)).toBe('CannotOpenMail: This mail was sealed with another key, or for another id.');
});
