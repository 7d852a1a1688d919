export interface SentWebhook {
	url: string;
	headers: Record<string, string>;
	body: string;
}

export interface WebhookTap {
	/** Every webhook that fal sent since the tap was opened, the oldest first. */
	readonly sent: readonly SentWebhook[];
	close(): void;
}

/** The mail service and Stripe have addresses of their own, and what they say goes on unheld. */
const WEBHOOK_PATH = '/webhooks/fal/';

/**
 * Listens on the line between the emulated fal, which runs in this process, and the edge. A webhook that is held
 * back is answered as delivered and goes nowhere, so that a test can send it later, twice, or changed.
 */
export function tapWebhooks({ isHeldBack }: { isHeldBack: boolean }): WebhookTap {
	const original = globalThis.fetch;
	const sent: SentWebhook[] = [];
	globalThis.fetch = (input, init) => {
		const url = input instanceof Request ? input.url : String(input);
		if (!new URL(url).pathname.startsWith(WEBHOOK_PATH)) return original(input, init);
		const body = typeof init?.body === 'string' ? init.body : '';
		sent.push({ url, headers: Object.fromEntries(new Headers(init?.headers)), body });
		return isHeldBack ? Promise.resolve(new Response(null, { status: 200 })) : original(input, init);
	};
	return {
		sent,
		close() {
			globalThis.fetch = original;
		},
	};
}
