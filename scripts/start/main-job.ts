import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import type { Tool } from '../../studios/studio';
import type { ApiClient } from './api-client';
import { balanceOf, type DemoPractice } from './demo-practice';
import type { Progress } from './progress';

const Created = z.object({ id: z.string() });
const Consent = z.object({ id: z.string(), state: z.string(), missing: z.array(z.object({ element: z.string() })) });
const Upload = z.object({
	id: z.string(),
	put: z.object({ url: z.url(), headers: z.record(z.string(), z.string()) }),
});
const Quote = z.object({ credits: z.number().int() });
export const Render = z.object({
	id: z.string(),
	state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired']),
	stage: z.string().nullable(),
	progress: z.number(),
	stages: z.array(z.object({ id: z.string(), state: z.enum(['to_do', 'doing', 'done', 'failed']) })),
	assets: z.array(z.object({ id: z.string(), kind: z.string() })),
	credits: z.object({ held: z.number().int(), charged: z.number().int() }),
	error: z.object({ message: z.string() }).optional(),
	source: z.object({ state: z.string(), receiptId: z.string() }).nullable(),
	sourceDeleteAt: z.string().nullable(),
});
export type Render = z.infer<typeof Render>;
const Asset = z.object({
	kind: z.string(),
	contentType: z.string(),
	url: z.url(),
	width: z.number().nullable(),
	height: z.number().nullable(),
	seconds: z.number().nullable(),
});

const POLL_MILLISECONDS = 400;
const DAY_MILLISECONDS = 86_400_000;
const CONSENT_DAYS = 90;
const DEFAULT_PROMPT = 'A lighthouse made of paper at dusk, one warm window, calm sea';
const ENDINGS: Record<string, string> = {
	'image/jpeg': 'jpg',
	'image/png': 'png',
	'image/webp': 'webp',
	'video/mp4': 'mp4',
};

export interface SavedFile {
	path: string;
	bytes: number;
	width: number | null;
	height: number | null;
	seconds: number | null;
}

export interface FinishedJob {
	render: Render;
	credits: { before: number; held: number; charged: number; after: number };
	/** By kind of asset; `before` is the photo itself. */
	files: Record<string, SavedFile>;
}

/** The type by the first bytes, as the media Worker proves it; the name of a file says nothing. */
export function contentTypeOf(bytes: Uint8Array): string {
	const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
	if (start.startsWith('\u00FF\u00D8\u00FF')) return 'image/jpeg';
	if (start.startsWith('\u0089PNG\r\n')) return 'image/png';
	if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'image/webp';
	throw new Error(
		'The photo is neither JPEG, PNG nor WebP. The web app turns HEIC into JPEG; here, save it as one first.',
	);
}

async function giveConsent(client: ApiClient): Promise<{ subjectId: string; consentId: string }> {
	const now = Date.now();
	const reference = `DEMO-${now.toString(36).toUpperCase()}`;
	const subject = await client.call(Created, 'POST', '/v1/subjects', { body: { reference } });
	const consent = await client.call(Consent, 'POST', '/v1/consents', {
		body: {
			subjectId: subject.id,
			description: 'One photo of the face, the picture with a new shade and the video made of them',
			discloser: 'Demo practice',
			recipient: 'Dental Diffusion and fal.ai, which draws the picture and the video',
			purposes: ['show_in_room', 'patient_copy'],
			expiresAt: new Date(now + CONSENT_DAYS * DAY_MILLISECONDS).toISOString(),
			signerName: 'Illustrated sample patient',
			signerRole: 'patient',
			signedAt: new Date(now).toISOString(),
			toldOfRevocation: true,
			toldTreatmentNotConditioned: true,
			toldOfRedisclosure: true,
		},
	});
	if (consent.state !== 'active') {
		throw new Error(`The demo consent lacks ${consent.missing.map(({ element }) => element).join(', ')}.`);
	}
	return { subjectId: subject.id, consentId: consent.id };
}

