import { expect, test } from 'vitest';

import { openLocalStripe } from '../../scripts/edge/local-stripe';

const HERE = { studio: 'dental', appOrigin: 'http://127.0.0.1:1', secrets: {} } as const;
const NOWHERE = 'http://127.0.0.1:9';

test('a real key needs the secret of whoever forwards events, for nothing bought would arrive without it', async () => {
	const realKeys = { STRIPE_SECRET_KEY: 'sk_test_of_somebody' };
	await expect(openLocalStripe(NOWHERE, { ...HERE, realKeys })).rejects.toThrow('stripe listen');
	const both = { ...realKeys, STRIPE_WEBHOOK_SECRET: 'whsec_of_stripe_listen' };
	await expect(openLocalStripe(NOWHERE, { ...HERE, secrets: both, realKeys: both })).resolves.toBeUndefined();
});

test('without stand-ins nothing is prepared', async () => {
	await expect(openLocalStripe(undefined, { ...HERE, realKeys: {} })).resolves.toBeUndefined();
});

test('a stand-in that cannot be reached is a failure', async () => {
	const secrets = { STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_WEBHOOK_SECRET: 'whsec_x' };
	await expect(openLocalStripe(NOWHERE, { ...HERE, secrets, realKeys: {} })).rejects.toThrow('fetch failed');
});
