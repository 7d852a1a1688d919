import { expect, test } from 'vitest';

import { datesCookie, datesOf, modeCookie, modeOf, zoneCookie, zoneOf } from '../../app/preferences';
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

test('dates are British until a known language was chosen, and choosing the usual one forgets the cookie', () => {
	expect(datesOf(get('/'))).toBe('en-GB');
	expect(datesOf(get('/', { cookie: 'dates=de-DE' }))).toBe('de-DE');
	expect(datesOf(get('/', { cookie: 'dates=toString' }))).toBe('en-GB');
	expect(datesCookie('de-DE', true)).toBe('dates=de-DE; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure');
	expect(datesCookie('en-GB', false)).toContain('Max-Age=0');
});

test('a zone comes back as it was written', () => {
	const cookie = zoneCookie('America/Argentina/Buenos_Aires').split(';')[0]!;
	expect(zoneOf(get('/', { cookie }))).toBe('America/Argentina/Buenos_Aires');
});

test.each(['zone=Nowhere/None', 'zone=', 'zone=%E0%A4%A', 'zone=<script>'])('%s is no zone', (cookie) => {
	expect(zoneOf(get('/', { cookie }))).toBeNull();
});
