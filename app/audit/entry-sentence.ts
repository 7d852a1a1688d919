import type { z } from 'zod';

import { ROLES } from '../../studios/roles';
import type { AuditList } from '../../workers/api/contract/audit';
import { roleWords } from '../roles';

export type AuditEntry = z.infer<typeof AuditList>['items'][number];
export type AuditAction = AuditEntry['action'];

interface Words {
	/** The filter's word for it; null for what is about a person alone, which no account's record holds. */
	readonly title: string | null;
	readonly sentence: (entry: AuditEntry, word: string) => string;
}

/** Who did it, or that they are no user any more. */
function who({ who: { name } }: AuditEntry): string {
	return name ?? 'Somebody who is gone';
}

function target({ target: thing }: AuditEntry, missing: string): string {
	return thing?.name ?? missing;
}

/** An order has no name but its id. */
function order({ target: thing }: AuditEntry): string {
	return thing?.name ?? (thing?.id.startsWith('rnd_') === true ? thing.id : 'that is gone');
}

const GONE = 'somebody who is gone';

/** "a clinician", "staff", "billing": a role after "as" or "made". */
function asRole(role: string | undefined): string {
	const known = ROLES.find((candidate) => candidate === role);
	if (known === undefined) return 'a member';
	const words = roleWords(known).toLowerCase();
	return known === 'clinician' ? `a ${words}` : known === 'owner' ? `the ${words}` : words;
}

