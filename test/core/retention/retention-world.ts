import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';

import { receipts } from '../../../schema/receipts';
import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import type { Actor } from '../../../workers/core/actor';
import type { BlobStore, JobDeps } from '../../../workers/core/deps';
import type { FalGateway } from '../../../workers/core/gateways/fal';
import { blobStore } from '../../../workers/core/job-deps';
import { newObjectKey } from '../../../workers/core/media/object-keys';
import { freshDeps, type TestDeps } from '../../support/deps';
import { fakeStripe } from '../../support/fake-stripe';
import { givenConsent } from '../../support/given-consent';
import { testReceiptKey } from '../../support/receipt-key';

export const HOUR_MS = 3_600_000;
const PUT_MS = 600_000;

export type RetentionWorld = TestDeps & JobDeps;

function unused(): Promise<never> {
	return Promise.reject(new Error('nothing is rendered here'));
}

/** Jobs over the pool's own D1 and R2; `fal` answers as told and counts. Nothing is submitted in these tests. */
export async function retentionWorld(
	told: { d1?: D1Database; blobs?: (real: BlobStore) => BlobStore; forget?: FalGateway['forget'] } = {},
): Promise<RetentionWorld> {
	const real = blobStore(env.MEDIA);
	const deps = freshDeps(told.d1 === undefined ? {} : { d1: told.d1 });
	return {
		...deps,
		blobs: told.blobs?.(real) ?? real,
		fal: {
			submit: unused,
			result: unused,
			fetchOutput: unused,
			cancel: () => Promise.resolve(),
			forget: told.forget ?? (() => Promise.resolve({ kind: 'gone', seen: [] })),
		},
		pictures: { generate: unused },
		meta: null,
		errorReports: null,
		mailer: { send: unused },
		stripe: fakeStripe(deps.studio, deps),
		mailFrom: 'Dental Diffusion <hello@practice.test>',
		webhookTokenKey: 'a token key of the tests, 32 characters or more',
		receiptKey: await testReceiptKey(),
	};
}

/** A photo that arrived, with its bytes in the store, due `dueInMs` from now. */
export async function givenPhoto(
	deps: RetentionWorld,
	actor: Actor,
	photo: { dueInMs?: number; state?: 'awaiting' | 'ready'; hasBytes?: boolean } = {},
): Promise<typeof uploads.$inferSelect> {
	const { dueInMs = 24 * HOUR_MS, state = 'ready', hasBytes: isStored = true } = photo;
	const consent = await givenConsent(deps, actor);
	const nowMs = deps.now().getTime();
	const [row] = await deps.db
		.insert(uploads)
		.values({
			id: deps.newId('upload'),
			accountId: actor.accountId,
			subjectId: consent.subjectId,
			consentId: consent.id,
			kind: 'source',
			state,
			objectKey: newObjectKey('src', actor.accountId),
			contentType: 'image/jpeg',
			declaredBytes: 3,
			byteLength: state === 'ready' ? 3 : null,
			createdAtMs: nowMs,
			putExpiresAtMs: nowMs + PUT_MS,
			deleteAtMs: nowMs + dueInMs,
			deleteClock: 'creation',
			receiptId: deps.newId('receipt'),
		})
		.returning();
	if (row === undefined) throw new Error('the photo was not stored');
	if (isStored) await putBytes(row.objectKey);
	return row;
}

export async function putBytes(objectKey: string): Promise<void> {
	await env.MEDIA.put(objectKey, new Uint8Array([1, 2, 3]));
}

export async function hasBytes(objectKey: string): Promise<boolean> {
	return (await env.MEDIA.head(objectKey)) !== null;
}

export async function photoRow(deps: RetentionWorld, uploadId: string) {
	const [row] = await deps.db.select().from(uploads).where(eq(uploads.id, uploadId));
	return row;
}

export function receiptsOf(deps: RetentionWorld, actor: Actor) {
	return deps.db.select().from(receipts).where(eq(receipts.accountId, actor.accountId));
}

/** A render of the photo that has ended and whose processor was not asked to forget yet. */
export async function givenEndedRender(deps: RetentionWorld, actor: Actor, uploadId: string): Promise<string> {
	const id = deps.newId('render');
	const nowMs = deps.now().getTime();
	await deps.db.insert(renders).values({
		id,
		accountId: actor.accountId,
		requestedBy: actor.userId,
		tool: 'smile.video',
		input: '{}',
		uploadId,
		state: 'failed',
		creditsHeld: 24,
		createdAtMs: nowMs,
		finishedAtMs: nowMs,
		deadlineAtMs: nowMs + HOUR_MS,
	});
	return id;
}
