import type { Claim } from '../policy';

/** What keeps a claim, and the tests that show it. */
export type Proof = Pick<Claim, 'enforcedBy' | 'tests'>;

/** Several of them for one claim; what two name is named once. */
export function proofs(...all: readonly Proof[]): Proof {
	const tests = all.flatMap((proof) => proof.tests);
	return {
		enforcedBy: [...new Set(all.flatMap(({ enforcedBy }) => enforcedBy))],
		tests: tests.filter(
			({ file, title }, index) => tests.findIndex((other) => other.file === file && other.title === title) === index,
		),
	};
}

/** Of a claim that only people can vouch for. */
export const NO_PROOF: Proof = { enforcedBy: [], tests: [] };

/** A file of `test/`, and titles of tests in it. */
function shown(file: string, ...titles: readonly string[]): Claim['tests'] {
	return titles.map((title) => ({ file: `test/${file}.test.ts`, title }));
}

export const acceptance: Proof = {
	enforcedBy: [
		'workers/core/policy/accept-policy.ts',
		'workers/core/renders/start-render.ts',
		'workers/core/uploads/announce-upload.ts',
	],
	tests: [
		...shown(
			'core/policy/acceptance',
			'without an accepted policy nothing is ordered and no photo is taken, and neither leaves a trace',
			'accepting the version in force lets the same order through, and twice is once',
		),
	],
};

export const acceptedAtSignUp: Proof = {
	enforcedBy: ['workers/core/policy/accept-policy.ts', 'workers/core/accounts/enter-by-provider.ts'],
	tests: [...shown('core/policy/acceptance', 'whoever comes in by a provider accepts as a sign-up does')],
};

export const notice: Proof = {
	enforcedBy: ['workers/core/policy/keep-registry.ts', 'schema/policy.ts'],
	tests: [
		...shown(
			'core/policy/registry',
			'a material version is told to everybody once, in bounded steps, and holds only when its notice is over',
			'no statement puts a version in force before its notice is over, nor before its day',
			'the notice says what changes, and from which day at the earliest',
			'what a version changes is enforced from its day on, and the words before it keep their hash',
		),
	],
};

export const versions: Proof = {
	enforcedBy: ['workers/core/policy/policy-text.ts', 'workers/core/policy/keep-registry.ts'],
	tests: [
		...shown(
			'core/policy/registry',
			'another text under a version that is registered is logged and told as broken',
			'in an empty registry the first version holds at once, and a second look changes nothing',
		),
	],
};

export const use: Proof = {
	enforcedBy: ['workers/core/policy/accept-policy.ts', 'workers/api/session.ts'],
	tests: [
		...shown(
			'core/policy/acceptance',
			'a version that is not material asks for nothing; the first use under it is noted once',
		),
	],
};

export const askAgain: Proof = {
	enforcedBy: ['workers/core/policy/accept-policy.ts'],
	tests: [
		...shown('core/policy/acceptance', 'a material version asks again, and the one before it is not accepted any more'),
	],
};

export const egress: Proof = {
	enforcedBy: ['workers/core/egress/egress.ts', 'studios/policy/processors.ts'],
	tests: [
		...shown(
			'core/egress/egress',
			'nothing is sent to %s in production, and the refusal says what to do',
			'every host of a processor is reached, and no redirect from there is followed',
		),
		...shown('repository/egress', 'nothing in the Workers sends by itself: only the egress holds fetch'),
	],
};

export const lint: Proof = {
	enforcedBy: ['scripts/policy-lint/lint-policy.ts'],
	tests: [
		...shown(
			'scripts/policy-lint',
			'%s fails, and the sentence says what to do',
			'the policy agrees with the schema, the code, the configuration and the tests',
		),
	],
};

export const jurisdiction: Proof = {
	enforcedBy: ['scripts/policy-lint/lint-places.ts', 'workers/jobs/wrangler.toml'],
	tests: [
		...shown('scripts/policy-lint', '%s fails, and the sentence says what to do'),
		...shown(
			'repository/bindings',
			'api and jobs share one database and one vault, media and jobs one bucket, all in one jurisdiction',
		),
	],
};

