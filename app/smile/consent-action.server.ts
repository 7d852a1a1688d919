import { data, redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';

import { apiFor } from '../api';
import { textOf } from '../form';
import { qrCode } from '../settings/qr.server';
import { draftOf, orderOf, type ConsentDraft } from './consent-draft';
import { missingToPrepare, preparedOf } from './consent-link';
import type { MadeLink } from './consent-phone';
import { refusalHere } from './refusal-here';
import { wizardPaths } from './wizard-steps';

/** What the last form was answered with. */
interface Answered {
	/** As it was typed; null: the form was not the one that is typed into. */
	readonly draft: ConsentDraft | null;
	readonly missing: readonly { element: string; sentence: string }[];
	readonly error: string | null;
	/** A link for the patient's phone, which is answered this once. */
	readonly made: MadeLink | null;
}

const NOTHING: Answered = { draft: null, missing: [], error: null, made: null };

type At = Pick<ActionFunctionArgs, 'context' | 'request'>;

/** Records what was signed here, makes a link for the patient's phone, or ends one. */
export async function consentAction({ request, context }: At, subjectId: string) {
	const form = await request.formData();
	const intent = textOf(form, 'intent');
	if (intent === 'end') return endLink({ request, context }, textOf(form, 'link'));
	if (intent === 'link') return makeLink({ request, context }, textOf(form, 'consent'), null);
	return record({ request, context }, { subjectId, draft: draftOf(form), isForPhone: intent === 'phone' });
}

async function record(
	{ request, context }: At,
	{ subjectId, draft, isForPhone }: { subjectId: string; draft: ConsentDraft; isForPhone: boolean },
) {
	const answer = await apiFor(context, request).v1.consents.$post({
		json: orderOf(isForPhone ? preparedOf(draft) : draft, { subjectId, nowMs: Date.now() }),
	});
	if (!answer.ok) {
		const { message } = await refusalHere(answer, request);
		return data<Answered>({ ...NOTHING, draft, error: message }, answer.status);
	}
	const consent = await answer.json();
	const stillMissing = isForPhone ? missingToPrepare(consent.missing) : consent.missing;
	if (stillMissing.length === 0) {
		return isForPhone ? makeLink({ request, context }, consent.id, draft) : redirect(wizardPaths.photo(consent.id));
	}
	// The date is written when the name is, so one sentence asks for both.
	const isUnsigned = stillMissing.some(({ element }) => element === 'signerName');
	const missing = stillMissing.filter(({ element }) => !(isUnsigned && element === 'signedAt'));
	return data<Answered>({ ...NOTHING, draft, missing }, 422);
}

async function makeLink({ request, context }: At, consentId: string, draft: ConsentDraft | null) {
	const answer = await apiFor(context, request).v1.consents[':id'].links.$post({ param: { id: consentId } });
	if (!answer.ok) {
		const { message } = await refusalHere(answer, request);
		return data<Answered>({ ...NOTHING, draft, error: message }, answer.status);
	}
	const { id, url } = await answer.json();
	return data<Answered>({ ...NOTHING, made: { id, url, qr: qrCode(url) } }, 201);
}

async function endLink({ request, context }: At, linkId: string) {
	const answer = await apiFor(context, request).v1['consent-links'][':id'].end.$post({ param: { id: linkId } });
	if (!answer.ok) {
		const { message } = await refusalHere(answer, request);
		return data<Answered>({ ...NOTHING, error: message }, answer.status);
	}
	return data<Answered>(NOTHING);
}
