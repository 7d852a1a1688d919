import { StripeRefusal } from './errors';

export interface SavedAnswer {
	readonly status: number;
	readonly body: string;
	readonly requestId: string;
}

/** What a POST is known by: its path and everything it says. */
export interface KeyedRequest {
	readonly key: string;
	readonly path: string;
	readonly params: string;
}

interface Use {
	readonly request: KeyedRequest;
	/** Undefined while the first request with this key is under way. */
	answer: SavedAnswer | undefined;
}

export interface IdempotencyKeys {
	/** The first answer to this request, or undefined for a key that is now in use. Refuses a key in use or used otherwise. */
	begin(request: KeyedRequest): SavedAnswer | undefined;
	/** Keeps the answer for repeats. Without one the key is free again: nothing was carried out. */
	end(key: string, answer: SavedAnswer | undefined): void;
	all(): readonly { readonly request: KeyedRequest; readonly answer: SavedAnswer | undefined }[];
	reset(): void;
}

const KEY_LENGTH_MAX = 255;

export function createIdempotencyKeys(): IdempotencyKeys {
	const uses = new Map<string, Use>();
	return {
		begin(request) {
			if (request.key.length > KEY_LENGTH_MAX) {
				throw refusal(400, `Idempotency key is too long: at most ${KEY_LENGTH_MAX} characters.`);
			}
			const use = uses.get(request.key);
			if (!use) {
				uses.set(request.key, { request, answer: undefined });
				return undefined;
			}
			refuseOtherUse(use.request, request);
			if (use.answer) return use.answer;
			throw refusal(
				409,
				`There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${request.key}. Please try again later.`,
				'idempotency_key_in_use',
			);
		},
		end(key, answer) {
			const use = uses.get(key);
			if (use && answer) use.answer = answer;
			else uses.delete(key);
		},
		all: () => [...uses.values()],
		reset: () => uses.clear(),
	};
}

function refuseOtherUse(first: KeyedRequest, { key, path, params }: KeyedRequest): void {
	const advice = `Try using a key other than '${key}' if you meant to execute a different request.`;
	if (first.path !== path) {
		const rule = 'Keys for idempotent requests can only be used for the same endpoint they were first used for';
		throw refusal(400, `${rule} ('${path}' vs '${first.path}'). ${advice}`);
	}
	if (first.params !== params) {
		const rule = 'Keys for idempotent requests can only be used with the same parameters they were first used with.';
		throw refusal(400, `${rule} ${advice}`);
	}
}

function refusal(status: number, message: string, code?: string): StripeRefusal {
	return new StripeRefusal({ status, type: 'idempotency_error', message, code });
}
