/** The bodies about an account: its profile, who belongs to it, and who is asked to. */
import { z } from '@hono/zod-openapi';

import { ROLES } from '../../../studios/roles';
import { jurisdiction } from './shares';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const line = (label: string, max: number) => z.string().trim().max(max, `${label} has ${max} characters at most.`);

/** Every role that is given to somebody: ownership is handed over instead. */
const GIVEN_ROLES = ROLES.filter((role) => role !== 'owner');
const givenRole = z.enum(GIVEN_ROLES, 'Choose a role: clinician, staff or billing.');

const reason = line('A reason', 300).optional().openapi({ description: 'Why, for whoever reads the record later.' });

export const AccountAnswer = z
	.object({
		id: z.string(),
		name: z.string(),
		phone: z.string().nullable(),
		website: z.string().nullable(),
		address: z.string().nullable(),
		/** A view of the logo, for minutes; null without one. */
		logoUrl: z.string().nullable(),
		/** Where it advertises, by whose rules the publish gate goes. */
		jurisdiction,
		isJurisdictionChosen: z.boolean(),
		createdAt: time,
	})
	.openapi('Account');

const WEBSITE = 'A website begins with https:// or http://, such as https://smile.example.';

export const AccountChange = z
	.object({
		name: z.string().trim().min(1, 'Type a name.').max(120, 'A name has 120 characters at most.').optional(),
		phone: line('A phone number', 40).optional(),
		website: line('A website', 200)
			.refine((text) => text === '' || isWebsite(text), WEBSITE)
			.optional(),
		address: line('An address', 300).optional(),
	})
	.openapi('AccountChange', {
		description: 'What is left out stays. An empty `phone`, `website` or `address` is removed.',
	});

/** An address that a page may link to: neither a script nor one that shows another host than it goes to. */
function isWebsite(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, username, password } = new URL(text);
	return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

export const LogoChoice = z.object({ uploadId: z.string().max(60) }).openapi('LogoChoice');

const member = z.object({
	/** The person's. */
	id: z.string(),
	name: z.string(),
	email: z.string(),
	role: z.enum(ROLES),
	joinedAt: time,
	isYou: z.boolean(),
});

export const MemberList = z
	.object({ items: z.array(member), membersMax: z.number().int() })
	.openapi('MemberList', { description: 'The owner first, then in the order they joined.' });

export const RoleChange = z.object({ role: givenRole, reason }).openapi('RoleChange');

export const MemberRole = z.object({ id: z.string(), role: z.enum(ROLES) }).openapi('MemberRole');

export const RemovalOrder = z.object({ reason }).openapi('RemovalOrder');

export const TransferOrder = z.object({ userId: z.string().max(60), reason }).openapi('TransferOrder');

export const Done = z.object({ id: z.string() }).openapi('Done');

export const InvitationOrder = z
	.object({
		email: z
			.string()
			.trim()
			.toLowerCase()
			.max(254, 'An e-mail address has 254 characters at most.')
			.pipe(z.email('Type an e-mail address, such as ada@practice.example.')),
		role: givenRole,
	})
	.openapi('InvitationOrder');

export const InvitationAnswer = z
	.object({
		id: z.string(),
		email: z.string(),
		role: z.enum(ROLES),
		state: z.enum(['open', 'expired']),
		invitedBy: z.object({ id: z.string(), name: z.string() }),
		createdAt: time,
		expiresAt: time,
	})
	.openapi('Invitation');

export const InvitationList = z
	.object({ items: z.array(InvitationAnswer) })
	.openapi('InvitationList', { description: 'Those that were neither accepted nor revoked, the newest first.' });

const token = z
	.string()
	.trim()
	.max(200)
	.openapi({ description: 'What stands behind # in the mailed link; never put it into an address.' });

export const InvitationToken = z.object({ token }).openapi('InvitationToken');

export const InvitationView = z
	.object({
		accountName: z.string(),
		inviterName: z.string(),
		role: z.enum(ROLES),
		/** As much of the address as tells whether it is one's own: `a…@practice.example`. */
		email: z.string(),
		state: z.enum(['open', 'accepted', 'revoked', 'expired']),
		expiresAt: time,
	})
	.openapi('InvitationView');

export const InvitationAcceptance = z
	.object({
		token,
		statementVersion: z.string().max(40).optional().openapi({
			description: 'The version of the studio’s statement that the person has made (`GET /v1/studio`).',
		}),
	})
	.openapi('InvitationAcceptance');

export const JoinedAccount = z
	.object({ id: z.string(), name: z.string(), role: z.enum(ROLES) })
	.openapi('JoinedAccount');
