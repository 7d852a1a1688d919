/** How long before they end credits are said to end soon, on pages and by mail. */
export const ENDING_MS = 14 * 86_400_000;

/** Whether something of it can still be spent, and not for much longer. Times in milliseconds; null never ends. */
export function endsSoon(
	bucket: { remaining: number; held: number; expiresAtMs: number | null },
	nowMs: number,
): boolean {
	const { remaining, held, expiresAtMs } = bucket;
	return remaining > held && expiresAtMs !== null && expiresAtMs > nowMs && expiresAtMs <= nowMs + ENDING_MS;
}
