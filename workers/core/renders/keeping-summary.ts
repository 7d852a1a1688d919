import { z } from 'zod';

import type { attempts } from '../../../schema/renders';
import type { AttemptHygiene } from '../../../studios/attempt-hygiene';

const StoredHygiene = z.object({
	inputUrlSeconds: z.number().nullable(),
	headers: z.record(z.string(), z.string()),
	copiedAtMs: z.number().nullable(),
	deletedAtMs: z.number().nullable(),
	seenGone: z.array(z.number()),
	verifiedAtMs: z.number().nullable(),
}) satisfies z.ZodType<AttemptHygiene>;

/** As it stands in an attempt's row; what cannot be read is as unknown as what was never noted, and keeps nothing from being deleted. */
export function readHygiene(stored: unknown): AttemptHygiene | null {
	return StoredHygiene.safeParse(stored).data ?? null;
}

/** What one processor was asked about keeping, and what was seen when its copies were looked for (N6): counts, times, no address. */
export interface ProcessorKeeping {
	name: string;
	/** Requests that were made of it, refused ones among them. */
	requests: number;
	/** The longest that an address of an input lived; null: none was sent, or it was not noted. */
	inputUrlSecondsMax: number | null;
	/** Requests that are known to have carried the wish that nothing be stored. */
	storageOff: number;
	/** Requests whose output was copied to our store. */
	copied: number;
	/** Requests whose stored payloads the processor said that it deleted, and when the last of them was. */
	payloadsDeleted: number;
	deletedAt: string | null;
	/** What addresses of outputs answered afterwards, each status once. */
	addressesSeen: { status: number; count: number }[];
	/** When the last copy was looked for. */
	verifiedAt: string | null;
}

type NotedAttempt = Pick<typeof attempts.$inferSelect, 'processor'> & { hygiene: unknown };

const NAMES: Readonly<Record<NotedAttempt['processor'], string>> = { fal: 'fal.ai', openai: 'OpenAI' };

/** Counted for each processor that was asked for something, in the order in which they were asked first. */
export function keepingOf(made: readonly NotedAttempt[]): ProcessorKeeping[] {
	const processors = [...new Set(made.map(({ processor }) => processor))];
	return processors.map((asked) => {
		const tries = made.filter(({ processor }) => processor === asked);
		const noted = tries.flatMap(({ hygiene }) => readHygiene(hygiene) ?? []);
		const seen = noted.flatMap(({ seenGone }) => seenGone);
		return {
			name: NAMES[asked],
			requests: tries.length,
			inputUrlSecondsMax: greatest(noted.map(({ inputUrlSeconds }) => inputUrlSeconds)),
			storageOff: noted.filter(({ headers }) => headers['x-fal-store-io'] === '0').length,
			copied: noted.filter(({ copiedAtMs }) => copiedAtMs !== null).length,
			payloadsDeleted: noted.filter(({ deletedAtMs }) => deletedAtMs !== null).length,
			deletedAt: toIso(greatest(noted.map(({ deletedAtMs }) => deletedAtMs))),
			addressesSeen: [...new Set(seen)].map((status) => ({
				status,
				count: seen.filter((other) => other === status).length,
			})),
			verifiedAt: toIso(greatest(noted.map(({ verifiedAtMs }) => verifiedAtMs))),
		};
	});
}

function greatest(values: readonly (number | null)[]): number | null {
	const known = values.filter((value) => value !== null);
	return known.length === 0 ? null : Math.max(...known);
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
