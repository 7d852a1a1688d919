/** "second 41 of about 70"; before it started, and where the clocks disagree, how long it usually takes. */
export function secondsWords(
	stage: { readonly startedAt: string | null; readonly expectedSeconds: number },
	nowMs: number | null,
): string {
	const usual = `about ${Math.round(stage.expectedSeconds)} s`;
	if (stage.startedAt === null || nowMs === null) return usual;
	const second = Math.floor((nowMs - Date.parse(stage.startedAt)) / 1000);
	const isPlausible = second >= 0 && second < stage.expectedSeconds * LATE_FACTOR;
	return isPlausible ? `second ${second} of about ${Math.round(stage.expectedSeconds)}` : usual;
}

// Past this the two clocks disagree, or the stage is lost and its deadline will say so.
const LATE_FACTOR = 10;
