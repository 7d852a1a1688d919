import { createHash, randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { Hono } from 'hono';
import { createFailNext, type Failure, failureSchema } from '../fail-next';

/** Passwords that the stand-in knows from the start, with how often they were seen. The real list has a thousand million. */
const FAMOUS = {
	password: 10_434_004,
	'123456': 42_542_807,
	qwerty: 10_713_794,
	iloveyou: 2_000_000,
	'password password': 1_200,
	passwordpassword: 21_000,
	password12345678: 3_300,
	'correct horse battery staple': 260,
	correcthorsebatterystaple: 4_100,
	'123456789012345': 320_000,
	'1234567890123456': 25_000,
	qwertyuiopasdfgh: 9_800,
	qwertyuiop123456: 2_700,
	aaaaaaaaaaaaaaa: 11_000,
	iloveyouiloveyou: 3_900,
} as const satisfies Record<string, number>;

/** How the range API fails: a 503, or no answer until the caller gives up or the stand-in stops. */
export const BREACHED_FAILURES = ['unavailable', 'hang'] as const;
export type BreachedFailure = (typeof BREACHED_FAILURES)[number];
export const BreachedFailureInput = failureSchema(BREACHED_FAILURES);

/** The hand on the range API, for tests and for `/control`. */
export interface BreachedControl {
	/** From now on this password has been seen so often; 1 when `count` is absent. */
	add(password: string, count?: number): void;
	failNext(failure: Failure<BreachedFailure>): void;
	/** What was asked, the oldest first: proof of how little leaves the caller. */
	requests(): { readonly prefix: string; readonly isPadded: boolean }[];
	/** Forgets what was added, asked and told. */
	reset(): void;
}

/** With padding an answer has so many lines, whatever is in it. */
const PADDED_LINES = { min: 800, max: 1000 } as const;
/** A range that has nothing of ours has these many passwords of nobody's, since no real range is empty. */
const FILLER_LINES = 20;
const SUFFIX_LENGTH = 35;

/** Stands for api.pwnedpasswords.com: SHA-1 ranges by the first five hex digits. */
export function createBreachedPasswords(stop: AbortSignal): { routes: Hono; control: BreachedControl } {
	const failures = createFailNext<BreachedFailure>();
	let known = famous();
	let asked: { prefix: string; isPadded: boolean }[] = [];
	const routes = new Hono().get('/range/:prefix', async (c) => {
		const prefix = c.req.param('prefix').toUpperCase();
		const isPadded = c.req.header('add-padding')?.toLowerCase() === 'true';
		if (!/^[0-9A-F]{5}$/.test(prefix)) return c.text('The hash prefix was not in a valid format', 400);
		asked.push({ prefix, isPadded });
		const failure = failures.take('unavailable', 'hang');
		if (failure === 'hang') await once(AbortSignal.any([stop, c.req.raw.signal]), 'abort');
		if (failure !== undefined) return c.text('Service Unavailable', 503);
		return c.text(rangeOf(prefix, known, isPadded).join('\r\n'));
	});
	const control: BreachedControl = {
		add: (password, count = 1) => known.set(sha1(password), count),
		failNext: (failure) => failures.add(failure),
		requests: () => [...asked],
		reset() {
			failures.reset();
			[known, asked] = [famous(), []];
		},
	};
	return { routes, control };
}

function famous(): Map<string, number> {
	return new Map(Object.entries(FAMOUS).map(([password, count]) => [sha1(password), count]));
}

/** The lines of one range, `SUFFIX:COUNT`, in the order of the suffixes. */
function rangeOf(prefix: string, known: ReadonlyMap<string, number>, isPadded: boolean): string[] {
	const ours = [...known].filter(([hash]) => hash.startsWith(prefix));
	const lines = ours.map(([hash, count]) => `${hash.slice(prefix.length)}:${count}`);
	for (let index = 0; index < FILLER_LINES; index++) {
		lines.push(`${sha1(`filler ${prefix} ${index}`).slice(0, SUFFIX_LENGTH)}:${index + 1}`);
	}
	const target = isPadded ? randomInt(PADDED_LINES.min, PADDED_LINES.max + 1) : lines.length;
	while (lines.length < target) {
		lines.push(`${randomBytes(20).toString('hex').toUpperCase().slice(0, SUFFIX_LENGTH)}:0`);
	}
	return lines.toSorted();
}

function sha1(words: string): string {
	return createHash('sha1').update(words).digest('hex').toUpperCase();
}