export const bindings: Proof = {
	enforcedBy: [
		'workers/api/wrangler.toml',
		'workers/jobs/wrangler.toml',
		'workers/media/wrangler.toml',
		'wrangler.toml',
	],
	tests: [...shown('repository/bindings', '%s holds what the table gives it and nothing else')],
};

export const dataMap: Proof = {
	enforcedBy: ['schema/data-map/data-map.ts'],
	tests: [
		...shown(
			'docs/data-map',
			'every table of the schema is mapped, and nothing that is none',
			'every column of %s is mapped exactly once',
			'every prefix of the bucket is mapped',
		),
	],
};

export const render: Proof = {
	enforcedBy: ['workers/core/renders/advance-render.ts', 'workers/core/renders/settle-render.ts'],
	tests: [
		...shown(
			'core/renders/advance-render',
			'two stages make two assets that are ready only with the success, 24 credits and a day for the photo',
		),
	],
};

export const failFree: Proof = {
	enforcedBy: ['workers/core/renders/settle-render.ts', 'workers/core/credits/resolve-hold.ts'],
	tests: [
		...shown('core/renders/settle-render', 'an ended render takes no second outcome, whichever it is'),
		...shown(
			'core/renders/advance-render',
			'a stage that fails each time is tried three times, then the render fails and gives back',
		),
		...shown('core/credits/capture-credits', 'capturing twice charges once'),
	],
};

export const signUpData: Proof = {
	enforcedBy: ['workers/core/people/complete-sign-up.ts', 'schema/users.ts'],
	tests: [
		...shown(
			'workers/api/sign-up',
			'a sign-up makes no user and no session; its code makes both, and nothing waits any more',
		),
		...shown(
			'core/accounts/ways/enter-by-provider',
			'somebody new is stored whole, with the verified address and no token of the provider',
		),
	],
};

export const password: Proof = {
	enforcedBy: ['workers/core/accounts/password.ts'],
	tests: [
		...shown(
			'core/accounts/password',
			'a hash needs its pepper and its password, and says its format',
			'a password that is %s is told so, and five characters of its hash are all that leaves',
		),
		...shown('core/log', 'of a sign-in that D1 refused, nothing personal is printed'),
	],
};

export const profile: Proof = {
	enforcedBy: ['workers/core/accounts/change-account.ts'],
	tests: [
		...shown(
			'core/accounts/practices/profile',
			'a new account has a name and nothing else, and is read in one statement',
			'every field can be filled, changed by itself and emptied, with an entry that names the fields and not their words',
		),
	],
};

export const reference: Proof = {
	enforcedBy: ['workers/core/consents/create-subject.ts', 'workers/core/vault/seal-text.ts'],
	tests: [
		...shown(
			'core/vault/sealed-rows',
			'a reference lies sealed, under the subject’s own key, and is told as it was given',
		),
		...shown('core/consents/consents', 'a photo without a consent that holds is refused with the reason'),
	],
};

export const card: Proof = {
	enforcedBy: ['workers/core/gateways/stripe/till.ts', 'schema/billing.ts'],
	tests: [
		...shown('edge/billing', 'of an event with a whole card in it only which object it is about is kept'),
		...shown(
			'core/gateways/stripe/emulator',
			'a till is opened once under its key, and what is known of a person never goes there',
		),
	],
};

export const cardFacts: Proof = {
	enforcedBy: ['workers/core/billing/sync-subscription.ts', 'schema/billing.ts'],
	tests: [
		...shown(
			'edge/billing',
			'a plan is paid at the till: its credits, its month, and of the card brand and last four digits alone',
		),
		...shown('core/billing/reading', 'plan, period and card are shown without asking Stripe'),
	],
};

export const ordered: Proof = {
	enforcedBy: ['workers/core/renders/start-render.ts'],
	tests: [
		...shown(
			'core/renders/start-render',
			'an order without a tool, with a wrong parameter or without a photo of its own is refused',
		),
		...shown('edge/refused-orders', 'nothing that was refused ever reached a processor'),
	],
};

