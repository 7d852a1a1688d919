import { invalid } from '../wire/errors';
import type { CheckoutSession } from '../wire/stored';
import type { World } from '../world';

/** Nobody can pay any more. Refuses a session that is not open. */
export function expireSession(world: World, session: CheckoutSession): void {
	if (session.status !== 'open') {
		const rule = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`;
		throw invalid(rule);
	}
	Object.assign(session, { status: 'expired', url: null });
	world.emit('checkout.session.expired', session);
}
