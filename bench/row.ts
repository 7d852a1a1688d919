/** One line of the table that `npm run bench` prints. */
export interface Row {
	readonly what: string;
	readonly figure: number;
	readonly unit: string;
	/** What the figure is held against, measured in the same run. */
	readonly comparedWith?: string;
	/** Figure by that reference. */
	readonly ratio?: number;
	readonly budget?: { readonly text: string; readonly isMet: boolean };
	/** Counted, not measured: every figure of it counts. */
	readonly whole?: boolean;
	/** A budget that is no matter of time or machine: missing it fails the run. */
	readonly isRule?: boolean;
}

/** What was asked for on the command line, as far as a bench heeds it. */
export interface Asked {
	readonly ops?: number;
	readonly seed?: number;
	readonly over?: 'sqlite' | 'd1';
	readonly seconds?: number;
}

/** What a file of `bench/` exports as `run`: it starts and stops whatever it needs, on loopback alone. */
export type Run = (asked: Asked) => Promise<Row[]>;

export function atMost(max: number, value: number, unit = ''): NonNullable<Row['budget']> {
	return { text: `≤ ${max}${unit}`, isMet: value <= max };
}

/** The value below which `part` (0 to 1) of `values` lie, by the nearest rank. */
export function quantile(values: readonly number[], part: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
	if (value === undefined) throw new RangeError('A quantile needs at least one value.');
	return value;
}
