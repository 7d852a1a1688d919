import { env } from 'cloudflare:workers';
import { asc, eq } from 'drizzle-orm';

import { assets, attempts, renderOutcomes, renders, webhookEvents } from '../../schema/renders';
import { uploads } from '../../schema/uploads';
import type { Actor } from '../../workers/core/actor';
import type { BlobStore, Deps, JobDeps } from '../../workers/core/deps';
import type { PictureGateway } from '../../workers/core/gateways/openai';
import type { ProcessorFailure } from '../../workers/core/gateways/processor';
import { blobStore } from '../../workers/core/job-deps';
import { newObjectKey } from '../../workers/core/media/object-keys';
import { readAttemptToken } from '../../workers/core/renders/attempt-token';
import { recordFalNotice } from '../../workers/core/renders/record-webhook';
import { startRender, type StartedRender } from '../../workers/core/renders/start-render';
import { handleMessage } from '../../workers/jobs/handle-message';
import { freshDeps, type TestDeps } from './deps';
import { fakeFal, type FakeFal, type FakeRequest } from './fake-fal';
import { fakeStripe, type FakeStripe } from './fake-stripe';
import { givenAccount } from './given';
import { givenConsent } from './given-consent';
import { testReceiptKey } from './receipt-key';

const HOUR_MS = 3_600_000;

export type RenderWorld = TestDeps & JobDeps & { fal: FakeFal; stripe: FakeStripe };

/** Jobs over the pool's own D1 and R2, with a processor that does what the test says. */
export async function renderWorld(
	told: Partial<Omit<Deps, 'vault'>> & { d1?: D1Database; blobs?: BlobStore; pictures?: PictureGateway } = {},
): Promise<RenderWorld> {
	const { blobs, pictures, ...rest } = told;
	const deps = freshDeps(rest);
	return {
		...deps,
		blobs: blobs ?? blobStore(env.MEDIA),
		fal: fakeFal(),
		pictures: pictures ?? { generate: () => Promise.reject(new Error('no picture was asked for')) },
		meta: null,
		errorReports: null,
		mailer: { send: () => Promise.reject(new Error('nothing was to be mailed')) },
		stripe: fakeStripe(deps.studio, deps),
		mailFrom: 'Dental Diffusion <hello@practice.test>',
		webhookTokenKey: 'a token key of the tests, 32 characters or more',
		receiptKey: await testReceiptKey(),
	};
}

/** A photo that arrived under an active consent, due a day after it came. */
export async function givenReadyUpload(
	deps: Pick<RenderWorld, 'db' | 'now' | 'newId' | 'studio' | 'vault' | 'lookupKey'>,
	actor: Actor,
	changed: Partial<typeof uploads.$inferInsert> = {},
): Promise<typeof uploads.$inferSelect> {
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
			state: 'ready',
			objectKey: newObjectKey('src', actor.accountId),
			contentType: 'image/jpeg',
			declaredBytes: 3,
			byteLength: 3,
			width: 1200,
			height: 1600,
			createdAtMs: nowMs,
			putExpiresAtMs: nowMs + HOUR_MS / 6,
			deleteAtMs: nowMs + 24 * HOUR_MS,
			deleteClock: 'creation',
			receiptId: deps.newId('receipt'),
			...changed,
		})
		.returning();
	if (row === undefined) throw new Error('the photo was not stored');
	await env.MEDIA.put(row.objectKey, new Uint8Array([1, 2, 3]));
	return row;
}

export function smileOrder(actor: Actor, uploadId: string, key: string = crypto.randomUUID()) {
	const input = { uploadId, treatment: 'whitening', fromShade: 'A3', toShade: 'A1' };
	return { actor, network: null, key, tool: 'smile.video', input };
}

/** An account with 60 credits, its photo, and a smile video just ordered. */
export async function givenRender(deps: RenderWorld) {
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	const render: StartedRender = await startRender(deps, smileOrder(actor, upload.id));
	return { actor, upload, render, renderId: render.id };
}

/** Handles what lies in the queue, and what that puts there, until it is empty. What throws goes to the caller. */
export async function deliver(deps: RenderWorld): Promise<void> {
	for (let next = deps.sent.shift(); next !== undefined; next = deps.sent.shift())
		await handleMessage(deps, next.message);
}

/** fal's webhook about a request, verified and recorded; the queue is told and nothing delivered yet. */
export async function notify(
	deps: RenderWorld,
	request: FakeRequest,
	told: { status?: 'OK' | 'ERROR'; payload?: unknown } = {},
): Promise<void> {
	const attemptId = await readAttemptToken(deps.webhookTokenKey, request.webhookUrl.split('/').at(-1) ?? '');
	const { status = request.answer?.kind === 'failed' ? 'ERROR' : 'OK' } = told;
	const payload = 'payload' in told ? told.payload : payloadOf(request);
	const notice = { requestId: request.id, status, payload: payload == null ? null : JSON.stringify(payload) };
	await recordFalNotice(deps, { attemptId, notice });
}

function payloadOf({ answer, endpoint }: FakeRequest): unknown {
	if (answer === null) return null;
	if (answer.kind === 'done') {
		const file = { url: answer.outputUrl };
		return endpoint.includes('transition') ? { video: file } : { images: [file] };
	}
	if (answer.message === null) return { detail: 'trouble', error_type: answer.code };
	return { detail: [{ loc: ['body'], msg: answer.message, type: answer.code }] };
}

/** Ends the request that was submitted last and lets the product hear of it. */
export async function finishStage(deps: RenderWorld, answer?: ProcessorFailure): Promise<void> {
	const request = deps.fal.last();
	deps.fal.finish(request, answer);
	await notify(deps, request);
	await deliver(deps);
}

/** Every stored row of a render. */
export async function rowsOf({ db }: Pick<Deps, 'db'>, renderId: string) {
	const [render] = await db.select().from(renders).where(eq(renders.id, renderId));
	if (render === undefined) throw new Error(`no render ${renderId}`);
	const tries = await db.select().from(attempts).where(eq(attempts.renderId, renderId)).orderBy(asc(attempts.id));
	const made = await db.select().from(assets).where(eq(assets.renderId, renderId)).orderBy(asc(assets.stage));
	const outcomes = await db.select().from(renderOutcomes).where(eq(renderOutcomes.renderId, renderId));
	const events = (await db.select().from(webhookEvents)).filter(({ attemptId }) => attemptId.startsWith(renderId));
	const [upload] =
		render.uploadId === null ? [] : await db.select().from(uploads).where(eq(uploads.id, render.uploadId));
	return { render, attempts: tries, assets: made, outcomes, events, upload };
}

/** The keys of all bytes that renders of an account left in the store. */
export async function storedOutputs(accountId: string): Promise<string[]> {
	const { objects } = await env.MEDIA.list({ prefix: `out/${accountId}/` });
	return objects.map(({ key }) => key).toSorted();
}
