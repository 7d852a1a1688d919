import { clockWords, dayWords, documentWords, isEnglish, isNearDay } from '../times';
import { useClock } from '../zone';

interface TimeProps {
	/** ISO 8601, UTC. */
	readonly at: string;
	/** `clock`: "14:07 tomorrow". `day`: "3 December". `on-day`: "on 3 December". `document`: "22 November 2026, 14:07:31". */
	readonly as?: 'clock' | 'day' | 'on-day' | 'document';
}

/** A time in the words of the browser's zone. The width stays: digits are tabular and the words rarely change. */
export function Time({ at, as = 'clock' }: TimeProps) {
	const clock = useClock();
	// Words of another language say so, for whoever has the page read aloud.
	const lang = isEnglish(clock.dates) ? undefined : clock.dates;
	if (as === 'document') {
		const { day, time } = documentWords(at, clock.zone, clock.dates);
		return (
			<time dateTime={at} lang={lang}>
				<span className="nb">{day},</span> <span className="nb">{time}</span>
			</time>
		);
	}
	return (
		<>
			{as === 'on-day' && !isNearDay(at, clock) && 'on '}
			<time dateTime={at} lang={lang} className="nb">
				{as === 'clock' ? clockWords(at, clock) : dayWords(at, clock)}
			</time>
		</>
	);
}
