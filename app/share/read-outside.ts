import type { apiFor } from '../api';
import type { Outside } from './answers';

/** Links and posted copies of one order; null where they cannot be read now, which keeps nobody from the smile itself. */
export async function readOutside(api: ReturnType<typeof apiFor>, renderId: string): Promise<Outside | null> {
	try {
		const query = { renderId };
		const [shares, postings] = await Promise.all([api.v1.shares.$get({ query }), api.v1.postings.$get({ query })]);
		if (!shares.ok || !postings.ok) return null;
		return { shares: (await shares.json()).items, postings: (await postings.json()).items };
	} catch (error) {
		console.error({ event: 'outside_unread', error });
		return null;
	}
}
