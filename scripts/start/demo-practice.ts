import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { Edge } from '../edge/start-edge';
import { ApiClient, Refused } from './api-client';
import { readCode } from './read-code';

const Kept = z.object({ number: z.number().int().min(1), password: z.string() });
const Credits = z.object({ available: z.number().int(), held: z.number().int() });
export type Balance = z.infer<typeof Credits>;

/** Each practice's welcome grant pays for two videos, so a busy state directory holds many; this is only a stop. */
const PRACTICES_MAX = 1000;

export interface DemoPractice {
	client: ApiClient;
	email: string;
	password: string;
	credits: Balance;
}

/** Mailboxes of their own: what stands behind a plus sign is one person to the welcome grant. */
function emailOf(number: number): string {
	return number === 1 ? 'demo@practice.example' : `demo-${number}@practice.example`;
}

async function keptIn(path: string): Promise<z.infer<typeof Kept>> {
	try {
		return Kept.parse(JSON.parse(await readFile(path, 'utf8')));
	} catch {
		return { number: 1, password: randomBytes(18).toString('base64url') };
	}
}

async function enter(edge: Edge, client: ApiClient, person: { email: string; password: string }): Promise<void> {
	try {
		await client.signIn(person);
	} catch (error) {
		if (!(error instanceof Refused) || error.status >= 500) throw error;
		await client.signUp({ ...person, name: 'Demo practice' }, (email) => readCode(edge, email));
	}
}

export function balanceOf(client: ApiClient): Promise<Balance> {
	return client.call(Credits, 'GET', '/v1/credits');
}

/**
 * A signed-in demo practice with at least `price` credits: the one of the last start while its credits last, then the
 * next number. The password is generated once a state directory.
 */
export async function demoPractice(edge: Edge, stateDir: string, price: number): Promise<DemoPractice> {
	const path = join(stateDir, 'demo.json');
	const kept = await keptIn(path);
	const client = new ApiClient(edge.appOrigin);
	for (let { number } = kept; number <= PRACTICES_MAX; number += 1) {
		await writeFile(path, JSON.stringify({ ...kept, number }), { mode: 0o600 });
		const email = emailOf(number);
		await enter(edge, client, { email, password: kept.password });
		const credits = await balanceOf(client);
		if (credits.available >= price) return { client, email, password: kept.password, credits };
	}
	throw new Error(`No demo practice has ${price} credits. Delete ${stateDir} to start afresh.`);
}
