import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { Edge } from '../../../scripts/edge/start-edge';
import { CookieJar } from '../../../scripts/start/cookie-jar';
import { readCode } from '../../../scripts/start/read-code';
import { CreditsAnswer, Refusal, RenderAnswer, StudioAnswer } from '../../../workers/api/contract';

export interface Call {
	body?: unknown;
	/** Sent as it is, instead of a JSON body. */
	rawBody?: string;
	headers?: Record<string, string>;
}

export interface Refused {
	status: number;
	code: string;
	message: string;
}

let practices = 0;

/** A practice at the app's origin: its cookie, and answers parsed by the API's own contract. */
export class Practice {
	#edge: Edge;
	readonly #cookies = new CookieJar();

	/** Without signing up: nobody, without a cookie. */
	constructor(edge: Edge) {
		this.#edge = edge;
	}

	get cookie(): string {
		return this.#cookies.header;
	}

	/** The same practice at the same edge's next start. */
	moveTo(edge: Edge): void {
		this.#edge = edge;
	}

	/** Now, as the Workers see it. */
	nowMs(): number {
		return Date.now() + this.#edge.clockOffsetSeconds() * 1000;
	}

	/** As a person does: asks, reads the code that was mailed, opens a practice with what the studio asks its users to state. */
	async signUp(as: { name?: string; email?: string } = {}): Promise<void> {
		practices += 1;
		const { name = 'Test practice', email = `p${practices}-${randomUUID()}@practice.example` } = as;
		const person = { name, email, password: 'a long enough password' };
		await this.#post('/api/auth/sign-up/email', person);
		const code = await readCode(this.#edge, email);
		await this.#post('/api/auth/email-otp/verify-email', { email, code });
		const { statement } = await this.call(StudioAnswer, 'GET', '/v1/studio');
		const stated = statement === null ? {} : { statementVersion: statement.textVersion };
		await this.#post('/v1/accounts', { name: person.name, key: randomUUID(), ...stated });
	}

	/** Keeps the cookies that come back, as a browser does. */
	async #post(path: string, body: object): Promise<void> {
		const answer = await this.send('POST', path, { body });
		if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
		this.#cookies.keep(answer);
	}

	send(method: string, path: string, call: Call = {}): Promise<Response> {
		const body = call.rawBody ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
		return fetch(`${this.#edge.appOrigin}${path}`, {
			method,
			redirect: 'manual',
			headers: {
				origin: this.#edge.appOrigin,
				...(this.cookie === '' ? {} : { cookie: this.cookie }),
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...call.headers,
			},
			...(body === undefined ? {} : { body }),
		});
	}

	/** The answer, which has to be a success in the shape that the contract promises. */
	async call<Schema extends z.ZodType>(
		schema: Schema,
		method: string,
		path: string,
		call: Call = {},
	): Promise<z.output<Schema>> {
		const answer = await this.send(method, path, call);
		if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
		return schema.parse(await answer.json());
	}

	/** The refusal, which has to have the one shape of all refusals. */
	async refusal(method: string, path: string, call: Call = {}): Promise<Refused> {
		return refusalIn(await this.send(method, path, call));
	}

	/** A new order, under a key of its own unless one is given. */
	order(tool: string, input: Record<string, unknown>, key: string = randomUUID()) {
		return this.call(z.object({ id: z.string(), state: RenderAnswer.shape.state }), 'POST', '/v1/renders', {
			headers: { 'idempotency-key': key },
			body: { tool, input },
		});
	}

	credits(): Promise<{ available: number; held: number }> {
		return this.call(CreditsAnswer.pick({ available: true, held: true }), 'GET', '/v1/credits');
	}
}

/** Reads a refusal of any of the hosts, and that its sentence is one: a beginning, an end, and nothing of ours inside. */
export async function refusalIn(answer: Response): Promise<Refused> {
	const text = await answer.text();
	if (answer.ok) throw new Error(`expected a refusal, and got ${answer.status}: ${text.slice(0, 200)}`);
	const { error } = Refusal.strict().parse(JSON.parse(text));
	if (!/^.{10,300}[.:]$/s.test(error.message) || /undefined|\[object|Error|\bat \w+\.|SQL/.test(error.message)) {
		throw new Error(`this is not a sentence for a person: ${error.message}`);
	}
	return { status: answer.status, code: error.code, message: error.message };
}

/** Signed up, its account opened with the welcome credits. */
export async function givenPractice(edge: Edge): Promise<Practice> {
	const practice = new Practice(edge);
	await practice.signUp();
	await practice.credits();
	return practice;
}
