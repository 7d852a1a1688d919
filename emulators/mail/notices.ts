import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { OnEvent } from '../events';
import type { SentMail } from './mail-store';

/** Whom the stand-in tells of what became of a mail. */
export const NoticeEndpoint = z.strictObject({ url: z.url(), secret: z.string().startsWith('whsec_') });
export type NoticeEndpoint = z.infer<typeof NoticeEndpoint>;

export const Notice = z.strictObject({
	type: z.enum([
		'email.delivered',
		'email.delivery_delayed',
		'email.bounced',
		'email.complained',
		'email.suppressed',
		'email.opened',
	]),
	bounceType: z.enum(['Permanent', 'Transient', 'Undetermined']).default('Permanent'),
	/** `svix-id`; a new one when absent. The same twice is a notice that is delivered twice. */
	id: z.string().min(1).max(255).optional(),
	/** How often it is delivered. */
	times: z.int().min(1).max(10).default(1),
	/** How long ago it was signed. */
	ageSeconds: z.int().default(0),
});
export type NoticeInput = z.input<typeof Notice>;

/** What was delivered and what was answered; null: nobody was there. */
export interface DeliveredNotice {
	readonly id: string;
	readonly type: string;
	readonly emailId: string;
	readonly status: number | null;
}

export interface NoticeControl {
	/** Null: nobody is told. */
	tell(endpoint: NoticeEndpoint | null): void;
	/** Tells of one mail now; answers what each delivery was answered with. */
	notify(mail: SentMail, notice: NoticeInput): Promise<DeliveredNotice[]>;
	notices(): DeliveredNotice[];
	resetNotices(): void;
}

/** What Resend comes to know of a mailbox; here its name says it. Every other one gets its mail. */
const FATES: Readonly<Record<string, NoticeInput>> = {
	bounce: { type: 'email.bounced', bounceType: 'Permanent' },
	full: { type: 'email.bounced', bounceType: 'Transient' },
	complaint: { type: 'email.complained' },
	suppressed: { type: 'email.suppressed' },
};
/** As long as a mailbox's server may take to answer, at the least. */
const FATE_MS = 400;
/** Resend waits 5 s, 5 min, 30 min and longer; the first of these is enough here. */
const RETRY_MS = 5_000;

export function createNotices({ stop, onEvent }: { stop: AbortSignal; onEvent: OnEvent }): NoticeControl & {
	/** What comes of a mail by itself: its address says which (`bounce@…`, `full@…`, `complaint@…`, `suppressed@…`). */
	follow(mail: SentMail): void;
} {
	let endpoint: NoticeEndpoint | null = null;
	let delivered: DeliveredNotice[] = [];

	async function deliver(mail: SentMail, input: z.output<typeof Notice>, id: string): Promise<DeliveredNotice> {
		const body = JSON.stringify(bodyOf(mail, input));
		const timestamp = String(Math.floor(Date.now() / 1000) - input.ageSeconds);
		const status = endpoint === null ? null : await post(endpoint, { id, timestamp, body });
		const notice = { id, type: input.type, emailId: mail.id, status };
		delivered = [notice, ...delivered];
		onEvent({ type: 'mail_webhook', event: id, kind: input.type, status: status ?? 'unreachable' });
		return notice;
	}

	async function notify(mail: SentMail, notice: NoticeInput): Promise<DeliveredNotice[]> {
		const input = Notice.parse(notice);
		const id = input.id ?? `msg_${randomBytes(18).toString('base64url')}`;
		const all: DeliveredNotice[] = [];
		for (let time = 0; time < input.times; time += 1) all.push(await deliver(mail, input, id));
		return all;
	}

	async function followLater(mail: SentMail): Promise<void> {
		const fate = mail.to.map((address) => FATES[nameIn(address)]).find((known) => known !== undefined);
		await wait(FATE_MS, undefined, { signal: stop });
		const [first] = await notify(mail, fate ?? { type: 'email.delivered' });
		if (first === undefined || (first.status !== null && first.status < 300)) return;
		await wait(RETRY_MS, undefined, { signal: stop });
		await notify(mail, { ...(fate ?? { type: 'email.delivered' }), id: first.id });
	}

	return {
		tell(to) {
			endpoint = to;
		},
		notify,
		notices: () => [...delivered],
		resetNotices() {
			delivered = [];
		},
		follow(mail) {
			// Only the end of the stand-in ends a wait.
			if (endpoint !== null) followLater(mail).catch(() => undefined);
		},
	};
}

/** "bounce" of `bounce@practice.test`, of `Ada <bounce+1@practice.test>` too. */
function nameIn(address: string): string {
	return (/([^<\s@+]+)(?:\+[^@]*)?@[^@]*$/.exec(address)?.[1] ?? '').toLowerCase();
}

function bodyOf(mail: SentMail, { type, bounceType }: z.output<typeof Notice>) {
	const { id, from, to, subject, sentAt } = mail;
	const data = { email_id: id, message_id: `<${id}@resend.test>`, from, to, subject, created_at: sentAt, tags: {} };
	const bounce = { message: 'The stand-in was told that this mailbox is so.', subType: 'General', type: bounceType };
	return {
		type,
		created_at: new Date().toISOString(),
		data: type === 'email.bounced' ? { ...data, bounce } : data,
	};
}

async function post(
	{ url, secret }: NoticeEndpoint,
	{ id, timestamp, body }: { id: string; timestamp: string; body: string },
): Promise<number | null> {
	const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
	const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
	const answer = await fetch(url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'svix-id': id,
			'svix-timestamp': timestamp,
			'svix-signature': `v1,${signature}`,
		},
		body,
		redirect: 'manual',
	}).catch(() => null);
	await answer?.body?.cancel();
	return answer?.status ?? null;
}
