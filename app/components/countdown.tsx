import type { ReactNode } from 'react';

import { leftUntil } from '../times';
import { useClock } from '../zone';

interface CountdownProps {
	/** ISO 8601, UTC. */
	readonly until: string;
	/** The whole span, in hours: the bar is full at its start. */
	readonly ofHours: number;
	/** A sentence with the clock time in it. */
	readonly children: ReactNode;
}

const HOUR_MINUTES = 60;

/** What is left in hours and minutes: written by the server, then turned each minute. */
export function Countdown({ until, ofHours, children }: CountdownProps) {
	const { nowMs } = useClock();
	const { hours, minutes, isDue } = leftUntil(until, nowMs);
	const share = Math.min(1, (hours * HOUR_MINUTES + minutes) / (ofHours * HOUR_MINUTES));
	return (
		<div className="countdown">
			<p className="n" role="timer">
				{isDue && <span className="due">being deleted</span>}
				{!isDue && hours > 0 && (
					<>
						{hours}
						<small>h</small>{' '}
					</>
				)}
				{!isDue && (
					<>
						{minutes}
						<small>min</small>
					</>
				)}
			</p>
			<div className="meter" aria-hidden="true">
				<i style={{ width: `${share * 100}%` }} />
			</div>
			<p className="soft">{children}</p>
		</div>
	);
}