/** What happened, one sentence each. The compiler asks for one when an action is added. */
const WORDS: Readonly<Record<AuditAction, Words>> = {
	'account.opened': { title: 'Opened', sentence: (entry, word) => `${who(entry)} opened the ${word}` },
	'account.changed': {
		title: 'Profile changed',
		sentence: (entry) => `${who(entry)} changed the profile: ${entry.facts['fields'] ?? 'some of it'}`,
	},
	'jurisdiction.changed': {
		title: 'Place changed',
		sentence: (entry) =>
			`${who(entry)} changed where it advertises from ${entry.facts['from'] ?? 'not said'} to ${entry.facts['to'] ?? 'another place'}`,
	},
	'logo.changed': {
		title: 'Logo changed',
		sentence: (entry) => `${who(entry)} ${entry.facts['to'] === 'removed' ? 'removed the logo' : 'set a new logo'}`,
	},
	'consent_link.made': {
		title: 'Patient link made',
		sentence: (entry) => `${who(entry)} made a link to a consent for its patient`,
	},
	'consent_link.ended': {
		title: 'Patient link ended',
		sentence: (entry) => `${who(entry)} ended a patient’s link to a consent`,
	},
	'consent.signed': {
		title: 'Signed by link',
		sentence: (entry) => `${who(entry)} signed a consent by their own link`,
	},
	'consent.narrowed': {
		title: 'Narrowed by link',
		sentence: (entry) => `${who(entry)} took uses away from a consent by their own link`,
	},
	'consent.revoked': {
		title: 'Revoked by link',
		sentence: (entry) => `${who(entry)} revoked a consent by their own link`,
	},
	'paper.seen': { title: 'Paper seen', sentence: (entry) => `${who(entry)} looked at the paper of a consent` },
	'paper.checked': {
		title: 'Paper checked',
		sentence: (entry) => `${who(entry)} compared a paper with its consent and recorded it`,
	},
	'member.invited': {
		title: 'Invited',
		sentence: (entry) =>
			`${who(entry)} invited ${target(entry, 'an address that is forgotten')} as ${asRole(entry.facts['role'])}`,
	},
	'invitation.revoked': {
		title: 'Invitation revoked',
		sentence: (entry) => `${who(entry)} revoked the invitation of ${target(entry, 'an address that is forgotten')}`,
	},
	'member.joined': {
		title: 'Joined',
		sentence: (entry) => `${who(entry)} joined as ${asRole(entry.facts['role'])}`,
	},
	'member.left': {
		title: 'Left',
		sentence: (entry) => `${who(entry)} left. Their role was ${asRole(entry.facts['role'])}`,
	},
	'member.removed': {
		title: 'Removed',
		sentence: (entry) => `${who(entry)} removed ${target(entry, GONE)}, who was ${asRole(entry.facts['role'])}`,
	},
	'role.changed': {
		title: 'Role changed',
		sentence: (entry) =>
			`${who(entry)} made ${target(entry, GONE)} ${asRole(entry.facts['to'])}, who was ${asRole(entry.facts['from'])}`,
	},
	'ownership.transferred': {
		title: 'Handed over',
		sentence: (entry, word) => `${who(entry)} handed the ${word} over to ${target(entry, GONE)}`,
	},
	'key.made': {
		title: 'API key made',
		sentence: (entry) => `${who(entry)} made the API key ${quoted(target(entry, 'that is gone'))}`,
	},
	'key.revoked': {
		title: 'API key revoked',
		sentence: (entry) => `${who(entry)} revoked the API key ${quoted(target(entry, 'that is gone'))}`,
	},
	'audit.read': { title: 'Record read', sentence: (entry) => `${who(entry)} read this record` },
	'checkout.opened': { title: 'Went to pay', sentence: (entry) => `${who(entry)} went to Stripe to buy credits` },
	'portal.opened': { title: 'Billing opened', sentence: (entry) => `${who(entry)} opened card and plan at Stripe` },
	'password.changed': { title: null, sentence: (entry) => `${who(entry)} changed their password` },
	'email.changed': { title: null, sentence: (entry) => `${who(entry)} changed their e-mail address` },
	'way_in.linked': { title: null, sentence: (entry) => `${who(entry)} linked a way to sign in` },
	'way_in.unlinked': { title: null, sentence: (entry) => `${who(entry)} unlinked a way to sign in` },
	'passkey.added': { title: null, sentence: (entry) => `${who(entry)} added a passkey` },
	'passkey.removed': { title: null, sentence: (entry) => `${who(entry)} removed a passkey` },
	'second_factor.on': { title: null, sentence: (entry) => `${who(entry)} switched a second factor on` },
	'second_factor.off': { title: null, sentence: (entry) => `${who(entry)} switched the second factor off` },
	'recovery_codes.made': { title: null, sentence: (entry) => `${who(entry)} made new recovery codes` },
	'session.ended': { title: null, sentence: (entry) => `${who(entry)} ended a session` },
	'sessions.ended': { title: null, sentence: (entry) => `${who(entry)} ended every session` },
	'credits.granted': {
		title: 'Credits added',
		sentence: (entry) => `${who(entry)} added ${entry.facts['credits'] ?? 'some'} credits`,
	},
	'credits.returned': {
		title: 'Credits given back',
		sentence: (entry) => `${who(entry)} gave back ${entry.facts['credits'] ?? 'the'} credits that were charged`,
	},
	'refund.asked': {
		title: 'Refund begun',
		sentence: (entry) => `${who(entry)} began to refund ${entry.facts['amount'] ?? 'a payment'}`,
	},
	'refund.made': {
		title: 'Refunded',
		sentence: (entry) => `${who(entry)} refunded ${entry.facts['amount'] ?? 'a payment'}`,
	},
	'ledger.read': { title: 'Ledger read', sentence: (entry) => `${who(entry)} read the ledger of the credits` },
	'ledger.audited': { title: null, sentence: (entry) => `${who(entry)} checked every ledger` },
	'ledger.reconciled': { title: null, sentence: (entry) => `${who(entry)} compared payments with every ledger` },
	'vault.rotated': { title: null, sentence: (entry) => `${who(entry)} changed the lock of the keys` },
	'vault.sealed': { title: null, sentence: (entry) => `${who(entry)} sealed earlier entries` },
	'erasures.replayed': { title: null, sentence: (entry) => `${who(entry)} erased again what had come back` },
	'mail.announced': { title: null, sentence: (entry) => `${who(entry)} mailed an update to those who wanted it` },
	'suppression.lifted': { title: null, sentence: (entry) => `${who(entry)} let mail go to an address again` },
	'stripe.prepared': { title: null, sentence: (entry) => `${who(entry)} prepared prices and the till` },
	'ticket.read': { title: null, sentence: (entry) => `${who(entry)} read a conversation` },
	'ticket.answered': { title: null, sentence: (entry) => `${who(entry)} answered a message` },
	'ticket.closed': { title: null, sentence: (entry) => `${who(entry)} closed a conversation` },
	'tickets.erased': { title: null, sentence: (entry) => `${who(entry)} deleted conversations` },
	'incident.opened': { title: null, sentence: (entry) => `${who(entry)} began to look into an incident` },
	'incident.described': { title: null, sentence: (entry) => `${who(entry)} described an incident` },
	'incident.looked_up': { title: null, sentence: (entry) => `${who(entry)} looked up whom an incident concerns` },
	'incident.told': { title: null, sentence: (entry) => `${who(entry)} told whom an incident concerns` },
	'incident.reported': { title: null, sentence: (entry) => `${who(entry)} reported an incident` },
	'incident.closed': { title: null, sentence: (entry) => `${who(entry)} closed an incident` },
	'content.opened': {
		title: 'Opened by our staff',
		sentence: (entry) => `${who(entry)} opened the order ${order(entry)} for 30 minutes`,
	},
	'content.looked_at': {
		title: 'Looked at by our staff',
		sentence: (entry) => `${who(entry)} looked at the order ${order(entry)}`,
	},
	'data.disclosed': {
		title: 'Handed over by law',
		sentence: (entry) =>
			`${who(entry)} gave data to ${entry.facts['authority'] ?? 'an authority'} because the law required it: ${entry.facts['classes'] ?? 'not said which'}`,
	},
	'disclosure.kept_quiet': {
		title: null,
		sentence: (entry) => `${who(entry)} noted a disclosure that must not be told of yet`,
	},
	'restriction.set': {
		title: 'Restricted',
		sentence: (entry) => `${who(entry)} restricted what may be done with data`,
	},
	'restriction.lifted': { title: 'Restriction lifted', sentence: (entry) => `${who(entry)} lifted a restriction` },
	'export.asked': { title: null, sentence: (entry) => `${who(entry)} asked for a copy of all data` },
	'objection.made': { title: null, sentence: (entry) => `${who(entry)} objected to uses of their data` },
	'rights.read': { title: null, sentence: (entry) => `${who(entry)} read a request about rights` },
	'rights.answered': { title: null, sentence: (entry) => `${who(entry)} answered a request about rights` },
	'rights.refused': { title: null, sentence: (entry) => `${who(entry)} refused a request about rights` },
	'subject.erased': {
		title: 'Patient erased',
		sentence: (entry) => `${who(entry)} erased a patient with everything that was made of them`,
	},
	'hold.placed': { title: null, sentence: (entry) => `${who(entry)} placed a legal hold` },
	'hold.released': { title: null, sentence: (entry) => `${who(entry)} released a legal hold` },
	'rights.extended': { title: null, sentence: (entry) => `${who(entry)} took longer for a request about rights` },
};

function quoted(name: string): string {
	return name === 'that is gone' ? name : `“${name}”`;
}

/** "Ada made Ben a clinician, who was staff." `word` is what the studio calls an account. */
export function entrySentence(entry: AuditEntry, word: string): string {
	return `${WORDS[entry.action].sentence(entry, word)}.`;
}

function isAction(name: string): name is AuditAction {
	return Object.hasOwn(WORDS, name);
}

/** The action of a filter's value; undefined for none, or one that no account's record holds. */
export function toAction(value: string | null): AuditAction | undefined {
	return value !== null && isAction(value) && WORDS[value].title !== null ? value : undefined;
}

/** What can be filtered by, in the order of the table. */
export const FILTER_ACTIONS: readonly { readonly action: AuditAction; readonly title: string }[] = Object.keys(WORDS)
	.filter(isAction)
	.flatMap((action) => {
		const { title } = WORDS[action];
		return title === null ? [] : [{ action, title }];
	});
