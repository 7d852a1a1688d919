import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';

import { accounts } from '../../../schema/accounts';
import { consents, subjects } from '../../../schema/consents';
import { assets, attempts, renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { toolOf } from '../../../studios/studio';
import { consentStateAt } from '../consents/consent-elements';
import type { Deps } from '../deps';
import { isServable } from '../uploads/upload-state';
import type { RenderWork } from './next-step';
import { isTerminal } from './render-state';
import { openInput } from './stored-input';

const Failure = z.object({ code: z.string(), message: z.string().nullable(), isRetryable: z.boolean() });

export interface LoadedWork extends RenderWork {
	render: typeof renders.$inferSelect;
	/** What was ordered; null once it was erased, and for a render that has ended. */
	input: Record<string, unknown> | null;
	source: { objectKey: string; contentType: string; deleteAtMs: number } | null;
	/** By stage. */
	outputs: ReadonlyMap<string, { objectKey: string; contentType: string }>;
	requestIds: ReadonlyMap<string, string | null>;
}

/** Everything the next step depends on, as stored now; null for an id that names nothing. */
export async function loadWork(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'vault'>,
	renderId: string,
): Promise<LoadedWork | null> {
	const { db, now, studio } = deps;
	// Not in the batch: D1 hands a batch's rows over by column name, and a join has names twice.
	const [head] = await db
		.select({
			render: renders,
			upload: uploads,
			consent: { state: consents.state, expiresAtMs: consents.expiresAtMs },
			restrictedAtMs: sql<number | null>`coalesce(${accounts.restrictedAtMs}, ${subjects.restrictedAtMs})`,
		})
		.from(renders)
		.innerJoin(accounts, eq(accounts.id, renders.accountId))
		.leftJoin(subjects, eq(subjects.id, renders.subjectId))
		.leftJoin(uploads, eq(uploads.id, renders.uploadId))
		.leftJoin(consents, eq(consents.id, renders.consentId))
		.where(eq(renders.id, renderId));
	if (head === undefined) return null;
	const [tries, made] = await db.batch([
		db.select().from(attempts).where(eq(attempts.renderId, renderId)),
		db.select().from(assets).where(eq(assets.renderId, renderId)),
	]);
	const { render, upload, consent, restrictedAtMs } = head;
	const nowMs = now().getTime();
	const isSourceThere = upload !== null && isServable(upload, nowMs);
	const input = isTerminal(render.state) ? null : await openInput(deps, render);
	return {
		render,
		input,
		isInputThere: input !== null,
		state: render.state,
		deadlineAtMs: render.deadlineAtMs,
		tool: toolOf(studio, render.tool),
		attempts: tries.map((row) => ({ ...row, failure: parseFailure(row.failure) })),
		finishedStages: new Set(made.map(({ stage }) => stage)),
		isSourceThere,
		isConsentValid: consent !== null && consentStateAt(consent.state, consent.expiresAtMs, nowMs) === 'active',
		isConsentRevoked: consent?.state === 'revoked',
		isRestricted: restrictedAtMs !== null,
		source: isSourceThere
			? { objectKey: upload.objectKey, contentType: upload.contentType, deleteAtMs: upload.deleteAtMs }
			: null,
		outputs: new Map(made.map((row) => [row.stage, { objectKey: row.objectKey, contentType: row.contentType }])),
		requestIds: new Map(tries.map((row) => [row.id, row.requestId])),
	};
}

export function parseFailure(json: string | null): z.infer<typeof Failure> | null {
	return json === null ? null : Failure.parse(JSON.parse(json));
}
