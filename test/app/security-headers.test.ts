import { expect, test } from 'vitest';

import { createNonce, securityHeaders } from '../../app/security-headers';

const base = { nonce: 'abc', mediaOrigin: 'https://media.example', isHttps: true, isDev: false };

function directives(headers: Record<string, string>): Record<string, string> {
	const policy = headers['content-security-policy']!.split('; ');
	return Object.fromEntries(policy.map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]));
}

test('scripts run by nonce and from this origin alone', () => {
	expect(directives(securityHeaders(base))['script-src']).toBe("'self' 'nonce-abc'");
});

test('pictures, films and uploads reach the media origin and nothing else does', () => {
	const policy = directives(securityHeaders(base));
	const open = Object.entries(policy).filter(([, sources]) => sources.includes('media.example'));
	expect(open.map(([name]) => name)).toEqual(['img-src', 'media-src', 'connect-src']);
	expect(policy['default-src']).toBe("'none'");
	expect(policy['frame-ancestors']).toBe("'none'");
});

test('no page may be framed, sniffed or listened through, and https is kept for a year', () => {
	expect(securityHeaders(base)).toMatchObject({
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'same-origin',
		'cross-origin-opener-policy': 'same-origin',
		'strict-transport-security': 'max-age=31536000; includeSubDomains',
	});
});

test('http on loopback promises no https', () => {
	const headers = securityHeaders({ ...base, isHttps: false });
	expect(headers['strict-transport-security']).toBeUndefined();
	expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
});

test('inline styles are open while developing only', () => {
	expect(directives(securityHeaders(base))['style-src']).toBe("'self'");
	expect(directives(securityHeaders({ ...base, isDev: true }))['style-src']).toBe("'self' 'unsafe-inline'");
});

test('two nonces differ', () => {
	expect(createNonce()).not.toBe(createNonce());
	expect(createNonce()).toMatch(/^[A-Za-z0-9+/]{22}==$/);
});