async function uploadPhoto(client: ApiClient, photo: Uint8Array<ArrayBuffer>): Promise<string> {
	const contentType = contentTypeOf(photo);
	const { subjectId, consentId } = await giveConsent(client);
	const upload = await client.call(Upload, 'POST', '/v1/uploads', {
		body: { kind: 'source', contentType, byteLength: photo.byteLength, subjectId, consentId },
	});
	// The signed address is the whole permission: no cookie travels to the media host.
	const put = await fetch(upload.put.url, { method: 'PUT', headers: upload.put.headers, body: photo });
	if (!put.ok) throw new Error(`The photo was refused (${put.status}): ${(await put.text()).slice(0, 300)}`);
	await client.call(Created, 'POST', `/v1/uploads/${upload.id}/complete`);
	return upload.id;
}

async function waitForRender(client: ApiClient, id: string, tool: Tool, progress: Progress): Promise<Render> {
	const deadline = Date.now() + tool.stages.reduce((sum, stage) => sum + stage.deadlineSeconds, 0) * 1000;
	let shown: string | undefined;
	for (;;) {
		const render = await client.call(Render, 'GET', `/v1/renders/${id}`);
		for (const [index, stage] of render.stages.entries()) {
			if (stage.state === 'done') progress.update(stage.id, 1);
			if (stage.state === 'doing') {
				if (shown !== stage.id) progress.begin(stage.id);
				shown = stage.id;
				progress.update(stage.id, Math.max(0, render.progress * render.stages.length - index));
			} else if (stage.state === 'done' && shown === stage.id) {
				progress.end(stage.id);
				shown = undefined;
			}
		}
		if (render.state !== 'queued' && render.state !== 'running') return render;
		if (Date.now() > deadline) throw new Error(`The render ${id} did not end in time; it is ${render.state}.`);
		await sleep(POLL_MILLISECONDS);
	}
}

async function saveAssets(client: ApiClient, render: Render, directory: string): Promise<Record<string, SavedFile>> {
	const files: Record<string, SavedFile> = {};
	for (const { id } of render.assets) {
		const asset = await client.call(Asset, 'GET', `/v1/assets/${id}`);
		const answer = await fetch(asset.url);
		if (!answer.ok) throw new Error(`The ${asset.kind} could not be downloaded (${answer.status}).`);
		const bytes = Buffer.from(await answer.arrayBuffer());
		const path = join(directory, `${asset.kind}.${ENDINGS[asset.contentType] ?? 'bin'}`);
		await writeFile(path, bytes);
		const { width, height, seconds } = asset;
		files[asset.kind] = { path, bytes: bytes.byteLength, width, height, seconds };
	}
	return files;
}

/**
 * The main job, from outside: an API client with a session does what the pages do, and downloads what came out into
 * `outDir/{renderId}`.
 */
export async function runMainJob(job: {
	practice: DemoPractice;
	tool: Tool;
	photo: string;
	outDir: string;
	progress: Progress;
}): Promise<FinishedJob> {
	const { practice, tool, progress } = job;
	const { client } = practice;
	const photo = tool.needsSource ? new Uint8Array(await readFile(job.photo)) : undefined;
	progress.begin('order');
	const input =
		photo === undefined
			? { prompt: DEFAULT_PROMPT }
			: { uploadId: await uploadPhoto(client, photo), treatment: 'whitening', fromShade: 'A3', toShade: 'A1' };
	const quote = await client.call(Quote, 'POST', '/v1/quotes', { body: { tool: tool.id, input } });
	const ordered = await client.call(
		z.object({ id: z.string(), credits: z.object({ held: z.number() }) }),
		'POST',
		'/v1/renders',
		{
			headers: { 'idempotency-key': randomUUID() },
			body: { tool: tool.id, input },
		},
	);
	if (ordered.credits.held !== quote.credits) {
		throw new Error(`The quote said ${quote.credits} credits, and ${ordered.credits.held} were held.`);
	}
	progress.end('order');
	const render = await waitForRender(client, ordered.id, tool, progress);
	progress.begin('download');
	const directory = join(job.outDir, render.id);
	await mkdir(directory, { recursive: true });
	const files = await saveAssets(client, render, directory);
	if (photo !== undefined) {
		const path = join(directory, `before.${ENDINGS[contentTypeOf(photo)] ?? 'bin'}`);
		await writeFile(path, photo);
		files['before'] = { path, bytes: photo.byteLength, width: null, height: null, seconds: null };
	}
	progress.end('download');
	const after = await balanceOf(client);
	return {
		render,
		credits: {
			before: practice.credits.available,
			held: ordered.credits.held,
			charged: render.credits.charged,
			after: after.available,
		},
		files,
	};
}
