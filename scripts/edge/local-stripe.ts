import { STUDIOS } from '../../studios/all';
import type { StudioSlug } from '../../studios/studio';
import { STRIPE_EVENT_TYPES } from '../../workers/core/billing/event-types';
import { prepareStripe } from '../../workers/core/billing/prepare-stripe';
import { createStripeGateway } from '../../workers/core/gateways/stripe';
import type { Secrets } from './secrets';

const NO_WEBHOOK_SECRET =
	'STRIPE_SECRET_KEY in .dev.vars needs the secret of whoever forwards events here. Run "stripe listen --forward-to <app>/webhooks/stripe" and write its whsec_… there as STRIPE_WEBHOOK_SECRET.';

/**
 * Has the stand-in for Stripe tell this edge of what happens, and sell what its studio sells. Nothing to do where Stripe itself
 * is asked; throws a sentence when nothing could be heard from there.
 */
export async function openLocalStripe(
	emulators: string | undefined,
	{
		studio: slug,
		appOrigin,
		secrets,
		realKeys,
	}: { studio: StudioSlug; appOrigin: string; secrets: Secrets; realKeys: Secrets },
): Promise<void> {
	if ('STRIPE_SECRET_KEY' in realKeys && !('STRIPE_WEBHOOK_SECRET' in realKeys)) throw new Error(NO_WEBHOOK_SECRET);
	const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secret } = secrets;
	if (emulators === undefined || 'STRIPE_SECRET_KEY' in realKeys || key === undefined) return;
	const answer = await fetch(`${emulators}/control/stripe/endpoints`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ url: `${appOrigin}/webhooks/stripe`, secret, enabledEvents: STRIPE_EVENT_TYPES }),
	});
	if (!answer.ok) throw new Error(`The stand-in for Stripe refused the endpoint: ${await answer.text()}`);
	const gateway = { key, apiUrl: `${emulators}/stripe`, studio: slug, hasAutomaticTax: false };
	await prepareStripe({ stripe: createStripeGateway(gateway, fetch), studio: STUDIOS[slug] });
}
