import { and, eq, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { consents, subjects } from '../../../schema/consents';
import { idempotencyKeys } from '../../../schema/credits';
import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { restartsWithRender, retentionMs } from '../../../studios/policy/policy';
import type { Tool } from '../../../studios/studio';
import { accountIdUnder, isOverCap } from '../accounts/open-cap';
import { refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { ConsentState } from '../consents/consent-elements';
import { requireValidConsent } from '../consents/require-consent';
import { readBalance } from '../credits/read-balance';
import { holdStatements, refusalOfLedger } from '../credits/statements';
import type { AccessDeps, Deps } from '../deps';
import { AppError, notFound, violates, violatesReference } from '../errors';
import { limitStatements, type Limit } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { toCredits } from '../money';
import { hasAccepted, refusalOfPolicy } from '../policy/accept-policy';
import { tellQueue } from '../tell-queue';
import { isServable } from '../uploads/upload-state';
import { isUnrestricted, refusalOfRestriction, restricted } from '../restriction/require-unrestricted';
import { requireWithinPrice } from './price-limit';
import { type ParsedOrder, parseRenderInput, type RenderInput } from './render-input';
import { isTerminal, type RenderState } from './render-state';
import { sealInput } from './stored-input';

const MINUTE_MS = 60_000;
export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;

/**
 * Renders of an account that may be open at once. Each costs money at a processor, also one that is cancelled, so credits
 * that come back must not pay for any number of them at a time.
 */
export const OPEN_RENDERS_MAX = 5;

export interface StartedRender {
	id: string;
	/** As stored: an order that is repeated late answers what became of it. */
	state: RenderState;
	held: number;
	/** False when the same order was already placed under this key. */
	isNew: boolean;
}

interface Source {
	uploadId: string;
	subjectId: string | null;
}

type NewRender = typeof renders.$inferInsert;

/**
 * Places an order: credits held, row written, key remembered, in one batch; then the queue is told. The same key with
 * the same order answers the first render, with another order `idempotency_conflict` (L4). Refused with nothing written:
 * unknown tool, restricted processing (Art. 18), a price above the order's own limit, foreign or vanished photo, consent that does
 * not hold, too many open renders,
 * a policy that was not accepted, too few credits, more orders than the studio's rate.
 */
export async function startRender(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'queue' | 'lookupKey' | 'vault'>,
	order: {
		actor: Actor;
		network: string | null;
		key: string;
		tool: string;
		input: Record<string, unknown>;
		/** No more than so many credits; absent: whatever it costs. */
		creditsMax?: number | undefined;
	},
): Promise<StartedRender> {
	const parsed = parseRenderInput(deps.studio, order);
	const { tool, input } = parsed;
	const requestHash = await hashOrder(parsed);
	const nowMs = deps.now().getTime();
	const [known, source] = await readBasis(deps, order, input);
	if (known !== undefined) return answerKnown(known, requestHash);
	if (source?.isRestricted === true) throw restricted();
	// The limit is no part of the order's hash and stands behind the key: what was ordered at a price that was allowed then is
	// answered also when it comes again after the price rose, with the same limit or another.
	requireWithinPrice(tool.credits, order.creditsMax);
	const basis = requireSource(source, tool, input, deps, nowMs);

	const renderId = deps.newId('render');
	const worked = { accountId: order.actor.accountId, subjectId: basis?.subjectId ?? null };
	const sealed = await sealInput(deps, { ...worked, input: parsed.stored });
	const limits: Limit[] = [
		{ what: 'order', by: 'account', value: order.actor.accountId },
		{ what: 'order', by: 'network', value: order.network },
	];
	try {
		await deps.db.batch([
			...orderStatements(deps, { order, parsed, sealed, requestHash, renderId, basis, nowMs }),
			// Last, so that the same order once more is told by its key, and not counted as another.
			...limitStatements(deps, limits),
		]);
	} catch (cause) {
		const isCapped = isOverCap(cause, 'renders');
		if (isCapped || violates(cause, 'idempotency_keys')) {
			// The same order may have come at the same time and be the last that there was room for.
			const [winner] = await selectKey(deps.db, order);
			if (winner !== undefined) return answerKnown(winner, requestHash);
			if (!isCapped) throw new AppError('conflict', PLACING);
			const refusal = await refusalOfStanding(deps, order.actor, 'renders:write');
			throw (
				refusal ??
				(await refusalOfRestriction(deps, worked)) ??
				(await refusalOfPolicy(deps, order.actor)) ??
				tooMany(cause)
			);
		}
		if (violatesReference(cause)) throw photoGone(cause);
		const refusal = await explainLedger(deps, cause, order.actor, tool);
		throw refusal ?? (await refusalOfLimit(deps, cause, limits)) ?? cause;
	}
	await tellQueue(deps, { type: 'render.advance', renderId });
	return { id: renderId, state: 'queued', held: tool.credits, isNew: true };
}

function tooMany(cause: unknown): AppError {
	return new AppError(
		'too_many_requests',
		`${OPEN_RENDERS_MAX} of your orders are still being made. Wait until one has ended, or cancel one.`,
		{ cause, details: { openMax: OPEN_RENDERS_MAX } },
	);
}

async function explainLedger(
	deps: Pick<Deps, 'db' | 'now'>,
	cause: unknown,
	{ accountId }: Actor,
	tool: Tool,
): Promise<AppError | null> {
	if (refusalOfLedger(cause)?.code !== 'insufficient_credits') return refusalOfLedger(cause);
	const { available, owed } = await readBalance(deps, { accountId });
	return refusalOfLedger(cause, { available, required: tool.credits, owed });
}

const PLACING = 'This order is being placed right now. Try again in a moment.';

interface KnownKey {
	requestHash: string;
	renderId: string;
	state: RenderState;
	creditsHeld: number;
}

function answerKnown(known: KnownKey, requestHash: string): StartedRender {
	if (known.requestHash !== requestHash) {
		throw new AppError(
			'idempotency_conflict',
			'This Idempotency-Key already stands for another order. Use a new key for a new order.',
		);
	}
	const { renderId, state, creditsHeld } = known;
	return { id: renderId, state, held: isTerminal(state) ? 0 : creditsHeld, isNew: false };
}

const KNOWN = {
	requestHash: idempotencyKeys.requestHash,
	renderId: idempotencyKeys.renderId,
	state: renders.state,
	creditsHeld: renders.creditsHeld,
};

function selectKey(db: Deps['db'], order: { actor: Actor; key: string }) {
	return db
		.select(KNOWN)
		.from(idempotencyKeys)
		.innerJoin(renders, eq(renders.id, idempotencyKeys.renderId))
		.where(isKeyOf(order));
}

function isKeyOf(order: { actor: Actor; key: string }) {
	return and(eq(idempotencyKeys.accountId, order.actor.accountId), eq(idempotencyKeys.key, order.key));
}

interface SourceRow {
	upload: typeof uploads.$inferSelect;
	/** The account, or the patient in the photo. */
	isRestricted: boolean;
	consent: { state: ConsentState; expiresAtMs: number | null } | null;
}

/**
 * What the order rests on, in one statement: what the key stood for before, the photo, and the photo's consent. The key is
 * looked for by itself, so that it conflicts also when the other order names a photo that is not there.
 */
async function readBasis(
	{ db }: Pick<Deps, 'db'>,
	order: { actor: Actor; key: string },
	input: RenderInput,
): Promise<[KnownKey | undefined, SourceRow | undefined]> {
	if (input.kind !== 'smile') {
		const [known] = await selectKey(db, order);
		return [known, undefined];
	}
	const { accountId } = order.actor;
	const [row] = await db
		.select({
			upload: uploads,
			consent: { state: consents.state, expiresAtMs: consents.expiresAtMs },
			known: KNOWN,
			restrictedAtMs: sql<number | null>`coalesce(${accounts.restrictedAtMs}, ${subjects.restrictedAtMs})`,
		})
		.from(accounts)
		.leftJoin(
			uploads,
			and(eq(uploads.id, input.uploadId), eq(uploads.accountId, accounts.id), eq(uploads.kind, 'source')),
		)
		.leftJoin(subjects, eq(subjects.id, uploads.subjectId))
		.leftJoin(consents, eq(consents.id, uploads.consentId))
		.leftJoin(idempotencyKeys, isKeyOf(order))
		.leftJoin(renders, eq(renders.id, idempotencyKeys.renderId))
		.where(eq(accounts.id, accountId));
	if (row === undefined) return [undefined, undefined];
	const { upload, consent, known, restrictedAtMs } = row;
	const isRestricted = restrictedAtMs !== null;
	return [toKnown(known), upload === null ? undefined : { upload, consent, isRestricted }];
}

/** A left join's columns are null one by one for the compiler; a key and its render are there together or not at all. */
function toKnown(row: { [Field in keyof KnownKey]: KnownKey[Field] | null }): KnownKey | undefined {
	const { requestHash, renderId, state, creditsHeld } = row;
	if (requestHash === null || renderId === null || state === null || creditsHeld === null) return undefined;
	return { requestHash, renderId, state, creditsHeld };
}

function requireSource(
	row: SourceRow | undefined,
	tool: Tool,
	input: RenderInput,
	{ studio }: Pick<Deps, 'studio'>,
	nowMs: number,
): Source | null {
	if (!tool.needsSource || input.kind !== 'smile') return null;
	if (row === undefined) throw notFound('photo');
	const { upload } = row;
	if (upload.state === 'awaiting') {
		throw new AppError('upload_incomplete', 'The photo has not arrived yet. Complete its upload first.');
	}
	if (!isServable(upload, nowMs)) throw photoGone();
	// Only the first render may move a photo's end, where the policy lets it; another one has to fit before it.
	const isLastChance = upload.deleteClock !== 'creation' || !restartsWithRender(studio.policy);
	if (isLastChance && upload.deleteAtMs < nowMs + studio.limits.renderMinutesMax * MINUTE_MS) {
		throw new AppError('gone', 'This photo is deleted too soon for another video. Take a new one.');
	}
	if (tool.needsConsent) requireValidConsent(row.consent, nowMs);
	return { uploadId: upload.id, subjectId: upload.subjectId };
}

function photoGone(cause?: unknown): AppError {
	return new AppError('gone', 'This photo is deleted, or about to be. Take a new one.', { cause });
}

function orderStatements(
	deps: Pick<Deps, 'db' | 'now' | 'studio'>,
	input: {
		order: { actor: Actor; key: string };
		parsed: ParsedOrder;
		sealed: string;
		requestHash: string;
		renderId: string;
		basis: Source | null;
		nowMs: number;
	},
) {
	const { db, studio } = deps;
	const { order, renderId, basis, nowMs } = input;
	const { tool } = input.parsed;
	const { accountId, userId } = order.actor;
	const deadlineAtMs = nowMs + studio.limits.renderMinutesMax * MINUTE_MS;
	const row: NewRender = {
		id: renderId,
		accountId,
		requestedBy: userId,
		tool: tool.id,
		input: input.sealed,
		state: 'queued',
		creditsHeld: tool.credits,
		createdAtMs: nowMs,
		deadlineAtMs,
	};
	return [
		// Should the photo be marked for deletion in between, no row arises here, the key's reference breaks, and with it all.
		basis === null
			? db.insert(renders).values({ ...row, accountId: accountWithRoom(deps, order.actor, null) })
			: insertWhileReady(deps, row, { ...basis, actor: order.actor }),
		db.insert(idempotencyKeys).values({
			accountId,
			key: order.key,
			requestHash: input.requestHash,
			renderId,
			createdAtMs: nowMs,
		}),
		...holdStatements(db, {
			holdId: holdIdOf(renderId),
			accountId,
			amount: toCredits(tool.credits),
			renderId,
			nowMs,
		}),
		...(basis === null || !restartsWithRender(studio.policy)
			? []
			: [
					// A never-rendered photo ends a day after it came. Its first render moves that to a day after the render's end,
					// known once it ended; until then the latest possible end stands, so that no sweep takes it from under the render.
					db
						.update(uploads)
						.set({ deleteAtMs: deadlineAtMs + retentionMs(studio.policy, 'source') })
						.where(and(eq(uploads.id, basis.uploadId), eq(uploads.deleteClock, 'creation'))),
				]),
	] as const;
}

/** The row by way of its photo's, so that there is none without a photo that is `ready` at this very moment. */
function insertWhileReady(
	deps: Pick<Deps, 'db' | 'now' | 'studio'>,
	row: NewRender,
	source: Source & { actor: Actor },
) {
	const { db } = deps;
	return db.insert(renders).select(
		db
			.select({
				id: sql<string>`${row.id}`.as('id'),
				accountId: accountWithRoom(deps, source.actor, source.subjectId).as('account_id'),
				requestedBy: sql<string>`${row.requestedBy}`.as('requested_by'),
				tool: sql<string>`${row.tool}`.as('tool'),
				input: sql<string>`${row.input}`.as('input'),
				uploadId: uploads.id,
				subjectId: uploads.subjectId,
				consentId: uploads.consentId,
				state: sql<'queued'>`${row.state}`.as('state'),
				stage: sql<null>`null`.as('stage'),
				creditsHeld: sql<number>`${row.creditsHeld}`.as('credits_held'),
				creditsCharged: sql<number>`0`.as('credits_charged'),
				errorCode: sql<null>`null`.as('error_code'),
				errorMessage: sql<null>`null`.as('error_message'),
				createdAtMs: sql<number>`${row.createdAtMs}`.as('created_at_ms'),
				startedAtMs: sql<null>`null`.as('started_at_ms'),
				finishedAtMs: sql<null>`null`.as('finished_at_ms'),
				deadlineAtMs: sql<number>`${row.deadlineAtMs}`.as('deadline_at_ms'),
				forgottenAtMs: sql<null>`null`.as('forgotten_at_ms'),
				triedAtMs: sql<number>`0`.as('tried_at_ms'),
			})
			.from(uploads)
			.where(and(eq(uploads.id, source.uploadId), eq(uploads.state, 'ready'))),
	);
}

/**
 * The account's id, unless as many of its renders as may be are open, the actor may not order any more or has not accepted the policy
 * that holds, or processing was restricted a moment ago.
 */
function accountWithRoom(deps: Pick<Deps, 'db' | 'now' | 'studio'>, actor: Actor, subjectId: string | null) {
	// By state first: few are open at a time, while an account's own renders are a row each for ever.
	const open = sql`(select count(*) from ${renders} o
		where o.state in ('queued', 'running') and +o.account_id = ${actor.accountId})`;
	const isFree = isUnrestricted({ accountId: actor.accountId, subjectId });
	const mayWork = sql`${isFree} and ${hasAccepted(deps, actor.userId)}`;
	return accountIdUnder(OPEN_RENDERS_MAX, deps, { actor, permission: 'renders:write', open, and: mayWork });
}

export function holdIdOf(renderId: string): string {
	return `hold:${renderId}`;
}

async function hashOrder({ tool, stored }: ParsedOrder): Promise<string> {
	const sorted = Object.entries(stored).toSorted(([a], [b]) => (a < b ? -1 : 1));
	const bytes = new TextEncoder().encode(JSON.stringify([tool.id, sorted]));
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
