import { eq } from 'drizzle-orm';

import { assets, attempts, renders } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { outputKeyOf } from './output-key';
import { isTerminal } from './render-state';

/**
 * Deletes the bytes of an ended render that no living asset names: left by a crash between storing and writing, or
 * stored by a consumer that was slower than the end (U1, E5). No asset arises once a render has ended, so what is
 * unnamed now stays so. An open render is left alone. Of one that was erased with all its rows only `storedKey` is known, which
 * whoever has just stored it tells: nothing names it, and nothing ever will, since an asset is written from its render's row.
 */
export async function removeOrphans(
	deps: Pick<JobDeps, 'db' | 'blobs' | 'urlSigningKey'>,
	{ renderId, storedKey = null }: { renderId: string; storedKey?: string | null },
): Promise<void> {
	const [heads, tries, made] = await deps.db.batch([
		deps.db.select().from(renders).where(eq(renders.id, renderId)),
		deps.db.select({ id: attempts.id }).from(attempts).where(eq(attempts.renderId, renderId)),
		deps.db
			.select({ objectKey: assets.objectKey, state: assets.state })
			.from(assets)
			.where(eq(assets.renderId, renderId)),
	]);
	const [render] = heads;
	if (render === undefined && storedKey !== null) await deps.blobs.delete([storedKey]);
	if (render === undefined || !isTerminal(render.state)) return;
	const named = new Set(made.filter(({ state }) => state !== 'deleted').map(({ objectKey }) => objectKey));
	const possible = await Promise.all(tries.map(({ id }) => outputKeyOf(deps, render.accountId, id)));
	const orphans = possible.filter((objectKey) => !named.has(objectKey));
	if (orphans.length > 0) await deps.blobs.delete(orphans);
}
