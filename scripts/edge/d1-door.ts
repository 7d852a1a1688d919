import type { D1Database } from '@cloudflare/workers-types';
import { z } from 'zod';

/*
 * D1 from outside of the Workers, a request a round trip. Miniflare's own stand-in of a binding asks three times for one statement,
 * to prepare, to bind and to run it, twice of them with the whole program standing still until the answer is there.
 */

export const DOOR = 'd1-door';

/** The Worker behind the door; it takes the database as `DB`. What D1 refuses is answered with D1's own words. */
export const DOOR_SCRIPT = `
	const valueOf = (param) => {
		if (param === null || typeof param !== 'object') return param;
		return param.bytes === undefined ? undefined : Uint8Array.from(param.bytes);
	};
	export default {
		async fetch(request, { DB }) {
			const { how, args, statements } = await request.json();
			try {
				const prepared = statements.map(({ sql, params }) => DB.prepare(sql).bind(...params.map(valueOf)));
				const value = how === 'batch' ? await DB.batch(prepared) : await prepared[0][how](...args);
				return Response.json({ value });
			} catch ({ name, message, cause }) {
				return Response.json({ error: { name, message, cause: cause === undefined ? null : String(cause.message) } });
			}
		},
	};
`;

type Knock = (body: string) => Promise<{ json(): Promise<unknown> }>;

const Answer = z.union([
	z.strictObject({ error: z.object({ name: z.string(), message: z.string(), cause: z.string().nullable() }) }),
	z.object({ value: z.unknown() }),
]);

/** JSON has no bytes, and leaves out what is undefined, which D1 refuses. */
function sendable(param: unknown): unknown {
	if (param === undefined || typeof param === 'function') return {};
	if (param instanceof ArrayBuffer) return { bytes: [...new Uint8Array(param)] };
	if (ArrayBuffer.isView(param)) {
		return { bytes: [...new Uint8Array(param.buffer, param.byteOffset, param.byteLength)] };
	}
	return param;
}

class Statement {
	readonly #door: Door;
	readonly sql: string;
	readonly params: readonly unknown[];

	constructor(door: Door, sql: string, params: readonly unknown[] = []) {
		this.#door = door;
		this.sql = sql;
		this.params = params;
	}

	bind(...params: unknown[]): Statement {
		return new Statement(this.#door, this.sql, params.map(sendable));
	}

	run(): Promise<unknown> {
		return this.#door.ask('run', [this]);
	}

	all(): Promise<unknown> {
		return this.#door.ask('all', [this]);
	}

	first(...args: unknown[]): Promise<unknown> {
		return this.#door.ask('first', [this], args);
	}

	raw(...args: unknown[]): Promise<unknown> {
		return this.#door.ask('raw', [this], args);
	}
}

class Door {
	readonly #knock: Knock;

	constructor(knock: Knock) {
		this.#knock = knock;
	}

	prepare(sql: string): Statement {
		return new Statement(this, sql);
	}

	batch(statements: readonly Statement[]): Promise<unknown> {
		return this.ask('batch', statements);
	}

	async ask(how: string, statements: readonly Statement[], args: readonly unknown[] = []): Promise<unknown> {
		const body = JSON.stringify({ how, args, statements: statements.map(({ sql, params }) => ({ sql, params })) });
		const answer = Answer.parse(await (await this.#knock(body)).json());
		if (!('error' in answer)) return answer.value;
		const { name, message, cause } = answer.error;
		throw Object.assign(new Error(message, cause === null ? {} : { cause: new Error(cause) }), { name });
	}
}

/** Speaks as D1 does, as far as drizzle, the migrations and the tests ask it to: prepare, bind, run, all, first, raw and batch. */
export function d1Through(knock: Knock): D1Database {
	// The rest of D1's interface nobody here asks for.
	return new Door(knock) as unknown as D1Database;
}
