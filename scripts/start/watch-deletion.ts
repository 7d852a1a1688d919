import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import type { Edge } from '../edge/start-edge';
import type { ApiClient } from './api-client';
import { Render } from './main-job';

/** The sweep needs one cron to mark and delete, another to re-read; a queue message may lie between them. */
const CRONS_MAX = 40;
const PAUSE_MILLISECONDS = 250;

const Receipt = z.discriminatedUnion('state', [
	z.looseObject({ state: z.literal('pending') }),
	// The api gives the exact text that was signed; in a file for people its members are easier to read, and the
	// verifier makes the same canonical text of them again.
	z.looseObject({ state: z.literal('issued'), body: z.string().transform((text): unknown => JSON.parse(text)) }),
]);

export interface Deletion {
	deleted: boolean;
	receiptPath: string | null;
}

async function readDeletion(client: ApiClient, renderId: string, outDir: string): Promise<Deletion> {
	const { source } = await client.call(Render, 'GET', `/v1/renders/${renderId}`);
	if (source?.state !== 'deleted') return { deleted: false, receiptPath: null };
	const receipt = await client.call(Receipt, 'GET', `/v1/receipts/${source.receiptId}`);
	if (receipt.state !== 'issued') return { deleted: true, receiptPath: null };
	const directory = join(outDir, renderId);
	const keys = await client.call(z.unknown(), 'GET', '/.well-known/afterglow-keys.json');
	// Beside the receipt, so that scripts/verify-receipt.mjs needs nothing that runs.
	await writeFile(join(directory, 'keys.json'), `${JSON.stringify(keys, null, '\t')}\n`);
	const receiptPath = join(directory, 'receipt.json');
	await writeFile(receiptPath, `${JSON.stringify(receipt, null, '\t')}\n`);
	return { deleted: true, receiptPath };
}

/**
 * Moves the clock and lets the cron do its work until the photo is gone and its receipt is there, or until it is plain
 * that the photo is not due yet.
 */
export async function watchDeletion(
	edge: Edge,
	client: ApiClient,
	render: Render,
	options: { hours: number; outDir: string },
): Promise<Deletion> {
	await edge.moveClock(options.hours);
	const nowMs = Date.now() + edge.clockOffsetSeconds() * 1000;
	const isDue = render.sourceDeleteAt !== null && Date.parse(render.sourceDeleteAt) <= nowMs;
	for (let cron = 1; cron <= CRONS_MAX; cron += 1) {
		await edge.runCron();
		const deletion = await readDeletion(client, render.id, options.outDir);
		if (!isDue || deletion.receiptPath !== null) return deletion;
		await sleep(PAUSE_MILLISECONDS);
	}
	throw new Error(`The photo was due and ${CRONS_MAX} sweeps did not delete it with a receipt.`);
}