export const mail: Proof = {
	enforcedBy: ['workers/core/mail/send-mail.ts', 'workers/core/mail/seal-mail.ts'],
	tests: [
		...shown('core/mail/send-mail', 'a queued mail is sent once, and what was sealed is emptied'),
		...shown('core/mail/queue-mail', 'the stored row holds neither the address nor the code'),
	],
};

export const audit: Proof = {
	enforcedBy: ['workers/core/audit/audit-statement.ts'],
	tests: [
		...shown('core/audit/list-audit', 'an entry says who, what, to whom, when, from where and why'),
		...shown(
			'repository/audit',
			'nothing changes the record of who did what but its age and the erasure of who it is about',
		),
	],
};

export const noAddress: Proof = {
	enforcedBy: ['workers/media/get-object.ts', 'workers/core/media/sign-url.ts'],
	tests: [
		...shown(
			'edge/tenancy-matrix',
			'somebody else’s thing answers as what never was, whatever its kind, and nothing anywhere differs after it',
		),
		...shown(
			'workers/media/media',
			'a late, altered, foreign or missing token is refused',
			'there is no list, no delete and no other path',
		),
	],
};

export const purpose: Proof = {
	enforcedBy: ['workers/core/renders/start-attempt.ts', 'workers/core/uploads/read-upload.ts'],
	tests: [
		...shown(
			'core/renders/advance-render',
			'what a stage is sent are signed addresses of minutes, and a webhook address with a token',
		),
		...shown('core/renders/read-render', 'a view of the photo never outlives it, and there is none at its hour'),
	],
};

export const purge: Proof = {
	enforcedBy: [
		'workers/core/retention/sweep.ts',
		'workers/core/retention/erase-sources.ts',
		'workers/core/uploads/announce-upload.ts',
	],
	tests: [
		...shown(
			'core/retention/sweep',
			'a photo is deleted at its hour, not a millisecond before, and its receipt says where it was looked for',
			'a clock that runs ahead of the cron deletes nothing early',
		),
		...shown('core/retention/purge-exactness', 'what a sweep has deleted is exactly what was due'),
	],
};

export const fixedClock: Proof = {
	enforcedBy: [
		'workers/core/uploads/announce-upload.ts',
		'workers/core/renders/start-render.ts',
		'workers/core/renders/settle-render.ts',
	],
	tests: [
		...shown(
			'core/policy/photo-clock',
			'a photo whose clock runs from its arrival leaves a day after it came, whatever is made from it',
		),
	],
};

export const stays: Proof = {
	enforcedBy: ['workers/core/assets/delete-asset.ts', 'workers/core/retention/erase-asset.ts'],
	tests: [
		...shown('core/retention/purge-exactness', 'what a sweep has deleted is exactly what was due'),
		...shown(
			'core/assets/assets',
			'a deleted asset is unreachable at once, its bytes go, and repeating answers the same receipt',
		),
		...shown('core/retention/erase-asset', 'a deleted video is gone and signed for once, however often it is asked'),
	],
};

export const noTraining: Proof = {
	enforcedBy: ['workers/core/gateways/fal.ts'],
	tests: [...shown('core/gateways/fal', 'a submission carries input, webhook address, key and the privacy headers')],
};

export const forgets: Proof = {
	enforcedBy: ['workers/core/renders/forget-render.ts'],
	tests: [
		...shown(
			'core/renders/advance-render',
			'a render is not called forgotten while the processor still holds something',
		),
		...shown(
			'core/gateways/fal',
			'a request is gone when neither it nor its file is found again, and the file was asked for with our key',
		),
	],
};

export const consent: Proof = {
	enforcedBy: ['workers/core/consents/require-consent.ts', 'workers/core/uploads/create-upload.ts'],
	tests: [
		...shown('core/consents/consents', 'a photo without a consent that holds is refused with the reason'),
		...shown('core/renders/start-render', 'a consent that is missing, unfinished, over or revoked refuses'),
		...shown('core/consents/consent-elements', 'without %s exactly that is missing, with a sentence'),
	],
};

