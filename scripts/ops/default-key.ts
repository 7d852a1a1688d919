import { createHash } from 'node:crypto';

/**
 * The key of a command that was given none: it follows from what is asked and from the day (UTC), so that the same command, sent
 * again because no answer came, is the same command. Who means it twice on one day names a key.
 */
export function defaultKey(asked: readonly (string | number | null)[], now: Date): string {
	const day = now.toISOString().slice(0, 10);
	const hash = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
	return `${day}.${hash.slice(0, 16)}`;
}
