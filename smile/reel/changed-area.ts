import type { Box } from '../picture';
import { cutReach } from './draw-frame';
import type { Format } from './reel';
import { cutOf, isSameMoment, type Moment } from './timeline';

/**
 * What differs between two frames of a reel at most, as whole pixels with even edges; null where nothing does. Between
 * two steps of a cut that is a strip: reading and converting the rest again would be half the time of an export.
 * `before` is null ahead of the first frame.
 */
export function changedArea(format: Format, before: Moment | null, now: Moment): Box | null {
	const all = { x: 0, y: 0, width: format.width, height: format.height };
	if (before === null) return all;
	if (isSameMoment(before, now)) return null;
	const hasCut = now.kind === 'wipe' || now.kind === 'sweep';
	if (!hasCut || before.kind !== now.kind || before.caption !== now.caption) return all;
	const cuts = [cutOf(before) * format.width, cutOf(now) * format.width];
	// One more on each side: a disc's edge is drawn softly.
	const reach = cutReach(format) + 1;
	const from = Math.max(0, evenBelow(Math.min(...cuts) - reach));
	const to = Math.min(format.width, evenBelow(Math.max(...cuts) + reach) + 2);
	return { x: from, y: 0, width: to - from, height: format.height };
}

function evenBelow(value: number): number {
	return 2 * Math.floor(value / 2);
}
