/** As much of R2 as the vault asks for, in memory: for what runs the Workers' code outside of workerd, where no bucket is. */
export function memoryBucket() {
	const objects = new Map<string, string>();
	return {
		get: async (name: string) => {
			const text = objects.get(name);
			return text === undefined ? null : { text: () => Promise.resolve(text) };
		},
		/** R2's: null, and nothing written, where `if-none-match: *` does not hold. */
		put: async (name: string, text: string, options?: { onlyIf?: Headers }) => {
			if (options?.onlyIf?.get('if-none-match') === '*' && objects.has(name)) return null;
			objects.set(name, text);
			return { key: name };
		},
		delete: async (names: string | string[]) => {
			for (const name of [names].flat()) objects.delete(name);
		},
		list: async ({ prefix, limit, cursor }: { prefix: string; limit: number; cursor?: string }) => {
			const names = [...objects.keys()].filter((name) => name.startsWith(prefix)).toSorted();
			const after = names.filter((name) => cursor === undefined || name > cursor);
			const page = after.slice(0, limit).map((key) => ({ key }));
			const last = page.at(-1)?.key;
			return after.length > page.length && last !== undefined
				? { objects: page, truncated: true as const, cursor: last }
				: { objects: page, truncated: false as const };
		},
	};
}
