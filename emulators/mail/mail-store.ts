import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Kept } from '../kept';

const Addresses = z
	.union([z.string().min(3), z.array(z.string().min(3)).min(1).max(50)])
	.transform((to) => [to].flat());

/** What Resend takes at `POST /emails`, as far as the product uses it. */
export const Mail = z.object({
	from: z.string().min(3),
	to: Addresses,
	subject: z.string().min(1).max(998),
	html: z.string().optional(),
	text: z.string().optional(),
	cc: Addresses.optional(),
	bcc: Addresses.optional(),
	reply_to: Addresses.optional(),
	headers: z.record(z.string(), z.string()).optional(),
	tags: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
	attachments: z
		.array(z.looseObject({ filename: z.string().optional(), content_type: z.string().optional() }))
		.optional(),
});
export type Mail = z.infer<typeof Mail>;

export interface SentMail extends Mail {
	readonly id: string;
	readonly sentAt: string;
}

/** The hand on the mail stand-in, for tests and for `/control`. */
export interface MailControl {
	/** Everything that was sent, the newest first. */
	messages(): SentMail[];
	/** The next sends fail like Resend does. */
	failNext(failure: MailFailure): void;
	reset(): void;
}

export const MailFailure = z.object({
	name: z.enum(['rate_limit_exceeded', 'daily_quota_exceeded', 'internal_server_error']),
	times: z.int().min(1).max(1000).default(1),
});
export type MailFailure = z.output<typeof MailFailure>;

/** The oldest messages leave first, so a long-running stand-in does not grow without end. */
const MESSAGES_MAX = 500;

/** What became of a send: a repeat of its key answers the first id; the same key with another body is a mistake. */
export type SendResult = { ok: true; id: string; repeated: boolean } | { ok: false };

export interface MailStore extends MailControl {
	send(mail: Mail, idempotencyKey: string | undefined): SendResult;
	takeFailure(): MailFailure['name'] | undefined;
	readonly kept: Kept;
}

export function createMailStore(): MailStore {
	let messages: SentMail[] = [];
	let sends = new Map<string, { id: string; digest: string }>();
	let failures: MailFailure['name'][] = [];
	return {
		messages: () => [...messages],
		failNext({ name, times }) {
			failures.push(...Array.from({ length: times }, () => name));
		},
		reset() {
			[messages, sends, failures] = [[], new Map(), []];
		},
		takeFailure: () => failures.shift(),
		kept: () => ({ messages, sends }),
		send(mail, idempotencyKey) {
			const digest = createHash('sha256').update(JSON.stringify(mail)).digest('hex');
			const earlier = idempotencyKey === undefined ? undefined : sends.get(idempotencyKey);
			if (earlier) return earlier.digest === digest ? { ok: true, id: earlier.id, repeated: true } : { ok: false };
			const sent = { ...mail, id: randomUUID(), sentAt: new Date().toISOString() };
			messages = [sent, ...messages].slice(0, MESSAGES_MAX);
			if (idempotencyKey !== undefined) sends.set(idempotencyKey, { id: sent.id, digest });
			return { ok: true, id: sent.id, repeated: false };
		},
	};
}
