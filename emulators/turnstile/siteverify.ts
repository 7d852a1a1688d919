import { z } from 'zod';
import { TOKEN_LENGTH_MAX, type Tokens } from './tokens';

/** Published by Cloudflare: they take any token and answer always the same. */
const TEST_SECRETS = {
	'1x0000000000000000000000000000000AA': [],
	'2x0000000000000000000000000000000AA': ['invalid-input-response'],
	'3x0000000000000000000000000000000AA': ['timeout-or-duplicate'],
} as const satisfies Record<string, readonly ErrorCode[]>;

type ErrorCode =
	| 'missing-input-secret'
	| 'invalid-input-secret'
	| 'missing-input-response'
	| 'invalid-input-response'
	| 'bad-request'
	| 'timeout-or-duplicate'
	| 'internal-error';

const Field = z.string().default('');
const Body = z.object({ secret: Field, response: Field, idempotency_key: z.string().optional() });

/** What siteverify answers, as JSON. */
export type Verdict =
	| { success: false; 'error-codes': readonly ErrorCode[]; messages: readonly [] }
	| {
			success: true;
			'error-codes': readonly [];
			challenge_ts: string;
			hostname: string;
			action: string;
			cdata: string;
			metadata: { interactive: boolean };
	  };

export function refused(...codes: readonly ErrorCode[]): Verdict {
	return { success: false, 'error-codes': codes, messages: [] };
}

/** The fields of a form or of a JSON body; undefined for what is neither. */
async function fieldsOf(request: Request): Promise<z.output<typeof Body> | undefined> {
	const type = request.headers.get('content-type') ?? '';
	try {
		const fields: unknown = type.startsWith('application/json')
			? await request.json()
			: Object.fromEntries(await request.formData());
		return Body.safeParse(fields).data;
	} catch {
		// A body that is not what its type says is a bad request like one of another type.
		return undefined;
	}
}

/** Checks a token as Cloudflare does. `secret` undefined takes any secret that is not one of the published test secrets. */
export async function siteverify(request: Request, tokens: Tokens, secret: string | undefined): Promise<Verdict> {
	const fields = await fieldsOf(request);
	if (!fields) return refused('bad-request');
	if (fields.secret === '') return refused('missing-input-secret');
	const preset = Object.entries(TEST_SECRETS).find(([test]) => test === fields.secret)?.[1];
	if (!preset && secret !== undefined && fields.secret !== secret) return refused('invalid-input-secret');
	if (fields.response === '') return refused('missing-input-response');
	if (preset) {
		const given = { hostname: 'example.com', action: '', cdata: '', issuedAtMs: Date.now() };
		return preset.length > 0 ? refused(...preset) : passed(given);
	}
	if (fields.response.length > TOKEN_LENGTH_MAX) return refused('invalid-input-response');
	const token = tokens.take(fields.response, fields.idempotency_key);
	if (token === 'unknown') return refused('invalid-input-response');
	return token === 'spent' ? refused('timeout-or-duplicate') : passed(token);
}

function passed(token: { issuedAtMs: number; hostname: string; action: string; cdata: string }): Verdict {
	return {
		success: true,
		'error-codes': [],
		challenge_ts: new Date(token.issuedAtMs).toISOString(),
		hostname: token.hostname,
		action: token.action,
		cdata: token.cdata,
		metadata: { interactive: false },
	};
}
