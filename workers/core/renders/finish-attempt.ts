import { and, eq, inArray, sql } from 'drizzle-orm';

import { assets, attempts, renders, webhookEvents } from '../../../schema/renders';
import type { Stage } from '../../../studios/studio';
import type { JobDeps } from '../deps';
import { AppError, violates } from '../errors';
import type { ProcessorFailure } from '../gateways/processor';
import { log } from '../log';
import { checkOutput } from '../media/check-output';
import { costOfFailure } from './attempt-cost';
import type { LoadedWork } from './load-work';
import { noteHygiene, type SentHygiene } from './note-hygiene';
import { outputKeyOf } from './output-key';
import { removeOrphans } from './remove-orphans';

const OPEN_STATES = ['intent', 'submitted', 'unknown'] as const;

interface FailedAttempt {
	attemptId: string;
	stage: Pick<Stage, 'processor' | 'costMicros'>;
	/** What the request asked about keeping, where it is refused before anybody noted that. */
	sent?: SentHygiene;
}

/** Ends an open attempt as failed; one that has ended already stays as it is. */
export async function failAttempt(
	{ db, now }: Pick<JobDeps, 'db' | 'now'>,
	{ attemptId, stage, sent }: FailedAttempt,
	failure: Pick<ProcessorFailure, 'code' | 'message' | 'isRetryable'>,
): Promise<void> {
	const { code, message, isRetryable } = failure;
	await db.batch([
		db
			.update(attempts)
			.set({
				state: 'failed',
				failure: JSON.stringify({ code, message, isRetryable }),
				finishedAtMs: now().getTime(),
				costMicros: costOfFailure(stage, failure),
				...(sent === undefined ? {} : { hygiene: noteHygiene(sent) }),
			})
			.where(and(eq(attempts.id, attemptId), inArray(attempts.state, [...OPEN_STATES]))),
		db.update(webhookEvents).set({ payload: null }).where(eq(webhookEvents.attemptId, attemptId)),
	]);
	log('stage_failed', { attemptId, code, isRetryable });
}

/**
 * Proves what came back to be what was asked for, stores it, and writes asset and attempt in one batch. An output of
 * the wrong kind fails the attempt. When the render ended meanwhile, or was erased and its receipt signed, nothing is written and
 * bytes that no asset names go again at once; what a crash leaves there, the walk over the store finds (`removeUnnamed`).
 */
export async function storeOutput(
	deps: JobDeps,
	work: LoadedWork,
	stage: Stage,
	attemptId: string,
	bytes: Uint8Array,
): Promise<void> {
	let facts: ReturnType<typeof checkOutput>;
	try {
		facts = checkOutput(bytes, stage.output);
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		await failAttempt(deps, { attemptId, stage }, { code: 'output_not_usable', message: null, isRetryable: true });
		return;
	}
	const objectKey = await outputKeyOf(deps, work.render.accountId, attemptId);
	await deps.blobs.put(objectKey, bytes, facts);
	const isStored = await writeAsset(deps, work, {
		stage,
		attemptId,
		objectKey,
		contentType: facts.contentType,
		byteLength: bytes.byteLength,
		width: facts.width,
		height: facts.height,
		durationMs: 'durationMs' in facts ? facts.durationMs : null,
	});
	// While the render is there, never this key by itself: another consumer of the same answer may have stored it, ended it, and shown it.
	if (!isStored) await removeOrphans(deps, { renderId: work.render.id, storedKey: objectKey });
}

interface Output {
	stage: Stage;
	attemptId: string;
	objectKey: string;
	contentType: string;
	byteLength: number;
	width: number;
	height: number;
	durationMs: number | null;
}

async function writeAsset({ db, now, newId }: JobDeps, work: LoadedWork, output: Output): Promise<boolean> {
	const nowMs = now().getTime();
	const { stage } = output;
	const isOpen = and(eq(renders.id, work.render.id), inArray(renders.state, ['queued', 'running']));
	try {
		const [written] = await db.batch([
			db
				.insert(assets)
				.select(
					db
						.select({
							id: sql<string>`${newId('asset')}`.as('id'),
							accountId: renders.accountId,
							renderId: renders.id,
							stage: sql<string>`${stage.id}`.as('stage'),
							kind: sql<Stage['asset']>`${stage.asset}`.as('kind'),
							assetClass: sql<Stage['assetClass']>`${stage.assetClass}`.as('asset_class'),
							// A stage makes one thing; only what is put together of several is of classes.
							madeOf: sql<null>`null`.as('made_of'),
							state: sql<'pending'>`'pending'`.as('state'),
							attestedBy: sql<null>`null`.as('attested_by'),
							putExpiresAtMs: sql<null>`null`.as('put_expires_at_ms'),
							objectKey: sql<string>`${output.objectKey}`.as('object_key'),
							contentType: sql<string>`${output.contentType}`.as('content_type'),
							byteLength: sql<number>`${output.byteLength}`.as('byte_length'),
							width: sql<number>`${output.width}`.as('width'),
							height: sql<number>`${output.height}`.as('height'),
							durationMs: sql<number | null>`${output.durationMs}`.as('duration_ms'),
							createdAtMs: sql<number>`${nowMs}`.as('created_at_ms'),
							deletedAtMs: sql<null>`null`.as('deleted_at_ms'),
							triedAtMs: sql<number>`0`.as('tried_at_ms'),
							receiptId: sql<string>`${newId('receipt')}`.as('receipt_id'),
						})
						.from(renders)
						.where(isOpen),
				)
				.returning({ id: assets.id }),
			db
				.update(attempts)
				.set({
					state: 'done',
					finishedAtMs: nowMs,
					costMicros: stage.costMicros,
					hygiene: noteHygiene({ copiedAtMs: nowMs }),
				})
				.where(and(eq(attempts.id, output.attemptId), inArray(attempts.state, [...OPEN_STATES]))),
			db.update(webhookEvents).set({ payload: null }).where(eq(webhookEvents.attemptId, output.attemptId)),
		]);
		return written.length === 1;
	} catch (cause) {
		// A second delivery of the same answer: the first one's row has this very key, so the bytes are its own and stay.
		if (violates(cause, 'assets.object_key') || violates(cause, 'assets.render_id')) return true;
		throw cause;
	}
}