export const revoke: Proof = {
	enforcedBy: ['workers/core/consents/revoke-consent.ts', 'workers/core/consents/confirm-revocation.ts'],
	tests: [
		...shown(
			'core/consents/revocation',
			'a revocation takes photo, pictures, videos, compositions and links, and its receipt names how many',
			'whatever others hold, a revocation touches nothing of another consent',
			'a place that holds something although its row is closed keeps the receipt until it is empty',
			'what an order finishes in the moment of the revocation is never shown',
		),
		...shown('core/consents/revocation-crashes', '$name, broken off at any call, is whole after the sweep'),
		...shown(
			'core/renders/advance-render',
			'a consent revoked between two stages ends the render before the photo is sent again',
			'revoking a consent cancels what rests on it and gives the credits back',
		),
	],
};

export const gate: Proof = {
	enforcedBy: ['studios/publish-rules.ts', 'workers/core/assets/publish-gate.ts'],
	tests: [
		...shown(
			'core/assets/publish-gate',
			'every class in every place, by every set of channels and for every use, has the rule and the sentence that are written down',
			'with any one rule of the table left out, some cell differs',
		),
		...shown(
			'core/shares/shares',
			'what the consent does not cover is not shared, and the refusal names rule and source',
		),
	],
};

export const sharing: Proof = {
	enforcedBy: ['workers/core/shares/open-share.ts', 'workers/core/consents/narrow-consent.ts'],
	tests: [
		...shown(
			'core/shares/shares',
			'a link that is %s shows nothing from that moment on, and says why',
			'views count strangers, and neither the account’s own people nor who has no passcode',
			'an erasure of the patient takes links and noted copies with it, and leaves the account',
		),
		...shown(
			'core/consents/narrow-consent',
			'narrowed it allows fewer, for good: nothing is added, and repeating it changes nothing',
		),
	],
};

export const paper: Proof = {
	enforcedBy: [
		'workers/core/consents/record-paper.ts',
		'workers/core/consents/see-paper.ts',
		'workers/core/media/pdf.ts',
		'workers/core/retention/sweep-papers.ts',
	],
	tests: [
		...shown(
			'core/consents/papers',
			'with %s not seen on the paper, it is refused by name',
			'without its paper nothing is recorded, also while the paper is on its way',
			'the paper of somebody else is neither seen, sent for nor recorded',
			'a paper is seen for two minutes through its consent alone, and who saw it is entered once an hour',
			'a paper is no photo: no smile is made from it',
		),
		...shown(
			'core/retention/papers',
			'no sweep takes a paper that was checked, however long the consent is over',
			'a draft that is swept takes its paper with it, and the receipt names our store alone',
			'a revocation leaves the paper that was checked, and takes one that was not',
			'an erased patient’s paper goes with its receipt, and so does an erased account’s, strays included',
		),
		...shown('core/media/pdf', 'a PDF with %s is refused, and the sentence says to photograph the paper'),
	],
};

export const patientLink: Proof = {
	enforcedBy: [
		'workers/core/consent-links/find-link.ts',
		'workers/core/consent-links/sign-by-link.ts',
		'workers/core/consent-links/narrow-by-link.ts',
		'workers/core/consent-links/revoke-by-link.ts',
	],
	tests: [
		...shown(
			'core/consent-links/looking-after',
			'a patient revokes by their link without an account, sees the deletion step by step, and gets its receipt',
			'the patient takes uses away, nothing is ever added, and twice answers the same',
			'while %s is restricted no media are shown, and narrowing and revoking go on',
			'the token of one consent reaches no other',
		),
		...shown(
			'core/consent-links/signing',
			'signing makes the consent active with what was chosen, under the hash of the words that were shown',
		),
		...shown(
			'core/consent-links/secrets',
			'through its whole life a token is in no row, no message and no line of the log, and neither are name and address',
		),
	],
};

