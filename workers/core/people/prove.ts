import { and, eq } from 'drizzle-orm';

import { secondFactors, sessions, signInMethods } from '../../../schema/users';
import { verifyPassword } from '../accounts/password';
import type { Person } from '../accounts/resolve-person';
import { AppError } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { CODE_MINUTES, newCode, takeCode } from './mailed-code';
import { takeTotp, type FactorDeps } from './second-factor';

const TOKEN_BYTES = 32;

export type Prover = Pick<Person, 'userId' | 'sessionId' | 'email' | 'hasSecondFactor'>;

/** What somebody shows again that it is them with. A passkey is checked before, since it needs the browser's secret. */
export type Proof = { password: string } | { code: string } | { totp: string } | { passkey: 'checked' };

/** Mails a code to prove with, good for this session alone. */
export async function mailProofCode(deps: FactorDeps, person: Prover): Promise<void> {
	const { code, statements } = newCode(deps, { purpose: 'proof', of: person.sessionId });
	const mail = await mailStatements(deps, { kind: 'proof_code', to: person.email, code, minutes: CODE_MINUTES });
	await deps.db.batch([...statements, ...mail.statements]);
	await tellMail(deps, mail.mailId);
}

/**
 * Notes on the session that its person showed again who they are (ASVS 7.5.1). With a second factor on, a password or a mailed
 * code is refused: whoever found an open browser and knows one of them must not switch off what was to stop them. A code
 * of the app, or a passkey, is not weaker than the sign-in was, for the session stands for the first factor. The session goes on
 * under a new token, and the one before is over with it (ASVS 7.2.4): a copy of the cookie that somebody took earlier is worth
 * nothing from here on. `provedAtMs` is by the machine's clock.
 */
export async function prove(
	deps: FactorDeps,
	input: { person: Prover; proof: Proof },
): Promise<{ provedAtMs: number; sessionToken: string; endsAt: Date }> {
	const { person, proof } = input;
	if ('totp' in proof) await proveByTotp(deps, person, proof.totp);
	else if (!('passkey' in proof)) {
		if (person.hasSecondFactor) {
			const message = 'A second factor is on, so this alone does not show that it is you. Use your app or a passkey.';
			throw new AppError('not_allowed', message, { details: { reason: 'second_factor_required' } });
		}
		if ('code' in proof) await takeCode(deps, { purpose: 'proof', of: person.sessionId, code: proof.code });
		else await proveByPassword(deps, person, proof.password);
	}
	// `requireProof` compares with the machine's clock, as sessions are written by it.
	const provedAtMs = Date.now();
	const sessionToken = Buffer.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))).toString('base64url');
	const [proved] = await deps.db
		.update(sessions)
		.set({ confirmedAtMs: provedAtMs, token: sessionToken })
		.where(and(eq(sessions.id, person.sessionId), eq(sessions.userId, person.userId)))
		.returning({ endsAt: sessions.expiresAt });
	if (proved === undefined) throw new AppError('not_signed_in', 'You signed out meanwhile. Sign in again.');
	return { provedAtMs, sessionToken, endsAt: proved.endsAt };
}

async function proveByPassword(deps: FactorDeps, { userId }: Prover, password: string): Promise<void> {
	const [method] = await deps.db
		.select({ hash: signInMethods.password })
		.from(signInMethods)
		.where(and(eq(signInMethods.userId, userId), eq(signInMethods.providerId, 'credential')));
	const hash = method?.hash ?? null;
	if (hash !== null && (await verifyPassword(deps.authSecrets.passwordPepper, password, hash))) return;
	throw new AppError('invalid_input', 'This is not your password. Check it, or have a code mailed.', {
		details: { reason: 'wrong_password', fields: ['password'] },
	});
}

async function proveByTotp(deps: FactorDeps, { userId }: Prover, code: string): Promise<void> {
	const [factor] = await deps.db
		.select({ secret: secondFactors.secret })
		.from(secondFactors)
		.where(and(eq(secondFactors.userId, userId), eq(secondFactors.verified, true)));
	if (factor === undefined)
		throw new AppError('conflict', 'No second factor is on. Use your password or a mailed code.');
	await takeTotp(deps, { userId, encrypted: factor.secret, code, field: 'totp' });
}
