import { and, eq, exists, sql } from 'drizzle-orm';

import { secondFactors, users } from '../../../schema/users';
import type { PasswordDeps } from '../accounts/password-rule';
import type { Changer } from '../accounts/tell-person';
import type { Whence } from '../actor';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { queueMail } from '../mail/queue-mail';
import { changePerson } from './change';
import { countRecoveryCodes, decrypt, encrypt, newRecoveryCodes } from './recovery-codes';
import { newTotpSecret, stepOf, takeStep, totpUri } from './totp';

export type FactorDeps = AccessDeps & Pick<PasswordDeps, 'authSecrets'>;

/** Offers a secret for an authenticator app. Nothing is asked for at sign-in before a code of it was brought. Refused while one is on. */
export async function beginSecondFactor(
	deps: FactorDeps,
	{ person }: Changer,
): Promise<{ uri: string; secret: string }> {
	const secret = newTotpSecret();
	const kept = { secret: await encrypt(deps, secret), backupCodes: '', verified: false };
	const begun = await deps.db
		.insert(secondFactors)
		.values({ id: deps.newId('way'), userId: person.userId, ...kept })
		.onConflictDoUpdate({ target: secondFactors.userId, set: kept, setWhere: eq(secondFactors.verified, false) })
		.returning({ id: secondFactors.id });
	if (begun.length === 0) throw new AppError('conflict', 'A second factor is on already. Switch it off first.');
	return totpUri({ secret, issuer: deps.studio.name, email: person.email });
}

/** Switches it on with a first code of the app, and answers the recovery codes: they are shown this once. */
export async function confirmSecondFactor(
	deps: FactorDeps,
	changer: Changer,
	{ code }: { code: string },
): Promise<{ recoveryCodes: string[] }> {
	const { db, now } = deps;
	const { userId } = changer.person;
	const [begun] = await db
		.select()
		.from(secondFactors)
		.where(and(eq(secondFactors.userId, userId), eq(secondFactors.verified, false)));
	if (begun === undefined) throw new AppError('conflict', 'No second factor is being set up. Begin with its secret.');
	await takeTotp(deps, { userId, encrypted: begun.secret, code });
	const { codes, stored } = await newRecoveryCodes(deps);
	const isTheSame = and(
		eq(secondFactors.userId, userId),
		eq(secondFactors.secret, begun.secret),
		eq(secondFactors.verified, false),
	);
	await changePerson(deps, changer, {
		action: 'second_factor.on',
		told: { what: 'second_factor_on' },
		holds: exists(
			db
				.select({ one: sql`1` })
				.from(secondFactors)
				.where(isTheSame),
		),
		statements: [
			db.update(secondFactors).set({ verified: true, backupCodes: stored }).where(isTheSame),
			db.update(users).set({ twoFactorEnabled: true, updatedAt: now() }).where(eq(users.id, userId)),
		],
		shut: () => new AppError('conflict', 'The set-up was begun anew meanwhile. Use its newest secret.'),
	});
	return { recoveryCodes: codes };
}

/** Switches it off. Refused while the password is too short to stand alone (NIST SP 800-63B-4): the row decides, not what was read. */
export async function endSecondFactor(deps: FactorDeps, changer: Changer): Promise<void> {
	const { db, now } = deps;
	const { userId } = changer.person;
	await changePerson(deps, changer, {
		action: 'second_factor.off',
		told: { what: 'second_factor_off' },
		holds: exists(
			db
				.select({ one: sql`1` })
				.from(users)
				.where(and(eq(users.id, userId), eq(users.twoFactorEnabled, true), eq(users.hasShortPassword, false))),
		),
		statements: [
			db.delete(secondFactors).where(eq(secondFactors.userId, userId)),
			db.update(users).set({ twoFactorEnabled: false, updatedAt: now() }).where(eq(users.id, userId)),
		],
		shut: async () => {
			const [user] = await db.select({ isShort: users.hasShortPassword }).from(users).where(eq(users.id, userId));
			if (user?.isShort !== true) return new AppError('conflict', 'No second factor is on.');
			return new AppError(
				'conflict',
				'The password is too short to stand alone. Set one of 15 characters or more first.',
				{ details: { reason: 'password_too_short' } },
			);
		},
	});
}

/** New recovery codes in place of all before. */
export async function renewRecoveryCodes(deps: FactorDeps, changer: Changer): Promise<{ recoveryCodes: string[] }> {
	const { db } = deps;
	const { codes, stored } = await newRecoveryCodes(deps);
	const isOn = and(eq(secondFactors.userId, changer.person.userId), eq(secondFactors.verified, true));
	await changePerson(deps, changer, {
		action: 'recovery_codes.made',
		told: { what: 'recovery_codes_made' },
		holds: exists(
			db
				.select({ one: sql`1` })
				.from(secondFactors)
				.where(isOn),
		),
		statements: [db.update(secondFactors).set({ backupCodes: stored }).where(isOn)],
		shut: () => new AppError('conflict', 'No second factor is on. Switch it on first.'),
	});
	return { recoveryCodes: codes };
}

/** A code of somebody's app, once. Refused: another code, and one that was used. */
export async function takeTotp(
	deps: Pick<FactorDeps, 'db' | 'authSecrets'>,
	input: { userId: string; encrypted: string; code: string; field?: string },
): Promise<void> {
	const { userId, encrypted, code, field = 'code' } = input;
	// An app counts with the world's clock.
	const step = stepOf(await decrypt(deps, encrypted), code, Date.now());
	if (step !== null && (await takeStep(deps, { userId, step }))) return;
	throw new AppError('invalid_input', 'This code is not right, or was used already. Check it, or wait for the next.', {
		details: { reason: 'wrong_code', fields: [field] },
	});
}

/** Tells somebody that one of their recovery codes was used, and how many are left. */
export async function tellRecoveryCodeUsed(
	deps: FactorDeps,
	{ userId, whence }: { userId: string; whence: Whence },
): Promise<void> {
	const [row] = await deps.db
		.select({ email: users.email, codes: secondFactors.backupCodes })
		.from(users)
		.innerJoin(secondFactors, eq(secondFactors.userId, users.id))
		.where(eq(users.id, userId));
	if (row === undefined) return;
	const left = await countRecoveryCodes(deps, row.codes);
	const event = { what: 'recovery_code_used', atMs: deps.now().getTime(), device: whence.browser, left } as const;
	await queueMail(deps, { kind: 'security', to: row.email, event });
}
