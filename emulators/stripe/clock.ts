/** The account's time, which a control moves forward. Seconds, as everywhere on this wire. */
export interface Clock {
	now(): number;
	/** It is `seconds` from now on, and time goes on from there. Refuses the past. */
	moveTo(seconds: number): void;
	/** It is exactly `seconds` while `work` runs. */
	during<T>(seconds: number, work: () => T): T;
	reset(): void;
}

function realSeconds(): number {
	return Math.floor(Date.now() / 1000);
}

export function createClock(): Clock {
	let aheadSeconds = 0;
	let held: number | undefined;
	const now = () => held ?? realSeconds() + aheadSeconds;
	return {
		now,
		moveTo(seconds) {
			if (seconds < now()) throw new RangeError('The clock goes forward only.');
			aheadSeconds = seconds - realSeconds();
		},
		during(seconds, work) {
			const before = held;
			held = seconds;
			try {
				return work();
			} finally {
				held = before;
			}
		},
		reset() {
			[aheadSeconds, held] = [0, undefined];
		},
	};
}
