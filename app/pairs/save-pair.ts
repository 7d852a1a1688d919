import { z } from 'zod';

import type { TreatmentId } from '../../studios/treatments';
import { keepFile } from '../reel/use-keep';
import { OPEN_ROADS, type Roads } from '../upload/send-upload';

export interface PairWish {
	/** The practice's own reference of the patient. */
	readonly reference: string;
	readonly treatment: TreatmentId;
	/** One for each pair: saving again after a failure goes on with the same one. */
	readonly key: string;
}

export type SavedPair =
	| { readonly ok: true; readonly renderId: string }
	/** Nobody has signed for this patient, or not any more: where that is done. */
	| { readonly ok: false; readonly subjectId: string }
	| { readonly ok: false; readonly sentence: string };

const Subject = z.object({ id: z.string() });
const Consents = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });
const Made = z.object({ id: z.string() });
const RefusalBody = z.object({ error: z.object({ message: z.string() }) });

const BROKE = 'The connection broke, and the pair may not be kept. Save it again: it is not kept twice.';

/**
 * Keeps a pair: the patient by their reference, the consent that holds, the pair itself as attested, and its still. Whatever
 * breaks off, the same call again goes on where it stopped.
 */
export async function savePair(
	order: {
		readonly wish: PairWish;
		readonly still: () => Promise<Blob>;
		readonly onProgress: (share: number) => void;
		readonly signal: AbortSignal;
	},
	roads: Roads = OPEN_ROADS,
): Promise<SavedPair> {
	const { wish, still, onProgress, signal } = order;
	const { reference, treatment, key } = wish;
	try {
		const subject = await ask(Subject, roads.fetch('/v1/subjects', posted({ reference }, signal)));
		const asked = new URLSearchParams({ subjectId: subject.id });
		const consents = await ask(Consents, roads.fetch(`/v1/consents?${asked.toString()}`, { signal }));
		const consent = consents.items.find(({ state }) => state === 'active');
		if (consent === undefined) return { ok: false, subjectId: subject.id };
		const init = posted({ consentId: consent.id, treatment, attested: true }, signal);
		const headers = { ...init.headers, 'idempotency-key': key };
		const { id: renderId } = await ask(Made, roads.fetch('/v1/pairs', { ...init, headers }));
		const keep = { renderId, madeOf: [] };
		const sentence = await keepFile({ blob: await still(), kind: 'still_pair', keep, onProgress, signal }, roads);
		return sentence === null ? { ok: true, renderId } : { ok: false, sentence };
	} catch (error) {
		return { ok: false, sentence: error instanceof Refused ? error.message : BROKE };
	}
}

/** What the api answered instead; its sentence is for people. */
class Refused extends Error {}

async function ask<Schema extends z.ZodType>(schema: Schema, asked: Promise<Response>): Promise<z.infer<Schema>> {
	const answer = await asked;
	const body: unknown = await answer.json();
	if (answer.ok) return schema.parse(body);
	throw new Refused(RefusalBody.safeParse(body).data?.error.message ?? BROKE);
}

function posted(body: object, signal: AbortSignal) {
	return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal };
}
