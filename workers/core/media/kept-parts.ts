/** Collects what remains of a file as views: neighbours join, so an untouched file stays one part and nothing is copied. */
export class KeptParts {
	readonly #source: Uint8Array;
	readonly #parts: Uint8Array[] = [];
	#openStart = 0;
	#openEnd = 0;

	constructor(source: Uint8Array) {
		this.#source = source;
	}

	keep(start: number, end: number): void {
		if (start !== this.#openEnd) this.#close();
		if (this.#openStart === this.#openEnd) this.#openStart = start;
		this.#openEnd = end;
	}

	insert(bytes: Uint8Array): void {
		this.#close();
		this.#parts.push(bytes);
	}

	all(): readonly Uint8Array[] {
		this.#close();
		return this.#parts;
	}

	#close(): void {
		if (this.#openEnd > this.#openStart) this.#parts.push(this.#source.subarray(this.#openStart, this.#openEnd));
		this.#openStart = this.#openEnd;
	}
}
