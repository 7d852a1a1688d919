import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { z } from 'zod';

import { mails } from '../../../schema/mail';
import { CookieJar } from '../../../scripts/start/cookie-jar';
import type { Mail } from '../../../workers/core/mail/mail';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { totpAt } from '../../../workers/core/people/totp';
import type { startCountingApi } from '../../budgets/counting-api';

export type CountingApi = Awaited<ReturnType<typeof startCountingApi>>;

export const ORIGIN = 'https://app.test';
export const PASSWORD = 'four words are enough';

export interface Credentials {
	name: string;
	email: string;
	password: string;
}

export function aPerson(): Credentials {
	return { name: 'Ada', email: `${crypto.randomUUID()}@practice.test`, password: PASSWORD };
}

const Refusal = z.object({
	error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() }),
});

export interface Answered {
	status: number;
	body: unknown;
	headers: Headers;
	/** Of a refusal. */
	code: string | undefined;
	reason: unknown;
	fields: unknown;
}

/** A browser: it keeps cookies and names its origin. */
export class Visitor {
	readonly #api: CountingApi;
	readonly cookies = new CookieJar();
	userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';

	constructor(api: CountingApi) {
		this.#api = api;
	}

	async send(method: string, path: string, body?: object): Promise<Answered> {
		const answer = await this.#api.fetch(path, {
			method,
			headers: {
				origin: ORIGIN,
				'user-agent': this.userAgent,
				cookie: this.cookies.header,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		this.cookies.keep(answer);
		const said: unknown = await answer.json();
		const refused = Refusal.safeParse(said);
		return {
			status: answer.status,
			body: said,
			headers: answer.headers,
			code: refused.data?.error.code,
			reason: refused.data?.error.details?.['reason'],
			fields: refused.data?.error.details?.['fields'],
		};
	}

	auth(path: string, body: object): Promise<Answered> {
		return this.send('POST', `/api/auth/${path}`, body);
	}

	async isSignedIn(): Promise<boolean> {
		return (await this.send('GET', '/v1/me')).status === 200;
	}
}

/** What was mailed to an address, the newest first; all is sealed, for nothing here sends it. */
export async function mailsTo(api: CountingApi, email: string): Promise<Mail[]> {
	const rows = await drizzle(api.d1)
		.select()
		.from(mails)
		.orderBy(sql`rowid desc`);
	const opened = await Promise.all(rows.map(({ id, sealed }) => openMail(api.env.MAIL_SEALING_KEY, id, sealed ?? '')));
	return opened.filter(({ to }) => to === email);
}

/** A signed-in person without an account. */
export async function givenSignedIn(api: CountingApi, person: Credentials = aPerson()): Promise<Visitor> {
	const visitor = new Visitor(api);
	await visitor.auth('sign-up/email', person);
	const code = await api.mailedCode(person.email);
	const { status, body } = await visitor.auth('email-otp/verify-email', { email: person.email, code });
	if (status !== 200) throw new Error(`signing up ended with ${status}: ${JSON.stringify(body)}`);
	return visitor;
}

/** The same person at another browser. */
export async function givenOtherDevice(api: CountingApi, { email, password }: Credentials): Promise<Visitor> {
	const visitor = new Visitor(api);
	const { status } = await visitor.auth('sign-in/email', { email, password });
	if (status !== 200) throw new Error(`signing in answered ${status}`);
	return visitor;
}

/** An authenticator app that was shown this secret. */
export class App {
	readonly secret: string;
	readonly shown: string[] = [];
	#step = 0;

	constructor(typed: string) {
		this.secret = fromBase32(typed);
	}

	/** A code that was not shown before: of this half minute, then of the next; more than these two are not taken. */
	next(): string {
		this.#step = Math.max(this.#step + 1, Math.floor(Date.now() / 30_000));
		const code = totpAt(this.secret, this.#step);
		this.shown.push(code);
		return code;
	}
}

const Offer = z.object({ secret: z.string() });
const Codes = z.object({ recoveryCodes: z.array(z.string()) });

/** Switches the second factor on. */
export async function givenSecondFactor(visitor: Visitor): Promise<{ app: App; recoveryCodes: string[] }> {
	const app = new App(Offer.parse((await visitor.send('POST', '/v1/me/second-factor')).body).secret);
	const { body } = await visitor.send('POST', '/v1/me/second-factor/confirm', { code: app.next() });
	return { app, recoveryCodes: Codes.parse(body).recoveryCodes };
}

function fromBase32(text: string): string {
	let [value, bits] = [0, 0];
	const bytes: number[] = [];
	for (const letter of text) {
		value = ((value << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter)) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes.push((value >>> bits) & 0xff);
		}
	}
	return Buffer.from(bytes).toString('utf8');
}
