import { z } from 'zod';

import { readAtMost } from './read-at-most';

export interface ResendConfig {
	key: string;
	/** `https://api.resend.com`, or the emulator's. */
	baseUrl: string;
}

export interface OutgoingMail {
	/** Resend's idempotency key: within its 24 hours the same id is sent once, however often it is handed over. */
	id: string;
	/** "Dental Diffusion <hello@example.com>" */
	from: string;
	to: string;
	subject: string;
	text: string;
	html: string;
}

/** What became of it. `later`: the same call may succeed in a while. `refused`: it never will. */
export type MailOutcome =
	| { kind: 'taken' }
	| { kind: 'later'; status: number | null }
	| { kind: 'refused'; status: number };

export interface MailGateway {
	/** Never throws for what Resend or the network does; no answer of theirs, which may quote an address, gets out. */
	send(mail: OutgoingMail): Promise<MailOutcome>;
}

/** Resend takes a mail in well under a second. Somebody waits for a code, and the next try is as good. */
const TIMEOUT_MS = 10_000;
/** An id, or an error of three fields. */
const ANSWER_BYTES_MAX = 16 * 1024;
/** Resend refuses requests without one. */
const USER_AGENT = 'afterglow';

const ResendError = z.object({ name: z.string() });

/** Mail through Resend's own HTTP API: its package takes no `fetch` and no timeout (decision 017). */
export function createMailGateway(
	config: ResendConfig,
	fetcher: typeof fetch = fetch,
	timeoutMs: number = TIMEOUT_MS,
): MailGateway {
	return {
		send: async ({ id, ...mail }) => {
			try {
				const response = await fetcher(`${config.baseUrl}/emails`, {
					method: 'POST',
					headers: {
						authorization: `Bearer ${config.key}`,
						'content-type': 'application/json',
						'idempotency-key': id,
						'user-agent': USER_AGENT,
					},
					// So that nobody's out-of-office answers it (RFC 3834).
					body: JSON.stringify({ ...mail, headers: { 'Auto-Submitted': 'auto-generated' } }),
					// The key goes to this address and to no other.
					redirect: 'manual',
					signal: AbortSignal.timeout(timeoutMs),
				});
				return await outcomeOf(response);
			} catch {
				return { kind: 'later', status: null };
			}
		},
	};
}

async function outcomeOf(response: Response): Promise<MailOutcome> {
	const { status } = response;
	const name = response.ok ? null : await errorNameOf(response);
	if (response.ok) {
		// Taken is what the status says; whether the rest arrives changes nothing.
		await response.body?.cancel().catch(() => undefined);
		return { kind: 'taken' };
	}
	if (status === 409) {
		// This id has been taken with other words, which a deployment in between may have changed. Not twice.
		return name === 'invalid_idempotent_request' ? { kind: 'taken' } : { kind: 'later', status };
	}
	if (status === 429 || status >= 500 || status < 400) return { kind: 'later', status };
	return { kind: 'refused', status };
}

async function errorNameOf({ body }: Response): Promise<string | null> {
	const bytes = body === null ? null : await readAtMost(body, ANSWER_BYTES_MAX).catch(() => null);
	if (bytes === null) return null;
	try {
		return ResendError.parse(JSON.parse(new TextDecoder().decode(bytes))).name;
	} catch {
		return null;
	}
}
