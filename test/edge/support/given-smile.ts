import { readFile } from 'node:fs/promises';

import type { z } from 'zod';

import type { Edge } from '../../../scripts/edge/start-edge';
import { fromRoot } from '../../../scripts/root';
import { contentTypeOf } from '../../../scripts/start/main-job';
import { ConsentAnswer, RenderAnswer, SubjectAnswer, UploadAnswer } from '../../../workers/api/contract';
import type { Practice } from './practice';
import { until } from './until';

const DAY_MS = 86_400_000;

export type RenderBody = z.output<typeof RenderAnswer>;

/** One of the drawn patients: `mara` and `ines` smile, `closed` does not. */
export async function patient(name: 'mara' | 'ines' | 'closed'): Promise<Uint8Array<ArrayBuffer>> {
	return new Uint8Array(await readFile(fromRoot('test', 'fixtures', 'patients', `${name}.png`)));
}

/** Every element of an authorization, valid from now for 90 days. */
export function consentElements(practice: Practice, subjectId: string) {
	return {
		subjectId,
		description: 'One photo and the video made of it',
		discloser: 'Test practice',
		recipient: 'Dental Diffusion, fal.ai',
		purposes: ['show_in_room', 'patient_copy'],
		expiresAt: new Date(practice.nowMs() + 90 * DAY_MS).toISOString(),
		signerName: 'Mara Example',
		signerRole: 'patient',
		signedAt: new Date(practice.nowMs()).toISOString(),
		toldOfRevocation: true,
		toldTreatmentNotConditioned: true,
		toldOfRedisclosure: true,
	};
}

export async function givenConsent(
	practice: Practice,
	change: Partial<Record<keyof ReturnType<typeof consentElements>, unknown>> = {},
): Promise<{ subjectId: string; consentId: string }> {
	const subject = await practice.call(SubjectAnswer, 'POST', '/v1/subjects', { body: { reference: 'M-2041' } });
	const consent = await practice.call(ConsentAnswer, 'POST', '/v1/consents', {
		body: { ...consentElements(practice, subject.id), ...change },
	});
	return { subjectId: subject.id, consentId: consent.id };
}

export interface Ticket {
	id: string;
	url: string;
	headers: Record<string, string>;
}

/** An address for one photo of this length, with a new consent unless one is given. */
export async function givenTicket(
	practice: Practice,
	order: { contentType: string; byteLength: number; consent?: { subjectId: string; consentId: string } },
): Promise<Ticket> {
	const { contentType, byteLength, consent = await givenConsent(practice) } = order;
	const { id, put } = await practice.call(UploadAnswer, 'POST', '/v1/uploads', {
		body: { kind: 'source', contentType, byteLength, ...consent },
	});
	if (put === undefined) throw new Error('the upload has no address to send the photo to');
	return { id, url: put.url, headers: put.headers };
}

export function putPhoto({ url, headers }: Ticket, photo: Uint8Array<ArrayBuffer>): Promise<Response> {
	return fetch(url, { method: 'PUT', headers, body: photo });
}

/** Lets a consent of theirs have ended a second ago, whatever the test's own pace. */
export async function endConsent(edge: Edge, practice: Practice, consentId: string): Promise<void> {
	const db = await edge.d1();
	const ended = db.prepare('update consents set expires_at_ms = ? where id = ?');
	await ended.bind(practice.nowMs() - 1000, consentId).run();
}

/** A photo that is `ready`; its upload's id. */
export async function givenPhoto(
	practice: Practice,
	photo?: Uint8Array<ArrayBuffer>,
	consent?: { subjectId: string; consentId: string },
): Promise<string> {
	const bytes = photo ?? (await patient('mara'));
	const ticket = await givenTicket(practice, {
		contentType: contentTypeOf(bytes),
		byteLength: bytes.byteLength,
		...(consent === undefined ? {} : { consent }),
	});
	const put = await putPhoto(ticket, bytes);
	if (!put.ok) throw new Error(`the photo was refused: ${await put.text()}`);
	await practice.call(UploadAnswer, 'POST', `/v1/uploads/${ticket.id}/complete`);
	return ticket.id;
}

export function smileInput(uploadId: string) {
	return { uploadId, treatment: 'whitening', fromShade: 'A3', toShade: 'A1' };
}

/** The id of a smile video on order. */
export async function givenOrder(practice: Practice, uploadId?: string): Promise<string> {
	const { id } = await practice.order('smile.video', smileInput(uploadId ?? (await givenPhoto(practice))));
	return id;
}

export function readRender(practice: Practice, id: string): Promise<RenderBody> {
	return practice.call(RenderAnswer, 'GET', `/v1/renders/${id}`);
}

export function isOpen({ state }: Pick<RenderBody, 'state'>): boolean {
	return state === 'queued' || state === 'running';
}

/** Looks until the render has ended; `meanwhile` is what the world does between two looks. */
export function waitForEnd(
	practice: Practice,
	id: string,
	meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<RenderBody> {
	return until(`render ${id} ends`, async () => {
		const render = await readRender(practice, id);
		if (!isOpen(render)) return render;
		await meanwhile();
		return undefined;
	});
}

/** A smile video that is ready, and forgotten by its processors: nothing of it is under way any more. */
export async function givenReadySmile(practice: Practice): Promise<RenderBody> {
	const { id, state, error } = await waitForEnd(practice, await givenOrder(practice));
	if (state !== 'succeeded') throw new Error(`the smile ${state}: ${JSON.stringify(error)}`);
	return until('the processors have forgotten it', async () => {
		const render = await readRender(practice, id);
		return render.processorsForgotAt === null ? undefined : render;
	});
}
