import { z } from 'zod';

import { RIGHTS } from '../../../schema/rights';
import { ROLES } from '../../../studios/roles';

/** What happens with everything that tells of a security event: when, and on what. */
const HAPPENED = {
	atMs: z.int(),
	/** "Firefox on Linux"; null when it is not known. */
	device: z.string().nullable(),
};

/** Of an account's people and keys: where, and who did it. */
const IN_ACCOUNT = { atMs: z.int(), accountName: z.string(), byName: z.string() };

/** What somebody is told of without having asked, so that they can tell when it was not them. */
export const SecurityEvent = z.discriminatedUnion('what', [
	z.object({ what: z.literal('password_changed'), ...HAPPENED }),
	/** Told to both addresses. */
	z.object({ what: z.literal('email_changed'), ...HAPPENED, newAddress: z.string() }),
	/** `way` as people know it: "Google". */
	z.object({ what: z.literal('way_linked'), ...HAPPENED, way: z.string() }),
	z.object({ what: z.literal('way_unlinked'), ...HAPPENED, way: z.string() }),
	z.object({ what: z.literal('passkey_added'), ...HAPPENED, name: z.string() }),
	z.object({ what: z.literal('passkey_removed'), ...HAPPENED, name: z.string() }),
	z.object({ what: z.literal('second_factor_on'), ...HAPPENED }),
	z.object({ what: z.literal('second_factor_off'), ...HAPPENED }),
	z.object({ what: z.literal('recovery_codes_made'), ...HAPPENED }),
	z.object({ what: z.literal('recovery_code_used'), ...HAPPENED, left: z.int().min(0) }),
	z.object({ what: z.literal('role_changed'), ...IN_ACCOUNT, role: z.enum(ROLES) }),
	z.object({ what: z.literal('removed'), ...IN_ACCOUNT }),
	/** Told to the owner before and the owner after. */
	z.object({ what: z.literal('ownership_transferred'), ...IN_ACCOUNT, ownerName: z.string() }),
	z.object({ what: z.literal('key_made'), ...IN_ACCOUNT, keyName: z.string() }),
]);
export type SecurityEvent = z.infer<typeof SecurityEvent>;

const TO = { to: z.string().min(3) };
const CODE = { ...TO, code: z.string().min(4), minutes: z.int().min(1) };

/** What an operator wrote. An empty line parts the paragraphs of the text. */
const WORDS = { subject: z.string().min(1), text: z.string().min(1) };

const RightKinds = z.enum(RIGHTS);
const RIGHT = { ...TO, right: RightKinds, url: z.url({ protocol: /^https?$/ }) };

/** What becomes of a request about rights. */
const RightsNews = z.discriminatedUnion('what', [
	z.object({ what: z.literal('opened'), dueAtMs: z.int() }),
	z.object({ what: z.literal('extended'), dueAtMs: z.int(), reason: z.string() }),
	z.object({ what: z.literal('answered'), words: z.string().min(1) }),
	z.object({ what: z.literal('refused'), words: z.string().min(1) }),
]);
export type RightsNews = z.infer<typeof RightsNews>;

