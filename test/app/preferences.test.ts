import { expect, test } from 'vitest';

import { modeCookie, modeOf, zoneCookie, zoneOf } from '../../app/preferences';
import { get } from './fake-api';

test('the mode follows the system until a known one was chosen', () => {
	expect(modeOf(get('/'))).toBe('system');
	expect(modeOf(get('/', { cookie: 'zone=UTC; mode=dark' }))).toBe('dark');
	expect(modeOf(get('/', { cookie: 'mode=neon' }))).toBe('system');
});

test('following the system again forgets the cookie', () => {
	expect(modeCookie('dark', true)).toBe('mode=dark; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure');
	expect(modeCookie('system', false)).toContain('Max-Age=0');
});

test('a zone comes back as it was written', () => {
	const cookie = zoneCookie('America/Argentina/Buenos_Aires').split(';')[0]!;
	expect(zoneOf(get('/', { cookie }))).toBe('America/Argentina/Buenos_Aires');
});

test.each(['zone=Nowhere/None', 'zone=', 'zone=%E0%A4%A', 'zone=<script>'])('%s is no zone', (cookie) => {
	expect(zoneOf(get('/', { cookie }))).toBeNull();
});