export const fileStatements: Proof = {
	enforcedBy: [
		'workers/core/provenance/state-file.ts',
		'workers/core/provenance/check-claim.ts',
		'workers/core/provenance/read-file-facts.ts',
	],
	tests: [
		...shown(
			'core/provenance/file-statements',
			'a poster’s statement says class, label, origin, tools and practice, is signed, and is found by the file’s hash alone',
			'a statement holds no patient and no person: no reference, no id of one, no order',
			'an erased patient’s statements are gone, and found by nobody',
		),
		...shown('core/provenance/claims', 'a claim with %s is refused'),
		...shown('app/provenance/marks', '%s carries a mark that the api signed, and says what it is'),
	],
};

export const posted: Proof = {
	enforcedBy: ['workers/core/postings/posting-state.ts', 'workers/core/postings/list-postings.ts'],
	tests: [
		...shown(
			'core/postings/postings',
			'once the consent is %s the copy is due within three days of that moment, then overdue',
		),
	],
};

export const metadata: Proof = {
	enforcedBy: ['workers/core/media/sanitize-image.ts', 'workers/media/put-object.ts'],
	tests: [
		...shown('core/media/sanitize-image', 'carries nothing of the person or the device'),
		...shown(
			'edge/refused-uploads',
			'of a photo that is also an archive and a web page, and tells where it was taken, only the photo is kept',
		),
	],
};

export const headers: Proof = {
	enforcedBy: ['app/security-headers.ts', 'workers/core/egress/egress.ts'],
	tests: [
		...shown(
			'app/security-headers',
			'no page may be framed, sniffed or listened through, and https is kept for a year',
		),
		...shown('core/egress/egress', 'a processor’s address is one of its own hosts, over TLS, on no other port'),
	],
};

export const csp: Proof = {
	enforcedBy: ['app/security-headers.ts'],
	tests: [...shown('app/security-headers', 'scripts run by nonce and from this origin alone')],
};

export const roles: Proof = {
	enforcedBy: ['workers/api/access.ts', 'studios/roles.ts'],
	tests: [
		...shown('edge/tenancy-matrix', 'who may not is told so before anything is looked at, and who may goes on'),
		...shown('core/accounts/standing', '%s: %s between the read and the write changes nothing'),
	],
};

export const copyOfAll: Proof = {
	enforcedBy: ['workers/core/exports/build-export.ts'],
	tests: [
		...shown(
			'core/exports/exports',
			'a copy has every column of every row of %s',
			'no word of somebody else’s, no secret and no sealed text stands in a copy',
		),
	],
};

export const restrict: Proof = {
	enforcedBy: ['workers/core/restriction/require-unrestricted.ts'],
	tests: [
		...shown(
			'core/restriction/restriction',
			'while an account is restricted no order, till or portal is taken, and no gateway is asked',
			'a restriction that comes between reading a render and writing its attempt keeps the processor unasked',
		),
	],
};

export const professional: Proof = {
	enforcedBy: ['workers/core/accounts/open-account.ts'],
	tests: [...shown('core/accounts/open-account', 'without the statement that is shown now (%s) nothing is opened')],
};

export const guardian: Proof = {
	enforcedBy: ['workers/core/consents/consent-elements.ts'],
	tests: [...shown('core/consents/consent-elements', 'a representative who says why they may sign misses nothing')],
};

export const eraseSubject: Proof = {
	enforcedBy: ['workers/core/erasure/request-erasure.ts'],
	tests: [
		...shown(
			'core/erasure/erase-subject',
			'an erased patient leaves nothing here or at fal, while the practice and its other patients stay',
			'fal that does not forget is named, and the receipt waits until it does',
		),
	],
};

export const eraseAccount: Proof = {
	enforcedBy: ['workers/core/erasure/request-erasure.ts'],
	tests: [
		...shown(
			'core/erasure/erase-account',
			'an erased account leaves its number, its ledger and its receipts, and no row, object or key else',
			'every table with rows that an erasure deletes or empties has its turn, children first',
		),
	],
};

export const eraseLate: Proof = {
	enforcedBy: ['workers/core/vault/tombstone.ts'],
	tests: [
		...shown(
			'core/erasure/erase-subject',
			'a webhook that comes after the erasure is answered, and nothing of it is stored',
		),
		...shown(
			'core/erasure/erase-account',
			'nobody orders in an account from the moment its erasure is asked for, and nothing of the try is stored',
		),
	],
};

