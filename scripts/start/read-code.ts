import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { openMail } from '../../workers/core/mail/seal-mail';
import type { Edge } from '../edge/start-edge';

const LOOK_EVERY_MS = 50;
const WAIT_MS_MAX = 20_000;

const Row = z.object({ id: z.string(), sealed: z.string() });
const Delivered = z.object({ messages: z.array(z.object({ text: z.string() })) });

type Mailing = Pick<Edge, 'd1' | 'secrets' | 'emulators'>;

/** The code of the newest mail to this address: delivered to the stand-in, or still sealed in the database of this machine. */
export async function readCode(edge: Mailing, email: string): Promise<string> {
	const deadline = Date.now() + WAIT_MS_MAX;
	for (;;) {
		const code = (await queuedCode(edge, email)) ?? (await deliveredCode(edge, email));
		if (code !== undefined) return code;
		if (Date.now() > deadline) throw new Error(`No code was mailed to ${email}.`);
		await sleep(LOOK_EVERY_MS);
	}
}

async function queuedCode(edge: Mailing, email: string): Promise<string | undefined> {
	const { results } = await (
		await edge.d1()
	)
		.prepare('SELECT id, sealed FROM mails WHERE sealed IS NOT NULL ORDER BY created_at_ms DESC, rowid DESC')
		.all();
	for (const { id, sealed } of z.array(Row).parse(results)) {
		const mail = await openMail(edge.secrets['MAIL_SEALING_KEY'] ?? '', id, sealed);
		if (mail.to === email && 'code' in mail) return mail.code;
	}
	return undefined;
}

async function deliveredCode({ emulators }: Mailing, email: string): Promise<string | undefined> {
	if (emulators === undefined) return undefined;
	const url = `${emulators}/control/mail/messages?to=${encodeURIComponent(email)}`;
	const answer = await fetch(url, { signal: AbortSignal.timeout(LOOK_EVERY_MS * 20) }).catch(() => undefined);
	if (answer?.ok !== true) return undefined;
	const { messages } = Delivered.parse(await answer.json());
	return messages.map(({ text }) => /\b\d{6}\b/.exec(text)?.[0]).find((code) => code !== undefined);
}
