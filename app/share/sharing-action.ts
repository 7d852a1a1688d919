import { data } from '@remix-run/cloudflare';

import { JURISDICTIONS, POSTING_PLACES, SHARE_LIMITS, type PostingPlace } from '../../studios/publish-rules';
import { apiFor, refusalOrAway } from '../api';
import { errorsOfRefusal, textOf, type Errors } from '../form';
import type { LoadContext } from '../load-context';

export const SHARING_INTENTS = ['share', 'end-share', 'note-posting', 'tick-posting', 'jurisdiction'] as const;
type Intent = (typeof SHARING_INTENTS)[number];
const FIELDS = ['what', 'expiresInHours', 'passcode', 'place', 'address', 'postedAt', 'proof', 'jurisdiction'] as const;
export type SharingField = (typeof FIELDS)[number];

/** What a form about copies is answered with, beside what every form of a smile's page is. */
export interface SharingAnswer {
	readonly intent: Intent;
	/** Which entry it was about, where it was about one. */
	readonly about: string | null;
	/** The link, this once. */
	readonly link: string | null;
	readonly errors: Errors<SharingField> | null;
	/** What was typed, so that a refused form comes back whole. */
	readonly typed: Readonly<Partial<Record<SharingField, string>>>;
}

interface Asked {
	readonly intent: Intent;
	readonly form: FormData;
	readonly api: ReturnType<typeof apiFor>;
	readonly request: Request;
}

/** Does what a form about links, posted copies or the place asks for; null for every other form. */
export async function sharingAction(context: LoadContext, request: Request, form: FormData) {
	const intent = SHARING_INTENTS.find((known) => known === textOf(form, 'intent'));
	if (intent === undefined) return null;
	const asked = { intent, form, api: apiFor(context, request), request };
	switch (intent) {
		case 'share':
			return makeLink(asked);
		case 'end-share':
			return endLink(asked);
		case 'note-posting':
			return noteCopy(asked);
		case 'tick-posting':
			return tickCopy(asked);
		case 'jurisdiction':
			return sayPlace(asked);
	}
}

async function makeLink(asked: Asked) {
	const [assetId = '', shows] = textOf(asked.form, 'what').split(' ');
	const passcode = textOf(asked.form, 'passcode').trim();
	const hours = Number(textOf(asked.form, 'expiresInHours'));
	const answer = await asked.api.v1.assets[':id'].shares.$post({
		param: { id: assetId },
		json: {
			expiresInHours: Number.isInteger(hours) ? hours : SHARE_LIMITS.hoursDefault,
			shows: shows === 'smile' ? 'smile' : 'asset',
			...(passcode === '' ? {} : { passcode }),
		},
	});
	if (!answer.ok) return refused(asked, answer);
	const { url } = await answer.json();
	return done(asked, null, { link: url });
}

async function endLink(asked: Asked) {
	const id = textOf(asked.form, 'shareId');
	const answer = await asked.api.v1.shares[':id'].$delete({ param: { id } });
	return answer.ok ? done(asked, 'Link ended. It shows nothing any more.') : refused(asked, answer, id);
}

async function noteCopy(asked: Asked) {
	const place = postingPlace(textOf(asked.form, 'place'));
	const postedOn = textOf(asked.form, 'postedAt');
	const address = textOf(asked.form, 'address').trim();
	if (place === null) return wrong(asked, { place: 'Choose where it was posted.' });
	if (address === '') return wrong(asked, { address: 'Type where it can be seen, such as the address of the page.' });
	if (!/^\d{4}-\d\d-\d\d$/.test(postedOn)) return wrong(asked, { postedAt: 'Choose the day on which it was posted.' });
	const answer = await asked.api.v1.assets[':id'].postings.$post({
		param: { id: textOf(asked.form, 'assetId') },
		json: { place, address, postedAt: `${postedOn}T00:00:00.000Z` },
	});
	return answer.ok ? done(asked, 'Copy noted.') : refused(asked, answer);
}

async function tickCopy(asked: Asked) {
	const id = textOf(asked.form, 'postingId');
	const proof = textOf(asked.form, 'proof').trim();
	if (proof === '') return wrong(asked, { proof: 'Write how you saw that it is gone.' }, id);
	const answer = await asked.api.v1.postings[':id'].removed.$post({ param: { id }, json: { proof } });
	return answer.ok ? done(asked, 'Noted as gone.') : refused(asked, answer, id);
}

async function sayPlace(asked: Asked) {
	const jurisdiction = JURISDICTIONS.find((known) => known === textOf(asked.form, 'jurisdiction'));
	if (jurisdiction === undefined) return wrong(asked, { jurisdiction: 'Choose where you advertise.' });
	const answer = await asked.api.v1.account.jurisdiction.$put({ json: { jurisdiction } });
	return answer.ok ? done(asked, 'Saved. What may be published follows it.') : refused(asked, answer);
}

function postingPlace(name: string): PostingPlace | null {
	return isPostingPlace(name) ? name : null;
}

function isPostingPlace(name: string): name is PostingPlace {
	return Object.hasOwn(POSTING_PLACES, name);
}

function done({ intent }: Asked, sentence: string | null, { link = null }: { link?: string | null } = {}) {
	const sharing: SharingAnswer = { intent, about: null, link, errors: null, typed: {} };
	return data({ done: sentence, receiptId: null, refusal: null, sharing }, 200);
}

function wrong({ intent, form }: Asked, errors: Errors<SharingField>, about: string | null = null, status = 400) {
	// A passcode is no text to be sent back.
	const typed = Object.fromEntries(
		FIELDS.filter((field) => field !== 'passcode').map((field) => [field, textOf(form, field)]),
	);
	const sharing: SharingAnswer = { intent, about, link: null, errors, typed };
	return data({ done: null, receiptId: null, refusal: null, sharing }, status);
}

async function refused(
	asked: Asked,
	answer: Parameters<typeof refusalOrAway>[0],
	about: string | null = null,
): Promise<ReturnType<typeof wrong>> {
	const refusal = await refusalOrAway(answer, asked.request);
	return wrong(asked, errorsOfRefusal(refusal, FIELDS), about, answer.status);
}
