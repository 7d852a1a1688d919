import { and, eq, sql } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { idempotencyKeys } from '../../../schema/credits';
import { renderOutcomes, renders } from '../../../schema/renders';
import type { TreatmentId } from '../../../studios/treatments';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import { lacksAccount } from '../accounts/open-cap';
import type { Actor } from '../actor';
import type { AccessDeps, Deps } from '../deps';
import { isNotErased } from '../erasure/is-not-erased';
import { AppError, violates } from '../errors';
import { limitStatements, type Limit } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { hasAccepted, refusalOfPolicy } from '../policy/accept-policy';
import { sealInput } from '../renders/stored-input';
import { isUnrestricted, refusalOfRestriction } from '../restriction/require-unrestricted';
import { PAIR_TOOL } from './composition-kinds';
import { consentHolds, requireConsentToKeep } from './consent-to-keep';

type PairDeps = Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'lookupKey' | 'vault'>;

export interface PairOrder {
	actor: Actor;
	network: string | null;
	/** Chosen by the caller: the same pair under it once more answers the first. */
	key: string;
	consentId: string;
	/** What was done between the two pictures; labels have to name it. */
	treatment: TreatmentId;
	/** The member's word that both are photographs and that nothing was retouched in them. There is no pair without it. */
	attested: true;
}

/**
 * Opens a genuine pair: an order that no processor works on and that costs nothing, with its one outcome, in one batch. What the
 * device made of the pair is kept with it afterwards (`createComposition`). Refused with nothing written: a consent that does not
 * hold or is somebody else's, restricted processing, a patient who is being erased, a policy that was not accepted, more than the
 * studio's rate, and a key that stands for another order.
 */
export async function createPair(deps: PairDeps, order: PairOrder): Promise<{ id: string; isNew: boolean }> {
	const { actor, consentId, treatment, attested } = order;
	const { accountId } = actor;
	const requestHash = await hashPair(order);
	const known = await findKnown(deps, order, requestHash);
	if (known !== null) return known;
	const nowMs = deps.now().getTime();
	const { subjectId } = await readConsent(deps, order, nowMs);

	const renderId = deps.newId('render');
	const input = await sealInput(deps, { accountId, subjectId, input: { treatment, attested } });
	const holds = [
		isUnrestricted({ accountId, subjectId }),
		hasAccepted(deps, actor.userId),
		consentHolds({ accountId, consentId, nowMs }),
		isNotErased(sql`${subjectId}`),
	];
	const limits: Limit[] = [
		{ what: 'order', by: 'account', value: accountId },
		{ what: 'order', by: 'network', value: order.network },
	];
	try {
		await deps.db.batch([
			deps.db.insert(renders).values({
				id: renderId,
				accountId: accountIdWhile(deps, actor, 'renders:write', { and: sql.join(holds, sql` and `) }),
				requestedBy: actor.userId,
				tool: PAIR_TOOL,
				input,
				subjectId,
				consentId,
				state: 'succeeded',
				creditsHeld: 0,
				createdAtMs: nowMs,
				startedAtMs: nowMs,
				finishedAtMs: nowMs,
				deadlineAtMs: nowMs,
				// No processor ever held anything of it, so there is none to be told.
				forgottenAtMs: nowMs,
			}),
			deps.db.insert(renderOutcomes).values({ renderId, state: 'succeeded', createdAtMs: nowMs }),
			deps.db.insert(idempotencyKeys).values({ accountId, key: order.key, requestHash, renderId, createdAtMs: nowMs }),
			...limitStatements(deps, limits),
		]);
	} catch (cause) {
		if (violates(cause, 'idempotency_keys')) {
			const winner = await findKnown(deps, order, requestHash);
			if (winner !== null) return winner;
		}
		if (!lacksAccount(cause, 'renders')) throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
		throw await explain(deps, order, { subjectId, cause });
	}
	return { id: renderId, isNew: true };
}

async function findKnown(
	{ db }: Pick<Deps, 'db'>,
	{ actor, key }: PairOrder,
	requestHash: string,
): Promise<{ id: string; isNew: false } | null> {
	const [known] = await db
		.select({ requestHash: idempotencyKeys.requestHash, renderId: idempotencyKeys.renderId })
		.from(idempotencyKeys)
		.where(and(eq(idempotencyKeys.accountId, actor.accountId), eq(idempotencyKeys.key, key)));
	if (known === undefined) return null;
	if (known.requestHash === requestHash) return { id: known.renderId, isNew: false };
	throw new AppError(
		'idempotency_conflict',
		'This Idempotency-Key already stands for another order. Use a new key for a new order.',
	);
}

async function readConsent(
	{ db }: Pick<Deps, 'db'>,
	{ actor, consentId }: PairOrder,
	nowMs: number,
): Promise<{ subjectId: string }> {
	const [consent] = await db
		.select({ subjectId: consents.subjectId, state: consents.state, expiresAtMs: consents.expiresAtMs })
		.from(consents)
		.where(and(eq(consents.id, consentId), eq(consents.accountId, actor.accountId)));
	return requireConsentToKeep(consent, nowMs);
}

/** Which of its conditions ended since they were read. */
async function explain(
	deps: PairDeps,
	order: PairOrder,
	{ subjectId, cause }: { subjectId: string; cause: unknown },
): Promise<unknown> {
	const { actor } = order;
	const refusal =
		(await refusalOfStanding(deps, actor, 'renders:write')) ??
		(await refusalOfRestriction(deps, { accountId: actor.accountId, subjectId })) ??
		(await refusalOfPolicy(deps, actor));
	if (refusal !== null) return refusal;
	await readConsent(deps, order, deps.now().getTime());
	return new AppError('gone', 'This patient is being erased, so nothing new can be kept of them.', { cause });
}

async function hashPair({ consentId, treatment }: PairOrder): Promise<string> {
	const bytes = new TextEncoder().encode(JSON.stringify([PAIR_TOOL, consentId, treatment]));
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
