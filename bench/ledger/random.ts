/** Random numbers that a seed repeats: the same seed, the same commands and the same faults. */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** From 0 to below 1. Mulberry32: small, quick and even enough for choosing commands. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** A whole number from 0 to below `end`. */
	below(end: number): number {
		return Math.floor(this.next() * end);
	}

	between(first: number, last: number): number {
		return first + this.below(last - first + 1);
	}

	isOneIn(count: number): boolean {
		return this.below(count) === 0;
	}

	pick<T>(values: readonly T[]): T {
		const value = values[this.below(values.length)];
		if (value === undefined) throw new RangeError('There is nothing to pick from.');
		return value;
	}

	/** By weight. */
	weighted<Name extends string>(weights: readonly (readonly [Name, number])[]): Name {
		let left = this.next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
		for (const [name, weight] of weights) {
			left -= weight;
			if (left < 0) return name;
		}
		throw new RangeError('There is nothing to pick from.');
	}
}
