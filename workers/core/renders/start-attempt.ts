import { and, eq, inArray, sql } from 'drizzle-orm';

import { attempts, renders } from '../../../schema/renders';
import type { Stage } from '../../../studios/studio';
import type { JobDeps } from '../deps';
import { violates } from '../errors';
import { afterImageInput, motionInput } from '../gateways/fal-inputs';
import { KEEPING_HEADERS } from '../gateways/fal-keeping';
import { signGet } from '../media/sign-url';
import { isUnrestricted } from '../restriction/require-unrestricted';
import { signAttempt } from './attempt-token';
import { failAttempt, storeOutput } from './finish-attempt';
import type { LoadedWork } from './load-work';
import { noteHygiene, type SentHygiene } from './note-hygiene';
import { parseRenderInput } from './render-input';
import { smileEditOf } from './smile-edit';

/** Long enough for a processor's queue, short enough that a leaked address is soon worth nothing. */
const INPUT_URL_MINUTES = 15;

/**
 * Writes the intent, then speaks to the processor (J4: never before consent, hold and input were proved, which the
 * caller's `nextStep` did). Whoever loses the race for the row does nothing. `waiting`: an answer comes later.
 */
export async function startAttempt(
	deps: JobDeps,
	work: LoadedWork,
	plan: { stage: Stage; number: number },
): Promise<'waiting' | 'advanced'> {
	const { stage } = plan;
	const attemptId = `${work.render.id}.${stage.id}.${plan.number}`;
	const isMine = await writeIntent(deps, work, { attemptId, ...plan });
	if (!isMine) return 'waiting';
	switch (stage.processor) {
		case 'fal':
			return submitToFal(deps, work, stage, attemptId);
		case 'openai':
			return generateAtOpenAi(deps, work, stage, attemptId);
	}
}

async function writeIntent(
	{ db, now }: JobDeps,
	work: LoadedWork,
	plan: { attemptId: string; stage: Stage; number: number },
): Promise<boolean> {
	const nowMs = now().getTime();
	const { stage } = plan;
	// Restricted since it was loaded: no intent and so no call; its next step ends it.
	const isOpen = and(inArray(renders.state, ['queued', 'running']), isUnrestricted(work.render));
	try {
		const [written] = await db.batch([
			// From the render's own row while it is open: a render cancelled a moment ago gets no attempt any more.
			db
				.insert(attempts)
				.select(
					db
						.select({
							id: sql<string>`${plan.attemptId}`.as('id'),
							renderId: renders.id,
							stage: sql<string>`${stage.id}`.as('stage'),
							number: sql<number>`${plan.number}`.as('number'),
							state: sql<'intent'>`'intent'`.as('state'),
							processor: sql<Stage['processor']>`${stage.processor}`.as('processor'),
							endpoint: sql<string>`${stage.endpoint}`.as('endpoint'),
							requestId: sql<null>`null`.as('request_id'),
							failure: sql<null>`null`.as('failure'),
							createdAtMs: sql<number>`${nowMs}`.as('created_at_ms'),
							deadlineAtMs: sql<number>`${nowMs + stage.deadlineSeconds * 1000}`.as('deadline_at_ms'),
							finishedAtMs: sql<null>`null`.as('finished_at_ms'),
							forgottenAtMs: sql<null>`null`.as('forgotten_at_ms'),
							costMicros: sql<null>`null`.as('cost_micros'),
							hygiene: sql<null>`null`.as('hygiene'),
						})
						.from(renders)
						.where(and(eq(renders.id, work.render.id), isOpen)),
				)
				.returning({ id: attempts.id }),
			db
				.update(renders)
				.set({ state: 'running', stage: stage.id, startedAtMs: sql`coalesce(${renders.startedAtMs}, ${nowMs})` })
				.where(and(eq(renders.id, work.render.id), isOpen)),
		]);
		return written.length === 1;
	} catch (cause) {
		if (violates(cause, 'attempts.id')) return false;
		throw cause;
	}
}

