import { z } from 'zod';

const Sent = z.strictObject({
	from: z.string(),
	to: z.string(),
	subject: z.string(),
	text: z.string(),
	html: z.string(),
	headers: z.record(z.string(), z.string()),
});
export type SentMail = z.infer<typeof Sent>;

export interface FakeResend {
	fetch: typeof fetch;
	/** What really went out, oldest first. */
	mails: SentMail[];
	/** Resend's own id of what went out under a key. */
	idOf(key: string): string | undefined;
	/** The idempotency keys of every call, the repeated and the failed ones too. */
	calls: string[];
	/** Runs instead of the next calls, in this order; what it answers, or throws, is what the caller gets. */
	next: (() => Response | Promise<Response>)[];
	/** The next call is taken, and its answer is lost. */
	loseNextAnswer(): void;
}

/** Resend as it answers on the wire, as far as sending once is concerned: one key, one mail. */
export function fakeResend(): FakeResend {
	const sends = new Map<string, { body: string; id: string }>();
	const fake: FakeResend = {
		mails: [],
		idOf: (key) => sends.get(key)?.id,
		calls: [],
		next: [],
		loseNextAnswer: () => {
			isAnswerLost = true;
		},
		fetch: async (input, init) => {
			const request = new Request(input, init);
			const key = request.headers.get('idempotency-key') ?? '';
			fake.calls.push(key);
			const told = fake.next.shift();
			if (told !== undefined) return told();
			const answer = take(request.headers, key, await request.text());
			if (!isAnswerLost) return answer;
			isAnswerLost = false;
			throw new TypeError('Network connection lost.');
		},
	};
	let isAnswerLost = false;

	function take(headers: Headers, key: string, body: string): Response {
		if (!headers.get('authorization')?.startsWith('Bearer re_')) return refusal(403, 'invalid_api_key');
		const before = sends.get(key);
		if (before !== undefined && before.body !== body) return refusal(409, 'invalid_idempotent_request');
		const id = before?.id ?? crypto.randomUUID();
		if (before === undefined) {
			sends.set(key, { body, id });
			fake.mails.push(Sent.parse(JSON.parse(body)));
		}
		return Response.json({ id });
	}
	return fake;
}

export function refusal(statusCode: number, name: string): Response {
	return Response.json(
		{ statusCode, name, message: 'Refused, and ada@practice.test is quoted here.' },
		{ status: statusCode },
	);
}
