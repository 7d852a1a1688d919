import { data } from '@remix-run/cloudflare';

import { CHANNELS } from '../../studios/publish-rules';
import { apiFor, refusalOrAway } from '../api';
import { textOf } from '../form';
import type { LoadContext } from '../load-context';

/** What a form of a consent's page is answered with. */
export interface ConsentActed {
	readonly done: string | null;
	readonly receiptId: string | null;
	/** The patient's link, this once. */
	readonly link: string | null;
	readonly refusal: string | null;
	/** Beside the boxes, where they are what is wrong. */
	readonly narrowError: string | null;
}

const NOTHING: ConsentActed = { done: null, receiptId: null, link: null, refusal: null, narrowError: null };

interface Asked {
	readonly api: ReturnType<typeof apiFor>;
	readonly request: Request;
	readonly form: FormData;
	readonly id: string;
}

/** Narrows or revokes a consent, or makes or ends a patient's link. */
export async function consentAction(context: LoadContext, request: Request, id: string) {
	const form = await request.formData();
	const asked = { api: apiFor(context, request), request, form, id };
	switch (textOf(form, 'intent')) {
		case 'narrow':
			return narrow(asked);
		case 'revoke':
			return revoke(asked);
		case 'link':
			return makeLink(asked);
		case 'end-link':
			return endLink(asked);
		default:
			return acted({ refusal: 'This button is not known here. Load the page again.' }, 400);
	}
}

async function narrow({ api, request, form, id }: Asked) {
	const ticked = new Set(form.getAll('channels'));
	const channels = CHANNELS.filter((channel) => ticked.has(channel));
	const answer = await api.v1.consents[':id'].narrow.$post({ param: { id }, json: { channels } });
	if (answer.ok) return acted({ done: 'It allows only what was ticked.' }, 200);
	const { message, details } = await refusalOrAway(answer, request);
	const isAboutBoxes = details?.fields?.includes('channels') === true;
	return acted(isAboutBoxes ? { narrowError: message } : { refusal: message }, answer.status);
}

async function revoke(asked: Asked) {
	const answer = await asked.api.v1.consents[':id'].revoke.$post({ param: { id: asked.id } });
	if (!answer.ok) return refuse(asked, answer);
	return acted({ done: 'Consent revoked.', receiptId: (await answer.json()).receiptId }, 200);
}

async function makeLink(asked: Asked) {
	const answer = await asked.api.v1.consents[':id'].links.$post({ param: { id: asked.id } });
	return answer.ok ? acted({ link: (await answer.json()).url }, 201) : refuse(asked, answer);
}

async function endLink(asked: Asked) {
	const link = { id: textOf(asked.form, 'linkId') };
	const answer = await asked.api.v1['consent-links'][':id'].end.$post({ param: link });
	return answer.ok ? acted({ done: 'The link is ended.' }, 200) : refuse(asked, answer);
}

async function refuse({ request }: Asked, answer: Parameters<typeof refusalOrAway>[0]) {
	return acted({ refusal: (await refusalOrAway(answer, request)).message }, answer.status);
}

function acted(part: Partial<ConsentActed>, status: number) {
	return data<ConsentActed>({ ...NOTHING, ...part }, status);
}
