/** What a person sees and changes of themselves. */
import { z } from '@hono/zod-openapi';

import { Code, EmailAddress, Password, PersonName } from './auth';
import { PasskeyAnswer, PasskeyAssertion } from './ways';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });

export const MeAnswer = z
	.object({
		id: z.string(),
		name: z.string(),
		email: z.string(),
		ways: z.array(z.object({ id: z.string(), way: z.enum(['password', 'google', 'apple', 'github']), linkedAt: time })),
		passkeys: z.array(PasskeyAnswer),
		secondFactor: z.object({ isOn: z.boolean(), recoveryCodesLeft: z.number().int() }),
		hasPassword: z.boolean(),
		statements: z.array(z.object({ kind: z.enum(['professional', 'age']), textVersion: z.string(), madeAt: time })),
	})
	.openapi('Me');

export const MeChange = z.strictObject({ name: PersonName }).openapi('MeChange');

export const SessionList = z
	.object({
		items: z.array(
			z.object({
				id: z.string(),
				device: z.string().nullable().openapi({ example: 'Firefox on Linux' }),
				signedInAt: time,
				isThis: z.boolean(),
			}),
		),
	})
	.openapi('SessionList');

export const EndedSessions = z.object({ ended: z.number().int() }).openapi('EndedSessions');

export const CodeSent = z.object({ sent: z.literal(true), minutes: z.number().int() }).openapi('CodeSent');

export const ProofOrder = z
	.union([
		z.strictObject({ password: Password }),
		z.strictObject({ code: Code }),
		z.strictObject({ totp: Code }),
		z.strictObject({ passkey: PasskeyAssertion }),
	])
	.openapi('ProofOrder');

export const ProofAnswer = z.object({ provedUntil: time }).openapi('Proof');

export const PasswordOrder = z.strictObject({ next: Password }).openapi('PasswordOrder');
export const PasswordChanged = z.object({ changed: z.literal(true) }).openapi('PasswordChanged');

export const EmailOrder = z.strictObject({ email: EmailAddress }).openapi('EmailOrder');
export const EmailCodes = z.strictObject({ currentCode: Code, newCode: Code }).openapi('EmailCodes');
export const EmailChanged = z.object({ email: z.string() }).openapi('EmailChanged');

export const SecondFactorOffer = z
	.object({ uri: z.string().openapi({ description: 'otpauth:, for a QR code' }), secret: z.string() })
	.openapi('SecondFactorOffer');
export const SecondFactorOrder = z.strictObject({ code: Code }).openapi('SecondFactorOrder');
export const SecondFactorOff = z.object({ isOn: z.literal(false) }).openapi('SecondFactorOff');
export const RecoveryCodes = z
	.object({ recoveryCodes: z.array(z.string()) })
	.openapi('RecoveryCodes', { description: 'Shown this once; each is good once.' });

export const EventList = z
	.object({
		items: z.array(
			z.object({
				id: z.string(),
				action: z.string(),
				at: time,
				network: z.string().nullable(),
				country: z.string().nullable(),
				browser: z.string().nullable(),
				facts: z.record(z.string(), z.string()),
			}),
		),
	})
	.openapi('EventList');
