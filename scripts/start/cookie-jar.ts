/** The cookies of one client at one origin, as a browser keeps them: set by name, gone when their time is up. */
export class CookieJar {
	readonly #cookies = new Map<string, string>();

	/** As a request sends them; empty when there are none. */
	get header(): string {
		return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
	}

	keep(answer: Response): void {
		for (const line of answer.headers.getSetCookie()) {
			const [pair = '', ...attributes] = line.split(';');
			const at = pair.indexOf('=');
			const isOver = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
			if (isOver) this.#cookies.delete(pair.slice(0, at));
			else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
		}
	}

	clear(): void {
		this.#cookies.clear();
	}
}
