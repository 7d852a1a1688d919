import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;
/** A ceiling against hanging, below a test's own, so that what was waited for is said. */
const WAIT_MS_MAX = 120_000;

/** Looks again until there is something, and throws with `what` when there never is. */
export async function until<Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> {
	const deadline = Date.now() + WAIT_MS_MAX;
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
		await sleep(LOOK_EVERY_MS);
	}
}
