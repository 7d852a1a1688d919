import type { PolicyProcessor, ProductPolicy } from '../../../studios/policy/policy';
import { isListedHost } from '../../../studios/policy/trackers';
import { STUDIOS } from '../../../studios/all';

/** Something of ours was about to be sent to somebody whom the policy does not name. It names the host, never the path. */
export class EgressRefused extends Error {
	override readonly name = 'EgressRefused';

	constructor(host: string) {
		super(
			`Nothing was sent to ${host}: no processor of this studio's policy lists it. List it where it belongs in studios/policy/processors.ts, with what it gets, or do not call it.`,
		);
	}
}

/** Whether it is this machine, where stand-ins listen. */
function isLoopback({ hostname }: URL): boolean {
	return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}

/**
 * The one way out of core: `fetch` to hosts of the policy's processors and of its trackers' server legs, over TLS and at their own port, and to nobody else
 * (DD-32). Elsewhere than in production also to this machine. No redirect is followed, since it could lead to somebody else.
 */
export function createEgress(
	policy: Pick<ProductPolicy, 'processors' | 'trackers'>,
	{ isProduction, fetcher = fetch }: { isProduction: boolean; fetcher?: typeof fetch },
): typeof fetch {
	const hosts = new Set(policy.processors.flatMap((processor) => processor.hosts));
	const told = policy.trackers.flatMap(({ serverHosts }) => serverHosts);
	return async (input, init) => {
		const url = new URL(input instanceof Request ? input.url : String(input));
		const isListed = url.protocol === 'https:' && (hosts.has(url.host) || isListedHost(told, url.host));
		if (!isListed && (isProduction || !isLoopback(url))) throw new EgressRefused(url.host);
		return fetcher(input, { ...init, redirect: init?.redirect === 'error' ? 'error' : 'manual' });
	};
}

/** Whether an address is one of this processor's own, in any studio: over TLS, at its own port. */
export function isAddressOf(id: PolicyProcessor['id'], address: string): boolean {
	const url = URL.parse(address);
	if (url === null || url.protocol !== 'https:') return false;
	return Object.values(STUDIOS).some(({ policy }) =>
		policy.processors.some((processor) => processor.id === id && processor.hosts.includes(url.host)),
	);
}