export const vault: Proof = {
	enforcedBy: ['workers/core/vault/seal-text.ts', 'workers/core/vault/data-key.ts'],
	tests: [
		...shown(
			'core/vault/seal-text',
			'without its key it is nothing, in this request and in the next',
			'for an erased owner nothing is sealed any more',
		),
		...shown(
			'core/vault/sealed-rows',
			'of an erased patient every place says so, and what was being made of them ends',
		),
	],
};

export const sealed: Proof = {
	enforcedBy: ['workers/core/vault/seal-text.ts', 'workers/core/mail/seal-mail.ts'],
	tests: [
		...shown(
			'core/vault/sealed-rows',
			'what was ordered lies sealed under the key of who is in the photo, and jobs can read it',
			'words and names of a consent lie sealed, and open as they were written',
		),
		...shown('core/mail/queue-mail', 'a mail is stored sealed, and the queue learns its id and nothing else'),
	],
};

export const support: Proof = {
	enforcedBy: ['workers/core/support/open-ticket.ts', 'workers/core/support/close-ticket.ts'],
	tests: [
		...shown(
			'core/support/tickets',
			'a message becomes a ticket that waits, sealed, with a mail that has its link and nothing that was typed',
			'a conversation is found by its link and by who opened it signed in, and by nobody else',
		),
	],
};

export const supportEnd: Proof = {
	enforcedBy: ['workers/core/support/erase-tickets.ts'],
	tests: [
		...shown(
			'core/support/erase-tickets',
			'a closed ticket leaves with its key after two years, and not a millisecond before',
		),
		...shown('core/support/tickets', 'closing begins the two years once; reopening, and writing, end the clock'),
	],
};

export const supportPerson: Proof = {
	enforcedBy: ['workers/core/support/erase-by-address.ts'],
	tests: [
		...shown(
			'core/support/operator-tickets',
			'all that was written from an address goes, and the record has how many and not from where',
		),
	],
};

export const disclose: Proof = {
	enforcedBy: ['workers/core/staff-access/disclose-data.ts'],
	tests: [
		...shown(
			'core/staff-access/disclose-data',
			'a disclosure stands in the owner’s record and is mailed, once',
			'where a court forbids to tell, nobody is told until it no longer does, and then of the day on which it was',
		),
	],
};

export const staff: Proof = {
	enforcedBy: ['workers/core/staff-access/grant-staff-access.ts', 'workers/core/staff-access/look-at-render.ts'],
	tests: [
		...shown(
			'core/staff-access/staff-access',
			'an access runs for half an hour, its owner is mailed at once and reads who and why in the record',
			'a look shows words, settings and media, and no person; each is counted and recorded',
		),
	],
};

export const noStaff: Proof = {
	enforcedBy: ['workers/core/staff-access/grant-staff-access.ts', 'test/repository/operators-see-no-content.test.ts'],
	tests: [
		...shown('core/staff-access/staff-access', '%s lets nobody look, with a sentence, and leaves nothing'),
		...shown(
			'repository/operators-see-no-content',
			'no operation shows content or a person but those that are named here with a reason',
		),
	],
};

/** No machine bans (DS-34): what lasts is somebody's deed. */
export const noBan: Proof = {
	enforcedBy: ['studios/studio.ts', 'test/repository/nobody-is-banned.test.ts'],
	tests: [
		...shown(
			'repository/nobody-is-banned',
			'nothing in the code bans, suspends or blocks a person',
			'every limit ends by itself within a day',
			'what runs by itself takes nobody’s way in away',
		),
	],
};

export const incident: Proof = {
	enforcedBy: [
		'workers/core/incidents/open-incident.ts',
		'workers/core/incidents/sound-alarms.ts',
		'workers/core/incidents/tell-affected.ts',
	],
	tests: [
		...shown(
			'core/incidents/incident',
			'an incident has 72 hours from when it became known, and is written down once',
			'alarms sound once at 48 and at 66 hours, also late, and not for what was reported or closed',
		),
		...shown(
			'core/incidents/drill',
			'each is told once, of what was theirs, however often it breaks off and is begun again',
			'whom a breach of photos affects is who had one in its window, to the millisecond of both ends',
		),
	],
};

