/**
 * D1's errors after which the same call may simply be made again (developers.cloudflare.com/d1/observability/debug-d1).
 * Overload and resource limits are left out on purpose: hammering makes those worse.
 */
const TRANSIENT = [
	'reset because its code was updated',
	'Internal error while starting up D1 DB storage',
	'Network connection lost',
	'Internal error in D1 DB storage',
	'Cannot resolve D1 DB due to transient issue',
];

export const D1_TRIES_MAX = 5;
const DELAY_MS_FIRST = 25;
const DELAY_MS_MAX = 800;

export function isTransientD1Error(cause: unknown): boolean {
	for (let error: unknown = cause; error instanceof Error; error = error.cause) {
		const { message } = error;
		if (TRANSIENT.some((text) => message.includes(text))) return true;
	}
	return false;
}

/**
 * Runs `action` again after D1's transient errors, up to 5 times with growing, jittered pauses. Such an error may come
 * after the commit, so `action` has to be a read or a batch whose second run a constraint refuses.
 */
export async function withD1Retry<T>(
	action: () => Promise<T>,
	{ sleep = pause, jitter = Math.random }: { sleep?: (ms: number) => Promise<void>; jitter?: () => number } = {},
): Promise<T> {
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await action();
		} catch (cause) {
			if (attempt === D1_TRIES_MAX || !isTransientD1Error(cause)) throw cause;
			await sleep(Math.min(DELAY_MS_FIRST * 2 ** (attempt - 1), DELAY_MS_MAX) * (0.5 + jitter() / 2));
		}
	}
}

export function pause(ms: number): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, ms);
	});
}
