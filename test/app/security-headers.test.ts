import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { challengeOriginOf } from '../../app/challenge-origin';
import { compilesWasm } from '../../app/reel/compiles-wasm';
import { createNonce, securityHeaders, withSafeHeaders } from '../../app/security-headers';

const base = { nonce: 'abc', mediaOrigin: 'https://media.example', isHttps: true, isDev: false };

function directives(headers: Record<string, string>): Record<string, string> {
	const policy = headers['content-security-policy']!.split('; ');
	return Object.fromEntries(policy.map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]));
}

test('scripts run by nonce and from this origin alone', () => {
	expect(directives(securityHeaders(base))['script-src']).toBe("'self' 'nonce-abc'");
});

function matching(...ids: readonly string[]): Parameters<typeof compilesWasm>[0] {
	const matches = ids.map((id) => ({ route: { id } }));
	return { staticHandlerContext: { matches } } as unknown as Parameters<typeof compilesWasm>[0];
}

test('a page that makes reels may compile WebAssembly, and may evaluate no text', () => {
	const policy = directives(securityHeaders({ ...base, compiles: true }));
	expect(policy['script-src']).toBe("'self' 'nonce-abc' 'wasm-unsafe-eval'");
	expect(compilesWasm(matching('root', 'routes/smiles.$id_.reel'))).toBe(true);
	expect(compilesWasm(matching('root', 'routes/pairs.new'))).toBe(true);
	for (const route of ['routes/smiles.$id', 'routes/pairs.$id'])
		expect(compilesWasm(matching('root', route))).toBe(false);
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

test('the camera is for these pages alone, and nothing listens or asks where one is', () => {
	expect(securityHeaders(base)['permissions-policy']).toBe(
		'camera=(self), microphone=(), geolocation=(), browsing-topics=()',
	);
});

test('the worker that looks at photos compiles its models, and asks this origin alone', () => {
	const [, rules = ''] = readFileSync('public/_headers', 'utf8').split('/assets/lab-worker-*');
	expect(rules).toContain(
		"Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'\n",
	);
	expect(securityHeaders(base)['content-security-policy']).not.toContain('wasm-unsafe-eval');
});

test('http on loopback promises no https', () => {
	const headers = securityHeaders({ ...base, isHttps: false });
	expect(headers['strict-transport-security']).toBeUndefined();
	expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
});

test('a challenge lets its own origin bring a script and a frame, and no page without one has a frame at all', () => {
	const plain = directives(securityHeaders(base));
	const asked = directives(securityHeaders({ ...base, challengeOrigin: 'https://challenges.example' }));
	expect(asked).toEqual({
		...plain,
		'script-src': "'self' 'nonce-abc' https://challenges.example",
		'frame-src': 'https://challenges.example',
	});
	expect(plain).not.toHaveProperty('frame-src');
});

function originOf(actionData: Record<string, unknown> | null): string | undefined {
	return challengeOriginOf({ staticHandlerContext: { actionData } } as Parameters<typeof challengeOriginOf>[0]);
}

test('only a sign-up that was refused for want of a challenge opens the page for one', () => {
	const challenge = { siteKey: 'a', scriptUrl: 'https://challenges.example/turnstile/v0/api.js' };
	expect(originOf({ 'routes/sign-up': { errors: {}, challenge } })).toBe('https://challenges.example');
	expect(originOf({ 'routes/sign-in': { errors: {}, challenge } })).toBeUndefined();
	expect(originOf({ 'routes/sign-up': { errors: {} } })).toBeUndefined();
	expect(originOf({ 'routes/sign-up': { challenge: { scriptUrl: 'javascript:alert(1)' } } })).toBeUndefined();
	expect(
		originOf({ 'routes/sign-up': { challenge: { scriptUrl: 'https://x.example; script-src *' } } }),
	).toBeUndefined();
	expect(originOf(null)).toBeUndefined();
});

test('inline styles are open while developing only', () => {
	expect(directives(securityHeaders(base))['style-src']).toBe("'self'");
	expect(directives(securityHeaders({ ...base, isDev: true }))['style-src']).toBe("'self' 'unsafe-inline'");
});

test('two nonces differ', () => {
	expect(createNonce()).not.toBe(createNonce());
	expect(createNonce()).toMatch(/^[A-Za-z0-9+/]{22}==$/);
});

test('a redirect, data and a file carry what every answer carries, and keep what they said themselves', async () => {
	const answers = [
		new Response(null, { status: 302, headers: { location: '/sign-in', 'set-cookie': 'a=1' } }),
		new Response('{}', { headers: { 'content-type': 'text/x-script' } }),
		new Response(null, { status: 304 }),
		Response.redirect('https://app.example/', 303),
	];
	for (const answer of answers) {
		const safe = withSafeHeaders(answer, 'https://app.example/x');
		expect(safe.status).toBe(answer.status);
		expect(Object.fromEntries(safe.headers)).toMatchObject({
			...Object.fromEntries(answer.headers),
			'x-content-type-options': 'nosniff',
			'referrer-policy': 'same-origin',
			'strict-transport-security': 'max-age=31536000; includeSubDomains',
		});
		expect(safe.headers.has('content-security-policy')).toBe(false);
	}
});

test('HTML from elsewhere runs no script and is not framed; a page keeps the policy it came with', async () => {
	const html = { 'content-type': 'text/html; charset=UTF-8' };
	const docs = withSafeHeaders(new Response('<h1>API</h1>', { headers: html }), 'http://127.0.0.1:8787/docs');
	const own = { ...html, 'content-security-policy': "default-src 'self'", 'referrer-policy': 'no-referrer' };
	const page = withSafeHeaders(new Response('<h1>Page</h1>', { headers: own }), 'https://app.example/');

	expect(directives(Object.fromEntries(docs.headers))).toEqual({
		'default-src': "'none'",
		'style-src': "'unsafe-inline'",
		'form-action': "'none'",
		'base-uri': "'none'",
		'frame-ancestors': "'none'",
	});
	expect(docs.headers.has('strict-transport-security')).toBe(false);
	expect(await docs.text()).toBe('<h1>API</h1>');
	expect(Object.fromEntries(page.headers)).toMatchObject(own);
});

function kept(answer: Response, options?: { isStaticFile: boolean }): string | null {
	return withSafeHeaders(answer, 'https://app.example/x', options).headers.get('cache-control');
}

test('a page’s data and a redirect are kept by nobody, and a static file as long as it says itself', () => {
	expect(kept(new Response('{}', { headers: { 'content-type': 'text/x-script' } }))).toBe('private, no-store');
	expect(kept(new Response(null, { status: 302, headers: { location: '/' } }))).toBe('private, no-store');
	expect(kept(new Response('', { headers: { 'cache-control': 'public, max-age=60' } }))).toBe('public, max-age=60');
	expect(kept(new Response(''), { isStaticFile: true })).toBeNull();
});