async function submitToFal(
	deps: JobDeps,
	work: LoadedWork,
	stage: Stage,
	attemptId: string,
): Promise<'waiting' | 'advanced'> {
	const token = await signAttempt(deps.webhookTokenKey, attemptId);
	const expiresAtMs = inputEndsAtMs(deps, work);
	const sent = {
		inputUrlSeconds: Math.round((expiresAtMs - deps.now().getTime()) / 1000),
		headers: KEEPING_HEADERS,
	};
	const answer = await deps.fal.submit({
		endpoint: stage.endpoint,
		input: await falInput(deps, work, stage, expiresAtMs),
		webhookUrl: `${deps.appOrigin}/webhooks/fal/${token}`,
	});
	if (answer.kind === 'failed') {
		await failAttempt(deps, { attemptId, stage, sent }, answer);
		return 'advanced';
	}
	const requestId = answer.kind === 'accepted' ? answer.requestId : null;
	const [open] = await deps.db
		.update(attempts)
		.set({ state: requestId === null ? 'unknown' : 'submitted', requestId, hygiene: noteHygiene(sent) })
		.where(and(eq(attempts.id, attemptId), eq(attempts.state, 'intent')))
		.returning({ id: attempts.id });
	if (open === undefined && requestId !== null) await rememberForForgetting(deps, work, { attemptId, requestId, sent });
	return 'waiting';
}

/** The render ended while the submission was under way: what the processor took has to be forgotten there. */
async function rememberForForgetting(
	{ db, queue }: JobDeps,
	work: LoadedWork,
	{ attemptId, requestId, sent }: { attemptId: string; requestId: string; sent: SentHygiene },
): Promise<void> {
	await db.batch([
		db
			.update(attempts)
			.set({ requestId, hygiene: noteHygiene(sent) })
			.where(eq(attempts.id, attemptId)),
		db.update(renders).set({ forgottenAtMs: null }).where(eq(renders.id, work.render.id)),
	]);
	await queue.send({ type: 'render.forget', renderId: work.render.id });
}

async function generateAtOpenAi(
	deps: JobDeps,
	work: LoadedWork,
	stage: Stage,
	attemptId: string,
): Promise<'waiting' | 'advanced'> {
	const { input } = parseRenderInput(deps.studio, orderOf(work));
	const prompt = input.kind === 'prompt' ? input.prompt : '';
	const answer = await deps.pictures.generate({ model: stage.endpoint, prompt });
	if (answer.kind === 'done') await storeOutput(deps, work, stage, attemptId, answer.bytes);
	else if (answer.kind === 'failed') await failAttempt(deps, { attemptId, stage }, answer);
	else await failAttempt(deps, { attemptId, stage }, { code: 'no_answer', message: null, isRetryable: true });
	return 'advanced';
}

/** As it was placed. `nextStep` lets nothing begin of which that cannot be read. */
function orderOf({ render, input }: LoadedWork): { tool: string; input: Record<string, unknown> } {
	if (input === null) throw new Error('what was ordered cannot be read');
	return { tool: render.tool, input };
}

async function falInput(
	deps: JobDeps,
	work: LoadedWork,
	stage: Stage,
	expiresAtMs: number,
): Promise<Record<string, unknown>> {
	const { input } = parseRenderInput(deps.studio, orderOf(work));
	if (input.kind !== 'smile' || work.source === null) throw new Error(`stage ${stage.id} has no photo to work on`);
	const photoUrl = await signInput(deps, work.source, expiresAtMs);
	if (stage.output === 'image') {
		return afterImageInput({ photoUrl, prompt: smileEditOf(input).prompt });
	}
	const after = work.outputs.get('after_image');
	if (after === undefined) throw new Error(`stage ${stage.id} has no after picture to end on`);
	return motionInput({ beforeUrl: photoUrl, afterUrl: await signInput(deps, after, expiresAtMs) });
}

/** Never past the photo's own end (C2): a render placed late in a photo's day may be at work when that comes. */
function inputEndsAtMs(deps: JobDeps, { source }: LoadedWork): number {
	return Math.min(deps.now().getTime() + INPUT_URL_MINUTES * 60_000, source?.deleteAtMs ?? Infinity);
}

function signInput(
	deps: JobDeps,
	{ objectKey, contentType }: { objectKey: string; contentType: string },
	expiresAtMs: number,
): Promise<string> {
	return signGet(deps.urlSigningKey, {
		origin: deps.mediaOrigin,
		objectKey,
		contentType,
		purpose: 'processor',
		expiresAtMs,
	});
}