export const choices: Proof = {
	enforcedBy: ['workers/core/choices/record-choice.ts', 'workers/core/choices/read-choices.ts'],
	tests: [
		...shown(
			'core/choices/choices',
			'a choice is a row with everything that proves it',
			'the newest choice of a purpose counts, also within one millisecond, and the ones before stay',
		),
	],
};

export const gpc: Proof = {
	enforcedBy: ['workers/core/choices/regime.ts', 'workers/core/choices/note-arrival.ts'],
	tests: [
		...shown(
			'core/choices/regime',
			'a signal asks nothing, lets a yes to analytics stand, and ends advertising even after a yes',
		),
		...shown(
			'core/choices/note-arrival',
			'a signal ends sharing for the account, after a yes too, and is written once',
		),
	],
};

export const regimes: Proof = {
	enforcedBy: ['workers/core/choices/regime.ts', 'workers/core/choices/decide-for.ts'],
	tests: [
		...shown(
			'core/choices/regime',
			'a country that is not known counts as the strictest, and a state that is not known as the strictest state',
			'one that asks always runs after a yes alone, whatever the regime',
			'measuring waits for a yes everywhere but in the United States, and with a signal there too',
		),
	],
};

export const meta: Proof = {
	enforcedBy: ['workers/core/conversions/send-conversion.ts'],
	tests: [
		...shown(
			'core/conversions/send-conversion',
			'Meta is told what happened, hashed, with the event’s own id, and nothing else of a person',
		),
		...shown('core/choices/note-arrival', 'after "%s" no sign-up is noted'),
	],
};

export const takeover: Proof = {
	enforcedBy: ['workers/core/accounts/prove-address.ts', 'workers/core/accounts/enter-by-provider.ts'],
	tests: [
		...shown('core/accounts/ways/pre-hijacking', 'who comes first with %s has nothing once the owner came with %s'),
		...shown(
			'core/accounts/ways/enter-by-provider',
			'the address of somebody who has an account lets nobody in, and connects nothing',
		),
	],
};

export const keys: Proof = {
	enforcedBy: ['workers/core/keys/resolve-key.ts', 'workers/api/access.ts'],
	tests: [
		...shown(
			'core/keys/use-key',
			'a key meets the same rules: consent, caps, and what is another account’s',
			'a key is dead from the moment it expires',
		),
		...shown(
			'workers/api/keys',
			'every route that needs a scope refuses a key without it, by name, before it looks at anything else',
		),
	],
};

export const billing: Proof = {
	enforcedBy: ['workers/core/billing/read-billing.ts', 'workers/core/billing/list-purchases.ts'],
	tests: [
		...shown(
			'core/billing/reading',
			'purchases are listed newest first, page by page, each once',
			'somebody else’s order answers what no order answers',
		),
	],
};

export const address: Proof = {
	enforcedBy: ['workers/core/billing/open-checkout.ts'],
	tests: [
		...shown(
			'core/gateways/stripe/emulator',
			'tax and tax numbers are asked for at the till, and the customer keeps what was typed there',
		),
	],
};

export const whence: Proof = {
	enforcedBy: ['workers/api/whence.ts'],
	tests: [
		...shown(
			'workers/api/whence',
			'addresses of one network are told from another’s and not from each other',
			'%s is known by its name and system, without a version',
		),
	],
};

export const switches: Proof = {
	enforcedBy: ['workers/core/mail/why-not-sent.ts'],
	tests: [
		...shown(
			'core/mail/send-by-class',
			'without a choice what is needed goes out, and no update does',
			'each class asks its own switch, at the moment of sending',
		),
	],
};

export const unsubscribe: Proof = {
	enforcedBy: ['workers/core/mail/unsubscribe-token.ts'],
	tests: [
		...shown(
			'core/mail/send-by-class',
			'an update carries both headers as they are sent, with a link that stops its own class alone',
		),
		...shown('core/mail/unsubscribe-token', 'a link with any letter changed, cut or added is not ours'),
	],
};

