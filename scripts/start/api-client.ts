import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { CookieJar } from './cookie-jar';

const SignedIn = z.object({ signedIn: z.literal(true) });
const Statement = z.object({ statement: z.object({ textVersion: z.string() }).nullable() });
const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** What the api refused, in its own words. */
export class Refused extends Error {
	override readonly name = 'Refused';
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

export interface CallOptions {
	body?: unknown;
	headers?: Record<string, string>;
}

async function refusalOf(answer: Response, what: string): Promise<Refused> {
	const text = await answer.text();
	try {
		const body = Refusal.safeParse(JSON.parse(text));
		if (body.success) return new Refused(answer.status, `${what}: ${body.data.error.message}`);
	} catch {
		// Not JSON: the status and the first words have to do.
	}
	return new Refused(answer.status, `${what} answered ${answer.status}: ${text.slice(0, 200)}`);
}

/** A signed-in client of the HTTP API, as a practice's own program would be: one origin, one cookie, JSON. */
export class ApiClient {
	readonly #origin: string;
	readonly #cookies = new CookieJar();

	constructor(origin: string) {
		this.#origin = origin;
	}

	/** What a browser would send: empty before somebody signed in. */
	get cookie(): string {
		return this.#cookies.header;
	}

	async #send(method: string, path: string, options: CallOptions): Promise<Response> {
		const answer = await fetch(`${this.#origin}${path}`, {
			method,
			redirect: 'manual',
			headers: {
				origin: this.#origin,
				...(this.cookie === '' ? {} : { cookie: this.cookie }),
				...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
				...options.headers,
			},
			...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
		});
		if (!answer.ok) throw await refusalOf(answer, `${method} ${path}`);
		this.#cookies.keep(answer);
		return answer;
	}

	async call<T extends z.ZodType>(
		schema: T,
		method: string,
		path: string,
		options: CallOptions = {},
	): Promise<z.infer<T>> {
		const answer = await this.#send(method, path, options);
		return schema.parse(await answer.json());
	}

	/** Signs in; the session cookie is kept for every later call. Refused where a second factor is asked for: this client has none. */
	async signIn(input: { email: string; password: string }): Promise<void> {
		this.#cookies.clear();
		const answer = await this.#send('POST', '/api/auth/sign-in/email', { body: input });
		SignedIn.parse(await answer.json());
	}

	/**
	 * Signs up as a person does: asks, reads the code that was mailed, and opens an account of that name with what the studio asks
	 * its users to state.
	 */
	async signUp(
		input: { email: string; password: string; name: string },
		readCode: (email: string) => Promise<string>,
	): Promise<void> {
		this.#cookies.clear();
		const { email, name } = input;
		await this.#send('POST', '/api/auth/sign-up/email', { body: input });
		const code = await readCode(email);
		const answer = await this.#send('POST', '/api/auth/email-otp/verify-email', { body: { email, code } });
		SignedIn.parse(await answer.json());
		const { statement } = await this.call(Statement, 'GET', '/v1/studio');
		const statementVersion = statement?.textVersion;
		await this.call(z.object({ id: z.string() }), 'POST', '/v1/accounts', {
			body: { name, key: randomUUID(), ...(statementVersion === undefined ? {} : { statementVersion }) },
		});
	}
}
