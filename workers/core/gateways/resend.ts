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
	headers: Readonly<Record<string, string>>;
}

/**
 * What became of it. `later`: the same call may succeed in a while. `refused`: it never will. `providerId`: by which their notices name it;
 * null where their answer was lost.
 */
export type MailOutcome =
	| { kind: 'taken'; providerId: string | null }
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

/** The id of what was taken, or the name of an error. */
const Answer = z.object({ id: z.string().max(100).optional(), name: z.string().optional() });

/** Mail through Resend's own HTTP API: its package takes no `fetch` and no timeout (decision 017). */
export function createMailGateway(
	config: ResendConfig,
	fetcher: typeof fetch,
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
					body: JSON.stringify(mail),
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
	const said = Answer.safeParse(await jsonOf(response)).data;
	// Taken is what the status says; whether the rest arrives changes nothing.
	if (response.ok) return { kind: 'taken', providerId: said?.id ?? null };
	if (status === 409) {
		// This id has been taken with other words, which a deployment in between may have changed. Not twice.
		return said?.name === 'invalid_idempotent_request'
			? { kind: 'taken', providerId: null }
			: { kind: 'later', status };
	}
	if (status === 429 || status >= 500 || status < 400) return { kind: 'later', status };
	return { kind: 'refused', status };
}

async function jsonOf({ body }: Response): Promise<unknown> {
	const bytes = body === null ? null : await readAtMost(body, ANSWER_BYTES_MAX).catch(() => null);
	if (bytes === null) return null;
	try {
		return JSON.parse(new TextDecoder().decode(bytes));
	} catch {
		return null;
	}
}
