import { and, eq, exists, ne, sql } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { uploads } from '../../../schema/uploads';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { Deps, ObjectFacts } from '../deps';
import { tellQueue } from '../tell-queue';
import { notDraft } from './create-paper-upload';
import type { UploadRow } from './read-upload';

/**
 * Makes a paper that has arrived the paper of its draft; one that it replaces is due for deletion at once, in the same batch. Refuses
 * (`conflict`) where the consent is no draft any more, with nothing changed. Null: another call was quicker.
 */
export async function completePaper(
	deps: Pick<Deps, 'db' | 'now' | 'queue'>,
	{ actor, upload, facts }: { actor: Actor; upload: UploadRow; facts: ObjectFacts },
): Promise<UploadRow | null> {
	const { db, now } = deps;
	const nowMs = now().getTime();
	const draft = db
		.select({ id: consents.id })
		.from(consents)
		.where(and(eq(consents.id, upload.consentId ?? ''), eq(consents.state, 'draft')));
	const may = sql`${exists(draft)} and ${hasStanding(deps, actor, 'consents:write')}`;
	// The same for all three: without it one of them might find what the others do not.
	const waits = sql`exists (select 1 from ${uploads} n where n.id = ${upload.id} and n.state = 'awaiting')`;
	const [, replaced, [ready]] = await db.batch([
		db
			.update(consents)
			.set({ paperUploadId: upload.id })
			.where(sql`${consents.id} in ${draft} and ${waits} and ${may}`),
		db
			.update(uploads)
			.set({ state: 'deleting', deleteAtMs: nowMs, deleteClock: 'request' })
			.where(
				and(
					sql`${uploads.consentId} in ${draft}`,
					eq(uploads.kind, 'paper'),
					eq(uploads.state, 'ready'),
					ne(uploads.id, upload.id),
					sql`${waits} and ${may}`,
				),
			)
			.returning({ id: uploads.id }),
		db
			.update(uploads)
			.set({ state: 'ready', ...measured(facts) })
			.where(and(eq(uploads.id, upload.id), eq(uploads.state, 'awaiting'), may))
			.returning(),
	]);
	for (const { id } of replaced) await tellQueue(deps, { type: 'upload.delete', uploadId: id });
	if (ready !== undefined) return ready;
	const refusal = await refusalOfStanding(deps, actor, 'consents:write');
	if (refusal !== null) throw refusal;
	const [still] = await draft;
	if (still === undefined) throw notDraft();
	return null;
}

/** A PDF has no pixels to count. */
function measured({ byteLength, width, height }: ObjectFacts) {
	return { byteLength, width: width === 0 ? null : width, height: height === 0 ? null : height };
}