/** Everything that is mailed: to whom, and the values that its words are made from. A schema, since it is sealed and opened. */
export const Mail = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('sign_up_code'), ...CODE }),
	/** To somebody with an account, in whose name one was asked for. */
	z.object({ kind: z.literal('already_signed_up'), ...TO }),
	z.object({ kind: z.literal('sign_in_code'), ...CODE }),
	z.object({ kind: z.literal('reset_code'), ...CODE }),
	/** Before a step that asks again who it is. */
	z.object({ kind: z.literal('proof_code'), ...CODE }),
	/** To the address that is left, and to the one that takes its place. */
	z.object({ kind: z.literal('change_from_code'), ...CODE, newAddress: z.string() }),
	z.object({ kind: z.literal('change_to_code'), ...CODE }),
	/** To an address that mail bounced off: whoever brings the code shows that it arrives again. */
	z.object({ kind: z.literal('address_code'), ...CODE }),
	z.object({
		kind: z.literal('invitation'),
		...TO,
		accountName: z.string(),
		inviterName: z.string(),
		role: z.enum(ROLES),
		url: z.url({ protocol: /^https?$/ }),
		days: z.int().min(1),
	}),
	z.object({ kind: z.literal('security'), ...TO, event: SecurityEvent }),
	/** To who owns the account and who looks after its billing, two weeks before a pack's credits end. */
	z.object({
		kind: z.literal('credits_ending'),
		...TO,
		accountName: z.string(),
		credits: z.int().min(1),
		boughtAtMs: z.int(),
		endsAtMs: z.int(),
	}),
	/** To whoever wrote to support: the link opens the conversation. */
	z.object({ kind: z.literal('ticket_received'), ...TO, url: z.url({ protocol: /^https?$/ }) }),
	z.object({
		kind: z.literal('ticket_answered'),
		...TO,
		url: z.url({ protocol: /^https?$/ }),
		words: z.string().min(1),
	}),
	/** To everybody whom a breach concerns, once (Art. 34). */
	z.object({
		kind: z.literal('incident'),
		...TO,
		incidentId: z.string(),
		happened: z.string(),
		/** Titles of the policy's classes. */
		what: z.array(z.string()),
		fromMs: z.int(),
		untilMs: z.int(),
		consequences: z.string(),
		measures: z.string(),
		advice: z.string(),
		contact: z.string(),
	}),
	/** To the owner, at once: staff looks at one render (N20). */
	z.object({
		kind: z.literal('staff_access'),
		...TO,
		accountName: z.string(),
		renderId: z.string(),
		reason: z.string(),
		untilMs: z.int(),
	}),
	/** To the owner: the law made us hand data over (DD-34). */
	z.object({
		kind: z.literal('disclosure'),
		...TO,
		accountName: z.string(),
		authority: z.string(),
		what: z.array(z.string()),
		reason: z.string(),
		atMs: z.int(),
	}),
	/** To a person who deletes their account: when it was asked for, and when all of it is gone. The link shows how far it is. */
	z.object({
		kind: z.literal('erasure'),
		...TO,
		stage: z.enum(['asked', 'done']),
		url: z.url({ protocol: /^https?$/ }),
		hours: z.int().min(1),
	}),
	/** To each other member of an account that its owner deleted: which one it was is in nobody else's words, so it has no name. */
	z.object({ kind: z.literal('account_erased'), ...TO, hours: z.int().min(1) }),
	/** To who asked for a copy of everything about them: it lies ready until then. */
	z.object({ kind: z.literal('export_ready'), ...TO, deleteAtMs: z.int() }),
	/** To the address that a request about rights gave: the link shows that it is theirs. */
	z.object({ kind: z.literal('rights_link'), ...RIGHT, days: z.int().min(1) }),
	/** To who made it, once the address is known to be theirs. */
	z.object({ kind: z.literal('rights_news'), ...RIGHT, news: RightsNews }),
	/** To operators, when a week is left. */
	z.object({ kind: z.literal('rights_due'), ...TO, right: RightKinds, requestId: z.string(), dueAtMs: z.int() }),
	/** To whoever signed by a patient's link and asked for it: the words as they were signed, and no link. */
	z.object({
		kind: z.literal('consent_copy'),
		...TO,
		practice: z.string(),
		sections: z.array(z.object({ heading: z.string(), paragraphs: z.array(z.string()) })).min(1),
		signerName: z.string(),
		signedAtMs: z.int(),
		/** False: it was signed elsewhere, and these are the words as the practice recorded it. */
		isOnOurPage: z.boolean(),
	}),
	/** To everybody, before a material change of the policy holds (DD-43, DS-43). */
	z.object({
		kind: z.literal('policy_change'),
		...TO,
		version: z.string(),
		holdsFromMs: z.int(),
		changes: z.array(z.string()),
	}),
	/** To those who want them, one mail a person (`announce`). */
	z.object({ kind: z.literal('product_update'), ...TO, ...WORDS }),
	z.object({ kind: z.literal('announcement'), ...TO, ...WORDS }),
	/** To the operator who is about to send one of these two. */
	z.object({ kind: z.literal('update_preview'), ...TO, ...WORDS }),
]);
export type Mail = z.infer<typeof Mail>;
