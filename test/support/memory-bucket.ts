interface Stored {
	text: string;
	etag: string;
	customMetadata: Record<string, string> | undefined;
}

interface PutOptions {
	onlyIf?: { etagDoesNotMatch: '*' } | { etagMatches: string };
	customMetadata?: Record<string, string>;
}

/** As much of R2 as the vault asks for, in memory: for what runs the Workers' code outside of workerd, where no bucket is. */
export function memoryBucket() {
	const objects = new Map<string, Stored>();
	const mayPut = (name: string, onlyIf: PutOptions['onlyIf']) => {
		if (onlyIf === undefined) return true;
		return 'etagMatches' in onlyIf ? objects.get(name)?.etag === onlyIf.etagMatches : !objects.has(name);
	};
	return {
		get: async (name: string) => {
			const found = objects.get(name);
			return found === undefined ? null : { etag: found.etag, text: () => Promise.resolve(found.text) };
		},
		/** R2's: null, and nothing written, where the condition does not hold. */
		put: async (name: string, text: string, { onlyIf, customMetadata }: PutOptions = {}) => {
			if (!mayPut(name, onlyIf)) return null;
			objects.set(name, { text, etag: crypto.randomUUID(), customMetadata });
			return { key: name };
		},
		delete: async (names: string | string[]) => {
			for (const name of [names].flat()) objects.delete(name);
		},
		list: async ({ prefix, limit, cursor }: { prefix: string; limit: number; cursor?: string }) => {
			const names = [...objects.keys()].filter((name) => name.startsWith(prefix)).toSorted();
			const after = names.filter((name) => cursor === undefined || name > cursor);
			const page = after.slice(0, limit).map((key) => ({ key, customMetadata: objects.get(key)?.customMetadata }));
			const last = page.at(-1)?.key;
			return after.length > page.length && last !== undefined
				? { objects: page, truncated: true as const, cursor: last }
				: { objects: page, truncated: false as const };
		},
	};
}
