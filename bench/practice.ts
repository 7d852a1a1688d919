import { z } from 'zod';

import type { Edge } from '../scripts/edge/start-edge';
import { ApiClient } from '../scripts/start/api-client';
import { readCode } from '../scripts/start/read-code';

const Session = z.object({ account: z.object({ id: z.string() }) });
const Created = z.object({ id: z.string() });
const Upload = z.object({
	id: z.string(),
	put: z.object({ url: z.url(), headers: z.record(z.string(), z.string()) }),
});
export type Upload = z.infer<typeof Upload>;

const YEAR_MS = 365 * 86_400_000;

export interface Practice {
	readonly client: ApiClient;
	readonly accountId: string;
}

/** A practice that has just signed up, with the welcome credits. */
export async function signUp(edge: Edge): Promise<Practice> {
	const client = new ApiClient(edge.appOrigin);
	const email = 'bench@practice.example';
	const person = { email, password: 'a long enough password', name: 'Bench practice' };
	await client.signUp(person, (address) => readCode(edge, address));
	const { account } = await client.call(Session, 'GET', '/v1/session');
	return { client, accountId: account.id };
}

/** A patient and a complete consent: what a photo needs before it may come. */
export async function giveConsent(client: ApiClient): Promise<{ subjectId: string; consentId: string }> {
	const now = Date.now();
	const subject = await client.call(Created, 'POST', '/v1/subjects', { body: { reference: 'BENCH-1' } });
	const consent = await client.call(Created, 'POST', '/v1/consents', {
		body: {
			subjectId: subject.id,
			description: 'One portrait and what is made from it',
			discloser: 'Bench practice',
			recipient: 'Dental Diffusion and fal.ai',
			purposes: ['show_in_room', 'patient_copy'],
			expiresAt: new Date(now + YEAR_MS).toISOString(),
			signerName: 'Illustrated sample patient',
			signerRole: 'patient',
			signedAt: new Date(now).toISOString(),
			toldOfRevocation: true,
			toldTreatmentNotConditioned: true,
			toldOfRedisclosure: true,
		},
	});
	return { subjectId: subject.id, consentId: consent.id };
}

/** A signed address for one photo of that size. */
export function announceUpload(
	client: ApiClient,
	photo: { subjectId: string; consentId: string; contentType: string; byteLength: number },
): Promise<Upload> {
	return client.call(Upload, 'POST', '/v1/uploads', { body: { kind: 'source', ...photo } });
}

/** Sends the bytes; answers after they are stored. */
export async function putPhoto({ put }: Upload, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
	const answer = await fetch(put.url, { method: 'PUT', headers: put.headers, body: bytes });
	if (!answer.ok) throw new Error(`The photo was refused (${answer.status}): ${(await answer.text()).slice(0, 300)}`);
}

/** A photo that is there and may be rendered; answers its id. */
export async function uploadPhoto(client: ApiClient, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	const consent = await giveConsent(client);
	const upload = await announceUpload(client, {
		...consent,
		contentType: 'image/jpeg',
		byteLength: bytes.byteLength,
	});
	await putPhoto(upload, bytes);
	await client.call(Created, 'POST', `/v1/uploads/${upload.id}/complete`);
	return upload.id;
}
