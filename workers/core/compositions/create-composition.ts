import { and, eq, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';

import { consents } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { type AssetClass, toolOf } from '../../../studios/studio';
import { accountIdUnder, isOverCap } from '../accounts/open-cap';
import { refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { ConsentState } from '../consents/consent-elements';
import type { AccessDeps, Deps } from '../deps';
import { isNotErased } from '../erasure/is-not-erased';
import { AppError, notFound, violatesReference } from '../errors';
import { limitStatements, type Limit } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { newObjectKey } from '../media/object-keys';
import { signPut } from '../media/sign-url';
import { PUT_MINUTES } from '../media/upload-window';
import { hasAccepted, refusalOfPolicy } from '../policy/accept-policy';
import { isUnrestricted, refusalOfRestriction } from '../restriction/require-unrestricted';
import {
	classesOf,
	type CompositionKind,
	KEPT_COMPOSITIONS_MAX,
	KINDS,
	OPEN_COMPOSITIONS_MAX,
	PAIR_TOOL,
} from './composition-kinds';
import { consentHolds, requireConsentToKeep } from './consent-to-keep';

const MINUTE_MS = 60_000;

export interface CompositionTicket {
	/** Its own, and the asset's once it is there. */
	id: string;
	state: 'pending';
	kind: CompositionKind;
	put: { url: string; headers: Record<string, string>; expiresAt: string };
}

export interface CompositionOrder {
	actor: Actor;
	network: string | null;
	renderId: string;
	kind: CompositionKind;
	contentType: string;
	byteLength: number;
	/** Ids of the photo and of the assets of the same order that it shows. */
	madeOf: readonly string[];
}

type ComposeDeps = Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'mediaOrigin' | 'urlSigningKey' | 'lookupKey'>;

/**
 * An address that takes what the device made of a finished order: one key, one type, one exact length, ten minutes (DS-37). It
 * costs no credits. The classes of its inputs are read here and never believed. Refused with nothing stored: another type or more
 * bytes than the media host reads at once, an order that is not finished or not one's own, inputs of other orders, a consent
 * that does not hold, restricted processing, too many that wait or are kept, and more than the studio's rate.
 */
export async function createComposition(deps: ComposeDeps, order: CompositionOrder): Promise<CompositionTicket> {
	const { actor, kind, byteLength } = order;
	const contentType = requireType(order);
	if (byteLength > deps.studio.limits.uploadBytesMax) throw tooLarge(deps);
	const nowMs = deps.now().getTime();
	const basis = await readBasis(deps, order);
	requireKeepable(basis, nowMs);

	const id = deps.newId('asset');
	const isPair = basis.tool === PAIR_TOOL;
	const classes = inputClasses(deps, basis, order.madeOf);
	const row = {
		id,
		renderId: order.renderId,
		// Of a stage there is one asset, of what a device makes of it any number: each is a stage of its own.
		stage: id,
		kind: KINDS[kind].asset,
		assetClass: isPair ? ('genuine_pair' as const) : ('composition' as const),
		madeOf: isPair ? null : classes,
		state: 'pending' as const,
		attestedBy: isPair ? basis.requestedBy : null,
		putExpiresAtMs: nowMs + PUT_MINUTES * MINUTE_MS,
		objectKey: newObjectKey('out', actor.accountId),
		contentType,
		byteLength,
		createdAtMs: nowMs,
		receiptId: deps.newId('receipt'),
	};
	const limits: Limit[] = [
		{ what: 'upload', by: 'account', value: actor.accountId },
		{ what: 'upload', by: 'network', value: order.network },
	];
	try {
		await deps.db.batch([
			deps.db.insert(assets).values({ ...row, accountId: accountWithRoom(deps, order, basis, nowMs) }),
			...limitStatements(deps, limits),
		]);
	} catch (cause) {
		if (violatesReference(cause)) throw notFound('render');
		if (!isOverCap(cause, 'assets')) throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
		throw await explain(deps, order, basis, cause);
	}
	const url = await signPut(deps.urlSigningKey, {
		origin: deps.mediaOrigin,
		objectKey: row.objectKey,
		contentType,
		byteLength,
		expiresAtMs: row.putExpiresAtMs,
	});
	const expiresAt = new Date(row.putExpiresAtMs).toISOString();
	return { id, state: 'pending', kind, put: { url, headers: { 'content-type': contentType }, expiresAt } };
}

function requireType({ kind, contentType }: CompositionOrder): string {
	const expected = KINDS[kind].contentType;
	if (contentType.trim().toLowerCase() === expected) return expected;
	throw new AppError('unsupported_media_type', `This is kept as ${expected} and nothing else. Export it as that.`);
}

function tooLarge({ studio }: Pick<Deps, 'studio'>): AppError {
	const megabytes = studio.limits.uploadBytesMax / 1024 / 1024;
	return new AppError(
		'payload_too_large',
		`More than ${megabytes} MB cannot be kept at once. Export it shorter or in a smaller format.`,
	);
}

const InputJson = z.array(
	z.object({
		id: z.string(),
		assetClass: z.enum(['source', 'simulation', 'genuine_pair', 'generated', 'composition']),
		madeOf: z.array(z.enum(['source', 'simulation', 'genuine_pair', 'generated', 'composition'])).nullable(),
	}),
);

interface Basis {
	tool: string;
	state: string;
	requestedBy: string;
	uploadId: string | null;
	subjectId: string | null;
	consentId: string | null;
	consent: { state: ConsentState; expiresAtMs: number | null } | null;
	made: z.infer<typeof InputJson>;
}

/** The order with its consent and what it made that is still here; somebody else's is not found. One D1 statement. */
async function readBasis({ db }: Pick<Deps, 'db'>, { actor, renderId }: CompositionOrder): Promise<Basis> {
	const [row] = await db
		.select({
			tool: renders.tool,
			state: renders.state,
			requestedBy: renders.requestedBy,
			uploadId: renders.uploadId,
			subjectId: renders.subjectId,
			consentId: renders.consentId,
			consent: { state: consents.state, expiresAtMs: consents.expiresAtMs },
			made: sql<string>`(select json_group_array(json_object(
				'id', s.id, 'assetClass', s.asset_class, 'madeOf', json(s.made_of)
			)) from ${assets} s where s.render_id = ${renders.id} and s.state = 'ready')`,
		})
		.from(renders)
		.leftJoin(consents, eq(consents.id, renders.consentId))
		.where(and(eq(renders.id, renderId), eq(renders.accountId, actor.accountId)));
	if (row === undefined) throw notFound('render');
	return { ...row, made: InputJson.parse(JSON.parse(row.made)) };
}

function requireKeepable({ state, consentId, consent }: Basis, nowMs: number): void {
	if (state !== 'succeeded') {
		throw new AppError('conflict', 'This order has made nothing that could be kept with it. Wait until it is ready.');
	}
	if (consentId !== null) requireConsentToKeep(consent, nowMs);
}

/** The photo counts as one also after it is deleted: the practice may have shown its own copy of it. */
function inputClasses(
	{ studio }: Pick<Deps, 'studio'>,
	{ tool, uploadId, made }: Basis,
	madeOf: readonly string[],
): AssetClass[] | null {
	const named = madeOf.map((id) => {
		if (id === uploadId) return { assetClass: 'source' as const, madeOf: null };
		const input = made.find((each) => each.id === id);
		if (input === undefined) throw notFound('picture that this is made of');
		return input;
	});
	return classesOf(
		named,
		(toolOf(studio, tool)?.stages ?? []).map(({ assetClass }) => assetClass),
	);
}

/** The account's id while all that it rests on holds; null otherwise, which the column refuses, and the batch with it. */
function accountWithRoom(deps: ComposeDeps, order: CompositionOrder, basis: Basis, nowMs: number): SQL<string> {
	const { accountId, userId } = order.actor;
	const { subjectId, consentId } = basis;
	const open = sql`(select count(*) from ${assets} o where o.state = 'pending' and o.put_expires_at_ms is not null
		and +o.account_id = ${accountId})`;
	const holds = [
		sql`${keptOf(order)} < ${KEPT_COMPOSITIONS_MAX}`,
		isUnrestricted({ accountId, subjectId }),
		hasAccepted(deps, userId),
		...(consentId === null ? [] : [consentHolds({ accountId, consentId, nowMs })]),
		...(subjectId === null ? [] : [isNotErased(sql`${subjectId}`)]),
	];
	return accountIdUnder(OPEN_COMPOSITIONS_MAX, deps, {
		actor: order.actor,
		permission: 'renders:write',
		open,
		and: sql.join(holds, sql` and `),
	});
}

function keptOf({ renderId }: CompositionOrder): SQL {
	return sql`(select count(*) from ${assets} k where k.render_id = ${renderId} and k.put_expires_at_ms is not null
		and k.state in ('pending', 'ready'))`;
}

/** Which of its conditions did not hold; what ended since it was read first. */
async function explain(deps: ComposeDeps, order: CompositionOrder, basis: Basis, cause: unknown): Promise<AppError> {
	const { accountId } = order.actor;
	const refusal =
		(await refusalOfStanding(deps, order.actor, 'renders:write')) ??
		(await refusalOfRestriction(deps, { accountId, subjectId: basis.subjectId })) ??
		(await refusalOfPolicy(deps, order.actor));
	if (refusal !== null) return refusal;
	requireKeepable(await readBasis(deps, order), deps.now().getTime());
	const [counted] = await deps.db.select({ kept: sql<number>`${keptOf(order)}` }).from(sql`(select 1)`);
	const isFull = (counted?.kept ?? 0) >= KEPT_COMPOSITIONS_MAX;
	return new AppError(
		'too_many_requests',
		isFull
			? `${KEPT_COMPOSITIONS_MAX} are kept with this already. Delete one that is not needed.`
			: `${OPEN_COMPOSITIONS_MAX} are announced and have not come yet. Send them, or wait until their addresses end.`,
		{ cause, details: { openMax: isFull ? KEPT_COMPOSITIONS_MAX : OPEN_COMPOSITIONS_MAX } },
	);
}
