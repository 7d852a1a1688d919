import { apiKeys } from '../../../schema/api-keys';
import { SCOPES, type Permission } from '../../../studios/roles';
import { accountIdUnder, lacksAccount } from '../accounts/open-cap';
import { refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditStatement } from '../audit/audit-statement';
import type { Deps, MailDeps } from '../deps';
import { AppError } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { newSecret } from './key-secret';
import { countLiveKeys } from './live-keys';

const DAY_MS = 86_400_000;

/** Keys of an account that can be used at once: enough for a program each, few enough to be looked through. */
export const LIVE_KEYS_MAX = 20;
export const KEY_DAYS_MAX = 365;
export const KEY_DAYS_DEFAULT = 90;

export interface MadeKey {
	id: string;
	name: string;
	ending: string;
	scopes: Permission[];
	createdAt: string;
	expiresAt: string;
	/** The key itself: here once, and nowhere else. */
	key: string;
}

/**
 * Makes an API key that acts for the account, with some of what its maker may do, and tells them by mail. Refused, with nothing
 * stored: a scope that no key may carry or that the maker does not have, a twenty-first live key, and in a studio without keys.
 */
export async function makeKey(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'studio' | 'queue' | 'mailKey'>,
	input: {
		actor: Actor;
		may: ReadonlySet<Permission>;
		maker: { name: string; email: string };
		accountName: string;
		whence: Whence;
		name: string;
		scopes: readonly Permission[];
		expiresInDays: number;
	},
): Promise<MadeKey> {
	const { actor, name } = input;
	requireStudioWithKeys(deps);
	const scopes = requireScopes(input);
	const createdAtMs = deps.now().getTime();
	const expiresAtMs = createdAtMs + input.expiresInDays * DAY_MS;
	const { key, secretHash, ending } = await newSecret();
	const id = deps.newId('key');
	const accountId = accountIdUnder(LIVE_KEYS_MAX, deps, {
		actor,
		permission: 'keys:write',
		open: countLiveKeys(actor.accountId, createdAtMs),
	});
	const row = { id, userId: actor.userId, name, secretHash, ending, scopes, createdAtMs, expiresAtMs };
	const { mailId, statements } = await mailStatements(deps, {
		kind: 'security',
		to: input.maker.email,
		event: {
			what: 'key_made',
			atMs: createdAtMs,
			accountName: input.accountName,
			byName: input.maker.name,
			keyName: name,
		},
	});
	try {
		await deps.db.batch([
			deps.db.insert(apiKeys).values({ ...row, accountId }),
			...statements,
			auditStatement(deps, input, {
				action: 'key.made',
				targetId: id,
				facts: { scopes: scopes.join(' '), expiresAt: new Date(expiresAtMs).toISOString() },
			}),
		]);
	} catch (cause) {
		if (!lacksAccount(cause, 'api_keys')) throw cause;
		throw (await refusalOfStanding(deps, actor, 'keys:write')) ?? tooMany(cause);
	}
	await tellMail(deps, mailId);
	return {
		id,
		name,
		ending,
		scopes,
		createdAt: new Date(createdAtMs).toISOString(),
		expiresAt: new Date(expiresAtMs).toISOString(),
		key,
	};
}

function requireStudioWithKeys({ studio }: Pick<Deps, 'studio'>): void {
	if (studio.tenancy.hasApiKeys) return;
	throw new AppError(
		'not_allowed',
		`${studio.name} has no API keys: its accounts belong to one person each. Nothing was made.`,
	);
}

/** In the order of the table, each once. */
function requireScopes(input: { may: ReadonlySet<Permission>; scopes: readonly Permission[] }): Permission[] {
	const asked = new Set(input.scopes);
	for (const scope of asked) {
		if (!SCOPES.includes(scope)) {
			throw new AppError('not_allowed', `No key can carry ${scope}: it takes a person who is signed in. Leave it out.`);
		}
		if (!input.may.has(scope)) {
			throw new AppError(
				'not_allowed',
				`Your role does not include ${scope}, so your key cannot either. Leave it out.`,
			);
		}
	}
	return SCOPES.filter((scope) => asked.has(scope));
}

function tooMany(cause: unknown): AppError {
	return new AppError('conflict', `${LIVE_KEYS_MAX} keys are in use already, and that is the most. Revoke one first.`, {
		cause,
		details: { keysMax: LIVE_KEYS_MAX },
	});
}
