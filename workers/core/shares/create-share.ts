import { and, eq, gt, isNull, sql, type SQL } from 'drizzle-orm';

import { assets } from '../../../schema/renders';
import { shares } from '../../../schema/shares';
import { SHARE_LIMITS } from '../../../studios/publish-rules';
import { hashPassword, passwordLength } from '../accounts/password';
import type { PasswordDeps } from '../accounts/password-rule';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import { judgePlace } from '../assets/publish-gate';
import { findAsset, gateFacts, procedureOf } from '../assets/read-asset';
import type { AccessDeps } from '../deps';
import { AppError, lacks } from '../errors';
import { restricted } from '../restriction/require-unrestricted';
import { newShareToken, shareTokenHash, shareUrl } from './share-token';

const HOUR_MS = 3_600_000;

export type ShareDeps = Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'vault' | 'lookupKey' | 'appOrigin'> &
	Pick<PasswordDeps, 'authSecrets'>;

export interface ShareOrder {
	actor: Actor;
	assetId: string;
	expiresInHours: number;
	/** Asked of whoever opens it; left out: the link is enough. */
	passcode?: string | undefined;
	/** What else its order made is shown, too, as far as the gate lets it. */
	showsSmile: boolean;
}

/**
 * A link that shows one's own asset to whoever holds it, until it ends. The link is answered this once and stored nowhere. Refuses
 * (`publish_refused`, with rule and source) what the publish gate keeps from leaving, whoever or whatever is restricted
 * (`processing_restricted`), a lifetime over the most, a short passcode, and (`conflict`) one link too many.
 */
export async function createShare(deps: ShareDeps, order: ShareOrder): Promise<{ id: string; url: string }> {
	const { actor, assetId, expiresInHours, passcode } = order;
	requireLifetime(expiresInHours);
	if (passcode !== undefined) requirePasscode(passcode);
	const found = await findAsset(deps, { actor, assetId });
	const procedure = await procedureOf(deps, found);
	const verdict = judgePlace('share_link', gateFacts(deps, found.asset, { ...found.basis, procedure }));
	if (!verdict.isAllowed) {
		if (verdict.ruleId === 'restricted') throw restricted();
		throw new AppError('publish_refused', `${verdict.rule} No link was made.`, {
			details: { rule: verdict.ruleId, source: verdict.source },
		});
	}

	const nowMs = deps.now().getTime();
	const token = newShareToken();
	const row = {
		id: deps.newId('share'),
		accountId: accountIdWhile(deps, actor, 'assets:share', { and: isShareable(deps, assetId, nowMs) }),
		subjectId: found.render.subjectId,
		assetId,
		shows: order.showsSmile ? ('smile' as const) : ('asset' as const),
		tokenHash: (await shareTokenHash(deps, token)) ?? '',
		passcodeHash: passcode === undefined ? null : await hashPassword(deps.authSecrets.passwordPepper, passcode),
		createdBy: actor.userId,
		createdAtMs: nowMs,
		expiresAtMs: nowMs + expiresInHours * HOUR_MS,
	};
	try {
		await deps.db.insert(shares).values(row);
	} catch (cause) {
		if (!lacks(cause, 'shares.account_id')) throw cause;
		throw (await refusalOfStanding(deps, actor, 'assets:share')) ?? tooMany(cause);
	}
	return { id: row.id, url: shareUrl(deps, token) };
}

/** True when the row is written: the asset is still there, and has room for one more link. The gate is asked again by each opening. */
function isShareable({ db }: Pick<ShareDeps, 'db'>, assetId: string, nowMs: number): SQL {
	const isReady = db
		.select({ one: sql`1` })
		.from(assets)
		.where(and(eq(assets.id, assetId), eq(assets.state, 'ready')));
	const open = db
		.select({ n: sql`count(*)` })
		.from(shares)
		.where(and(eq(shares.assetId, assetId), isNull(shares.revokedAtMs), gt(shares.expiresAtMs, nowMs)));
	return sql`exists ${isReady} and ${open} < ${SHARE_LIMITS.openMax}`;
}

function requireLifetime(hours: number): void {
	if (Number.isInteger(hours) && hours >= 1 && hours <= SHARE_LIMITS.hoursMax) return;
	throw new AppError(
		'invalid_input',
		`A link lasts between 1 hour and ${SHARE_LIMITS.hoursMax / 24} days. Choose less, and make another when it ends.`,
		{ details: { fields: ['expiresInHours'] } },
	);
}

function requirePasscode(passcode: string): void {
	const length = passwordLength(passcode);
	if (length >= SHARE_LIMITS.passcodeMin && length <= SHARE_LIMITS.passcodeMax) return;
	throw new AppError(
		'invalid_input',
		`A passcode has between ${SHARE_LIMITS.passcodeMin} and ${SHARE_LIMITS.passcodeMax} characters. Choose another, or none.`,
		{ details: { fields: ['passcode'] } },
	);
}

function tooMany(cause: unknown): AppError {
	return new AppError(
		'conflict',
		`There are ${SHARE_LIMITS.openMax} open links to it, or it was deleted meanwhile. No link was made. Revoke one that nobody needs.`,
		{ cause },
	);
}
