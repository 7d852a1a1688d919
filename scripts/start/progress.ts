import type { Writable } from 'node:stream';

export interface Step {
	id: string;
	title: string;
	/** How long it usually takes, which is how much of the bar it fills. */
	expectedSeconds: number;
}

export interface Progress {
	begin(id: string): void;
	/** 0 to 1 within the step. */
	update(id: string, fraction: number): void;
	end(id: string): void;
	/** Takes the bar away, so that other lines can follow. */
	stop(): void;
}

const BAR_CELLS = 24;
const COLUMNS_DEFAULT = 80;
const REPAINT_MILLISECONDS = 120;
const LINE_EVERY_FRACTION = 0.25;

type Screen = Writable & { isTTY?: boolean; columns?: number };

/**
 * The progress of a whole start: one bar that repaints on a terminal, one line a step elsewhere (a log file, a CI).
 */
export function createProgress(steps: readonly Step[], screen: Screen, now: () => number = Date.now): Progress {
	const done = new Map<string, number>();
	const startedAt = now();
	let current: { step: Step; startedAt: number; printed: number } | undefined;
	const total = steps.reduce((sum, step) => sum + step.expectedSeconds, 0);
	const stepOf = (id: string) => steps.find((step) => step.id === id);
	const overall = () => steps.reduce((sum, step) => sum + step.expectedSeconds * (done.get(step.id) ?? 0), 0) / total;
	const seconds = (since: number) => `${((now() - since) / 1000).toFixed(1)} s`;

	const paint = () => {
		if (current === undefined) return;
		const filled = Math.round(overall() * BAR_CELLS);
		const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
		const percent = `${Math.floor(overall() * 100)}`.padStart(3);
		// A terminal that does not know its width says 0.
		const columns = screen.columns === undefined || screen.columns === 0 ? COLUMNS_DEFAULT : screen.columns;
		const line = `${bar} ${percent} %  ${current.step.title} · ${seconds(startedAt)}`;
		screen.write(`\r\u001B[2K${line.slice(0, columns - 1)}`);
	};
	const timer = screen.isTTY === true ? setInterval(paint, REPAINT_MILLISECONDS) : undefined;

	return {
		begin(id) {
			const step = stepOf(id);
			if (step === undefined) return;
			current = { step, startedAt: now(), printed: 0 };
			if (screen.isTTY === true) paint();
			else screen.write(`${step.title} …\n`);
		},
		update(id, fraction) {
			done.set(id, Math.min(1, Math.max(fraction, done.get(id) ?? 0)));
			if (screen.isTTY === true || current?.step.id !== id) return;
			if (fraction - current.printed < LINE_EVERY_FRACTION || fraction >= 1) return;
			current.printed = fraction;
			screen.write(`${current.step.title} ${Math.floor(fraction * 100)} %\n`);
		},
		end(id) {
			done.set(id, 1);
			if (current?.step.id !== id) return;
			if (screen.isTTY === true) screen.write('\r\u001B[2K');
			screen.write(`✓ ${current.step.title} (${seconds(current.startedAt)})\n`);
			current = undefined;
		},
		stop() {
			clearInterval(timer);
			if (screen.isTTY === true && current !== undefined) screen.write('\r\u001B[2K');
			current = undefined;
		},
	};
}
