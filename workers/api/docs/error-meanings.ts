import type { ErrorCode } from '../../core/errors';

/** What each code of a refusal means to a program, and what it does about it. A code without a line does not compile. */
export const MEANING_BY_CODE: Readonly<Record<ErrorCode | 'internal', string>> = {
	invalid_input: 'Something in the request is missing or not in its form. details.fields names it.',
	bad_signature: 'A signed address was changed, or a webhook is not from its sender. Ask for a new address.',
	not_signed_in: 'No key, or one that is unknown, expired or revoked. Do not try again with it.',
	insufficient_credits: 'The order costs more than can be spent. Nothing was held.',
	not_allowed: 'The key lacks the scope, or a person is needed. Do not try again.',
	reauthentication_required: 'For people: the step asks for a new proof of who they are.',
	account_required: 'For people: no account is chosen.',
	statement_required: 'For people: the studio’s statement is to be confirmed first.',
	processing_restricted:
		'Its processing is restricted at a person’s request: it is stored and nothing else. Do not try again.',
	publish_refused: 'The publish gate keeps it from leaving. details.rule and details.source say by which rule.',
	challenge_required: 'For people: sign-up asks for one more check.',
	not_found: 'There is none, or it is another account’s. Both answer the same.',
	conflict: 'It is not in a state that allows this. Read it again.',
	idempotency_conflict: 'The Idempotency-Key already stands for another order. Choose a new one.',
	price_above_limit: 'It costs more than your creditsMax. Nothing was held. details.credits is the price now.',
	upload_incomplete: 'The photo has not arrived yet. Send it, then complete its upload.',
	gone: 'It was deleted, or is about to be.',
	payload_too_large: 'The body or the photo is too large. The sentence says how large it may be.',
	unsupported_media_type: 'Not a still JPEG, PNG or WebP.',
	consent_required: 'No complete, running, unrevoked consent stands behind it. Record one first.',
	policy_not_accepted: 'For people: the policy has changed and is to be accepted first. A key waits for its maker.',
	too_many_requests: 'Over a limit. Wait as many seconds as Retry-After says, or until something open has ended.',
	upstream_unavailable: 'A service we rely on does not answer. Try again in a minute.',
	internal: 'A mistake of ours. Try again in a minute; with an Idempotency-Key it is safe.',
};
