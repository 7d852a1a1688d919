import {
	generateAuthenticationOptions,
	verifyAuthenticationResponse,
	type AuthenticationResponseJSON,
	type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { and, eq, lt, or, sql } from 'drizzle-orm';
import { z } from 'zod';

import { passkeys } from '../../../schema/users';
import { keepOnce, newSecret, takeOnce } from '../accounts/one-time';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import { CEREMONY_MINUTES, relyingParty, userHandle } from './relying-party';

type PasskeyDeps = Pick<Deps, 'db' | 'appOrigin' | 'studio'>;

const Kept = z.object({ challenge: z.string() });

/**
 * What the browser asks a passkey with; without a list of them, so that nobody need type an address first. Good once, for
 * whoever brings the secret: the browser that asked.
 */
export async function askPasskey(
	deps: PasskeyDeps,
): Promise<{ options: PublicKeyCredentialRequestOptionsJSON; secret: string }> {
	const options = await generateAuthenticationOptions({
		rpID: relyingParty(deps).id,
		userVerification: 'required',
	});
	const secret = newSecret();
	const value = { challenge: options.challenge };
	await keepOnce(deps, { kind: 'passkey', secret, value, minutes: CEREMONY_MINUTES });
	return { options, secret };
}

/**
 * Whose passkey answered, to sign in with it or, with `userId`, to prove again that it is that person. It has to be for this site
 * and origin, for the open challenge, with the person verified (so it is two factors: the device, and what unlocks it), and its
 * counter may not go back, as a copy's would. Refused alike for every reason.
 */
export async function checkPasskey(
	deps: PasskeyDeps,
	input: { secret: string; response: AuthenticationResponseJSON; userId?: string },
): Promise<{ userId: string }> {
	const { db } = deps;
	const { secret, response } = input;
	const kept = Kept.safeParse(await takeOnce(deps, { kind: 'passkey', secret }));
	if (!kept.success)
		throw refusal('challenge_ended', 'Asking the passkey took too long, or was done before. Try again.');
	const [passkey] = await db.select().from(passkeys).where(eq(passkeys.credentialID, response.id)).limit(1);
	if (passkey === undefined || (input.userId !== undefined && passkey.userId !== input.userId)) throw notKnown();
	const handle = response.response.userHandle;
	if (handle !== undefined && handle !== Buffer.from(userHandle(passkey.userId)).toString('base64url')) {
		throw notKnown();
	}
	const { counter, isBackedUp } = await verify(deps, passkey, { challenge: kept.data.challenge, response });
	// Of two answers with one counter, the second finds it taken. Authenticators that do not count say 0 each time.
	const isAhead = or(lt(passkeys.counter, counter), and(eq(passkeys.counter, 0), sql`${counter} = 0`));
	const counted = await db
		.update(passkeys)
		.set({ counter, backedUp: isBackedUp })
		.where(and(eq(passkeys.id, passkey.id), isAhead))
		.returning({ id: passkeys.id });
	if (counted.length === 0) throw notKnown();
	return { userId: passkey.userId };
}

async function verify(
	deps: PasskeyDeps,
	passkey: typeof passkeys.$inferSelect,
	{ challenge, response }: { challenge: string; response: AuthenticationResponseJSON },
): Promise<{ counter: number; isBackedUp: boolean }> {
	const party = relyingParty(deps);
	const verification = await verifyAuthenticationResponse({
		response,
		expectedChallenge: challenge,
		expectedOrigin: party.origin,
		expectedRPID: party.id,
		credential: {
			id: passkey.credentialID,
			publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64')),
			counter: passkey.counter,
		},
		requireUserVerification: true,
	}).catch((cause: unknown) => {
		throw notKnown(cause);
	});
	if (!verification.verified) throw notKnown();
	const { newCounter, credentialBackedUp } = verification.authenticationInfo;
	return { counter: newCounter, isBackedUp: credentialBackedUp };
}

function notKnown(cause?: unknown): AppError {
	const message = 'This passkey is not known here, or did not check that it is you. Use another one or another way.';
	return refusal('wrong_passkey', message, cause);
}

function refusal(reason: 'challenge_ended' | 'wrong_passkey', message: string, cause?: unknown): AppError {
	return new AppError('invalid_input', message, { details: { reason }, ...(cause === undefined ? {} : { cause }) });
}