export const limits: Proof = {
	enforcedBy: ['workers/core/limits/limit-statements.ts'],
	tests: [
		...shown(
			'core/limits/limits',
			'of fifty tries at once exactly as many pass as may, and no more are counted',
			'a stored row tells neither the address nor the network',
			'the last try of a window passes, the next is refused with the wait, and the next window starts anew',
		),
	],
};

export const abuse: Proof = {
	enforcedBy: ['workers/core/limits/admit-sign-up.ts'],
	tests: [
		...shown(
			'core/limits/admit-sign-up',
			'from half of a network’s rate on a challenge is asked for, uncounted; once passed the sign-up goes on',
			'a throw-away mailbox is refused before anything is asked or counted',
		),
	],
};

export const signedUrl: Proof = {
	enforcedBy: ['workers/core/media/sign-url.ts', 'workers/media/put-object.ts'],
	tests: [
		...shown('workers/media/media', 'another type, another length and a lie about either are refused'),
		...shown('core/media/sign-url', 'a token ends at its moment, to the millisecond'),
		...shown('core/uploads/uploads', 'an upload gets one signed address for its type, length and ten minutes'),
	],
};

export const receipts: Proof = {
	enforcedBy: ['workers/core/receipts/issue-receipt.ts', 'workers/core/log/keep-log.ts'],
	tests: [
		...shown('core/receipts/issue-receipt', 'a receipt says nothing of whose it is'),
		...shown(
			'core/log/keep-log',
			'each receipt has a proof under the newest head, and the newest one when a head covers it',
		),
		...shown('core/receipts/verify-chain', 'a change to %s is noticed'),
	],
};

export const ledger: Proof = {
	enforcedBy: ['workers/core/credits/seal-ledger.ts', 'workers/core/receipts/verify-chain.ts'],
	tests: [
		...shown('core/credits/seal', 'every entry gets a seal that covers the one before'),
		...shown('core/receipts/verify-chain', 'a change to %s is noticed'),
	],
};

export const prompt: Proof = {
	enforcedBy: ['workers/core/gateways/openai.ts'],
	tests: [
		...shown('core/gateways/openai', 'words become one square PNG in one call'),
		...shown('edge/image-studio', 'makes a picture from words without photo or consent, for 4 credits'),
	],
};

export const me: Proof = {
	enforcedBy: ['workers/core/people/read-person.ts'],
	tests: [
		...shown(
			'workers/api/me',
			'a person reads what they are called and how they get in, and changes the name',
			'an address changes with the codes of both, ends the other sessions, and both are told',
		),
	],
};

export const plan: Proof = {
	enforcedBy: ['workers/core/billing/running-plan.ts'],
	tests: [
		...shown(
			'edge/billing',
			'a plan is paid at the till: its credits, its month, and of the card brand and last four digits alone',
			'events that come twice, late and in any order are one purchase',
		),
	],
};

export const falGets: Proof = {
	enforcedBy: ['workers/core/gateways/fal-inputs.ts'],
	tests: [
		...shown(
			'edge/smile-video',
			'a processor is given minutes-long addresses and no name, and holds nothing after the end',
		),
	],
};

export const auditAge: Proof = {
	enforcedBy: ['workers/core/retention/prune.ts'],
	tests: [
		...shown(
			'core/retention/prune',
			'a row of %s goes when the policy says, and not a millisecond before',
			'a longer time in the policy is a longer time in the sweep',
		),
	],
};

export const sessionAge: Proof = {
	enforcedBy: ['workers/core/retention/prune.ts'],
	tests: [
		...shown('core/retention/prune', 'an ended session and a code go by the world’s clock, whatever a moved one says'),
	],
};

export const regimes2: Proof = {
	enforcedBy: ['workers/core/choices/regime.ts', 'workers/core/choices/decide-for.ts'],
	tests: [
		...shown('core/choices/regime', 'mail that is not needed and a number in error reports wait for a yes everywhere'),
	],
};
