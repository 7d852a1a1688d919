/**
 * What the local edge pays with at the stand-in. The secrets are no secrets: nothing outside this machine takes them. The webhook
 * secret is not known to the stand-in before an endpoint is registered with it.
 */
export const LOCAL_STRIPE = {
	secretKey: 'sk_test_local_emulator',
	webhookSecret: 'whsec_local_emulator_0123456789abcdef',
} as const;

/** An account as the stand-in knows it. Without a key any secret test key is taken. */
export interface StripeAccount {
	readonly secretKey?: string | undefined;
}
