import { z } from 'zod';

import { NotDone } from './outcome';
import type { Target } from './target';

/** An audit recomputes everything; past this nobody waits any more. */
const ANSWER_MS_MAX = 120_000;

const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

const HIDDEN =
	'It answers as if it had no operations: OPERATOR_KEY is not set there, is another one, or was tried too often from here in the last quarter of an hour.';

/** Asks one operation; what is refused is thrown as the sentence that the api gives. */
export async function ask<Schema extends z.ZodType>(
	{ origin, operatorKey }: Target,
	schema: Schema,
	{ method, path, body }: { method: 'GET' | 'POST'; path: string; body?: object },
): Promise<z.output<Schema>> {
	const answer = await send(`${origin}/v1/operations${path}`, {
		method,
		redirect: 'error',
		headers: {
			authorization: `Bearer ${operatorKey}`,
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
		},
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
		signal: AbortSignal.timeout(ANSWER_MS_MAX),
	});
	const json: unknown = await answer.json().catch(() => null);
	if (!answer.ok) {
		const refusal = Refusal.safeParse(json);
		if (!refusal.success) throw new NotDone(`${origin} answered ${answer.status}, and not in the API's words.`);
		const { message } = refusal.data.error;
		throw new NotDone(message.startsWith('There is no such address') ? HIDDEN : message);
	}
	const parsed = schema.safeParse(json);
	if (parsed.success) return parsed.data;
	throw new NotDone(
		`${origin} answered in a shape that this version does not know. Use the version that is deployed there.`,
	);
}

async function send(address: string, request: RequestInit): Promise<Response> {
	try {
		return await fetch(address, request);
	} catch (cause) {
		throw new NotDone(
			`${new URL(address).origin} could not be reached. Whether the command arrived is not known; it is safe to send it again.`,
			{
				cause,
			},
		);
	}
}
