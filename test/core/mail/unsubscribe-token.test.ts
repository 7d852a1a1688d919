import { expect, test } from 'vitest';

import { readUnsubscribeToken, unsubscribeToken } from '../../../workers/core/mail/unsubscribe-token';

const KEY = 'a mail sealing key of the tests, 32 characters or more';
const ADA = { userId: 'usr_0h3k5m7p9rstvwxyz01234567', mailClass: 'product_updates' } as const;

test('a link names whose mail of which class it stops, and is the same each time', async () => {
	const token = await unsubscribeToken(KEY, ADA);
	expect(await unsubscribeToken(KEY, ADA)).toBe(token);
	expect(await readUnsubscribeToken(KEY, token)).toEqual(ADA);
	const other = await unsubscribeToken(KEY, { ...ADA, mailClass: 'announcements' });
	expect(other).not.toBe(token);
	expect(await readUnsubscribeToken(KEY, other)).toEqual({ ...ADA, mailClass: 'announcements' });
});

test('nobody reads from a link whose it is, and it fits into an address as it stands', async () => {
	const token = await unsubscribeToken(KEY, ADA);
	expect(token).toMatch(/^[\w-]{80,200}$/);
	const inside = Buffer.from(token, 'base64url').toString('latin1');
	for (const word of ['usr', ADA.userId.slice(4), 'product']) expect(token + inside).not.toContain(word);
});

test('a link with any letter changed, cut or added is not ours', async () => {
	const token = await unsubscribeToken(KEY, ADA);
	const bytes = Buffer.from(token, 'base64url');
	for (let at = 0; at < bytes.length; at += 1) {
		const changed = Buffer.from(bytes);
		changed[at] = (changed[at] ?? 0) ^ 1;
		expect(await readUnsubscribeToken(KEY, changed.toString('base64url'))).toBeNull();
	}
	for (const word of [
		'',
		'x',
		token.slice(0, -4),
		`${token}A`,
		`${token}=`,
		`${token}AAAA`,
		token.slice(0, 20),
		`${token}%00`,
		'a'.repeat(5_000),
	]) {
		expect(await readUnsubscribeToken(KEY, word)).toBeNull();
	}
	expect(await readUnsubscribeToken('another mail sealing key, of 32 characters or more', token)).toBeNull();
});
