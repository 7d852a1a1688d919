import { z } from 'zod';

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
	#cookie = '';

	constructor(origin: string) {
		this.#origin = origin;
	}

	/** What a browser would send: empty before `authenticate`. */
	get cookie(): string {
		return this.#cookie;
	}

	async #send(method: string, path: string, options: CallOptions): Promise<Response> {
		const answer = await fetch(`${this.#origin}${path}`, {
			method,
			redirect: 'manual',
			headers: {
				origin: this.#origin,
				...(this.#cookie === '' ? {} : { cookie: this.#cookie }),
				...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
				...options.headers,
			},
			...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
		});
		if (!answer.ok) throw await refusalOf(answer, `${method} ${path}`);
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

	/** Signs in, or up when `name` is given; the session cookie is kept for every later call. */
	async authenticate(input: { email: string; password: string; name?: string }): Promise<void> {
		this.#cookie = '';
		const path = input.name === undefined ? '/api/auth/sign-in/email' : '/api/auth/sign-up/email';
		const answer = await this.#send('POST', path, { body: input });
		this.#cookie = answer.headers
			.getSetCookie()
			.map((cookie) => cookie.split(';', 1)[0] ?? '')
			.join('; ');
		if (this.#cookie === '') throw new Error(`POST ${path} set no session cookie.`);
	}
}
