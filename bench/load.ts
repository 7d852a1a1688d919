import autocannon from 'autocannon';
import { z } from 'zod';

/** As many as design §10 names. */
export const CONNECTIONS = 32;

const Result = z.object({
	duration: z.number(),
	'2xx': z.number(),
	non2xx: z.number(),
	errors: z.number(),
	timeouts: z.number(),
	latency: z.object({ p99: z.number() }),
});

export interface Target {
	readonly url: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent by POST; `[<id>]` in a header's value becomes another one with every request. */
	readonly body?: string;
}

export interface Load {
	readonly perSecond: number;
	readonly p99Ms: number;
	/** Answers that were no success, and connections that broke. */
	readonly failures: number;
}

/** Loads one address for `seconds`, from a thread of its own: this one serves Miniflare's logs meanwhile. */
async function measureLoad({ url, headers = {}, body }: Target, seconds: number): Promise<Load> {
	const result = Result.parse(
		await autocannon({
			url,
			method: body === undefined ? 'GET' : 'POST',
			headers,
			...(body === undefined ? {} : { body }),
			idReplacement: body !== undefined,
			connections: CONNECTIONS,
			duration: seconds,
			workers: 1,
		}),
	);
	return {
		perSecond: result['2xx'] / result.duration,
		p99Ms: result.latency.p99,
		failures: result.non2xx + result.errors + result.timeouts,
	};
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Loads every target in turn, `rounds` times over, so that a slow moment of the machine falls on all of them; the first
 * round only warms up. Answers means of the rates, the worst p99 and the sum of the failures.
 */
export async function loadInTurn<Name extends string>(
	targets: Readonly<Record<Name, Target>>,
	{ rounds, seconds }: { rounds: number; seconds: number },
): Promise<Map<Name, Load>> {
	const names = Object.keys(targets).filter((name): name is Name => Object.hasOwn(targets, name));
	const loads = new Map<Name, Load[]>(names.map((name) => [name, []]));
	for (const name of names) await measureLoad(targets[name], 1);
	for (let round = 0; round < rounds; round += 1) {
		for (const name of names) loads.get(name)?.push(await measureLoad(targets[name], seconds));
	}
	return new Map(
		names.map((name) => {
			const measured = loads.get(name) ?? [];
			return [
				name,
				{
					perSecond: mean(measured.map(({ perSecond }) => perSecond)),
					p99Ms: Math.max(...measured.map(({ p99Ms }) => p99Ms)),
					failures: measured.reduce((sum, { failures }) => sum + failures, 0),
				},
			];
		}),
	);
}

/** The load of one target by name; a name that was not loaded is a mistake of the caller's. */
export function loadOf<Name extends string>(loads: ReadonlyMap<Name, Load>, name: Name): Load {
	const load = loads.get(name);
	if (load === undefined) throw new Error(`Nothing was measured for ${name}.`);
	return load;
}
