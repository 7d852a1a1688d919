import { expect, test } from 'vitest';

import { publicOrigins } from '../../scripts/edge/public-origins';

const FAL = { FAL_KEY: 'id:secret' };
const tunnel = { APP_ORIGIN: 'https://app.tunnel.dev/', MEDIA_ORIGIN: 'https://media.tunnel.dev' };

test('without a key and addresses the edge stays on loopback', () => {
	expect(publicOrigins({})).toBeUndefined();
	expect(publicOrigins({ OPENAI_KEY: 'a key' })).toBeUndefined();
});

test('a key of fal.ai without addresses is refused, and the sentence says what works', () => {
	expect(() => publicOrigins(FAL)).toThrow(/nothing outside reaches 127\.0\.0\.1\..*npm run deploy.*tunnel/);
});

test('a key of fal.ai works with the addresses of a tunnel', () => {
	const reached = { app: 'https://app.tunnel.dev', media: 'https://media.tunnel.dev' };
	expect(publicOrigins({ ...FAL, ...tunnel })).toEqual(reached);
});

test('one address alone, and an address without TLS, are refused', () => {
	expect(() => publicOrigins({ ...FAL, APP_ORIGIN: tunnel.APP_ORIGIN })).toThrow('belong together');
	expect(() => publicOrigins({ ...tunnel, MEDIA_ORIGIN: 'http://127.0.0.1:8789' })).toThrow('no https address');
});
