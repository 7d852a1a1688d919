import {
	generateRegistrationOptions,
	verifyRegistrationResponse,
	type PublicKeyCredentialCreationOptionsJSON,
	type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';

import { passkeys } from '../../../schema/users';
import { keepOnce, takeOnce } from '../accounts/one-time';
import type { Person } from '../accounts/resolve-person';
import { changeStatements, type Changer } from '../accounts/tell-person';
import { isGateShut } from '../audit/audit-statement';
import type { AccessDeps } from '../deps';
import { AppError, violates } from '../errors';
import { tellMail } from '../mail/queue-mail';
import type { Passkey } from './list-passkeys';
import { CEREMONY_MINUTES, relyingParty, userHandle } from './relying-party';

/** More than anybody has devices. */
export const PASSKEYS_MAX = 20;
export const PASSKEY_NAME_LENGTH_MAX = 60;

const Kept = z.object({ challenge: z.string() });

/**
 * What the browser makes a passkey from: one that is kept on the device and found without typing an address, made with
 * whoever is there verified, and none that this person has already. Good once, for five minutes, for this session.
 */
export async function offerPasskey(
	deps: AccessDeps,
	{ person }: { person: Pick<Person, 'userId' | 'sessionId' | 'email' | 'name'> },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
	const { userId, sessionId, email, name } = person;
	const party = relyingParty(deps);
	const known = await deps.db.select({ id: passkeys.credentialID }).from(passkeys).where(eq(passkeys.userId, userId));
	const options = await generateRegistrationOptions({
		rpName: party.name,
		rpID: party.id,
		userID: userHandle(userId),
		userName: email,
		userDisplayName: name,
		// Which maker's device it is does not matter here, and asking for it would tell us.
		attestationType: 'none',
		excludeCredentials: known,
		authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
	});
	const value = { challenge: options.challenge };
	await keepOnce(deps, { kind: 'passkey_add', secret: sessionId, value, minutes: CEREMONY_MINUTES });
	return options;
}

/**
 * Adds the passkey that was made from such an offer, with its audit entry and mail. Refused: without an open offer, for another
 * site or origin, without the person verified, one that is known already, and the twenty-first.
 */
export async function addPasskey(
	deps: AccessDeps,
	input: { changer: Changer; response: RegistrationResponseJSON; name: string | undefined },
): Promise<Passkey> {
	const { db, newId, now } = deps;
	const { changer, response } = input;
	const { userId } = changer.person;
	const made = await verify(deps, changer.person, response);
	const name = (input.name ?? changer.whence.browser ?? 'Passkey').slice(0, PASSKEY_NAME_LENGTH_MAX);
	const row = { ...made, id: newId('passkey'), userId, name, createdAt: now() };
	const { gate, mail, mailId } = await changeStatements(deps, changer, {
		entry: { action: 'passkey.added', targetId: row.id },
		told: { what: 'passkey_added', name },
		holds: sql`(select count(*) from ${passkeys} k where k.user_id = ${userId}) < ${PASSKEYS_MAX}`,
	});
	try {
		await db.batch([gate, db.insert(passkeys).values(row), ...mail]);
	} catch (cause) {
		if (violates(cause, 'passkeys.credential_id')) {
			throw new AppError('conflict', 'This passkey is here already.', { cause });
		}
		if (!isGateShut(cause)) throw cause;
		throw await whyNotAdded(deps, userId, cause);
	}
	await tellMail(deps, mailId);
	return { id: row.id, name, createdAt: row.createdAt, isBackedUp: row.backedUp };
}

/** There is no room for one more; else the session has ended, without which the gate is shut too. */
async function whyNotAdded({ db }: Pick<AccessDeps, 'db'>, userId: string, cause: unknown): Promise<AppError> {
	if ((await db.$count(passkeys, eq(passkeys.userId, userId))) < PASSKEYS_MAX) {
		return new AppError('not_signed_in', 'You signed out meanwhile. No passkey was added. Sign in again.', { cause });
	}
	return new AppError(
		'conflict',
		`You have ${PASSKEYS_MAX} passkeys, and that is the most. Remove one you do not use first.`,
		{ cause, details: { passkeysMax: PASSKEYS_MAX } },
	);
}

async function verify(deps: AccessDeps, { sessionId }: Pick<Person, 'sessionId'>, response: RegistrationResponseJSON) {
	const kept = Kept.safeParse(await takeOnce(deps, { kind: 'passkey_add', secret: sessionId }));
	if (!kept.success) {
		throw new AppError('invalid_input', 'Making the passkey took too long, or was done before. Begin again.');
	}
	const party = relyingParty(deps);
	const verification = await verifyRegistrationResponse({
		response,
		expectedChallenge: kept.data.challenge,
		expectedOrigin: party.origin,
		expectedRPID: party.id,
		requireUserVerification: true,
	}).catch((cause: unknown) => {
		throw notAccepted(cause);
	});
	if (!verification.verified) throw notAccepted(undefined);
	const { credential, credentialDeviceType, credentialBackedUp, aaguid } = verification.registrationInfo;
	return {
		credentialID: credential.id,
		publicKey: Buffer.from(credential.publicKey).toString('base64'),
		counter: credential.counter,
		deviceType: credentialDeviceType,
		backedUp: credentialBackedUp,
		transports: credential.transports?.join(',') ?? null,
		aaguid,
	};
}

function notAccepted(cause: unknown): AppError {
	const message =
		'This passkey cannot be used here: it is for another site, or was made without checking that it is you. Try again.';
	return new AppError('invalid_input', message, cause === undefined ? {} : { cause });
}
