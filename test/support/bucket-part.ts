/** A part of a bucket as a bucket of its own: what goes over everything in it meets nothing of other tests. */
export function bucketPart(bucket: R2Bucket, part: string = crypto.randomUUID()): R2Bucket {
	const within = (name: string) => `${part}/${name}`;
	const own: Partial<R2Bucket> = {
		get: (name: string) => bucket.get(within(name)),
		head: (name) => bucket.head(within(name)),
		put: ((name: string, text: string, options?: R2PutOptions) =>
			bucket.put(within(name), text, options)) as R2Bucket['put'],
		delete: (names) => bucket.delete([names].flat().map(within)),
		list: async (options) => {
			const page = await bucket.list({ ...options, prefix: within(options?.prefix ?? '') });
			const objects = page.objects.map(({ key, customMetadata }) => ({
				key: key.slice(part.length + 1),
				customMetadata,
			}));
			return { ...page, objects } as R2Objects;
		},
	};
	return own as R2Bucket;
}
