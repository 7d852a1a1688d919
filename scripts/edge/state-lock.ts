import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { StudioSlug } from '../../studios/studio';
import { fromHome } from '../root';
import { isRunning } from './lock';

const Owner = z.object({ pid: z.number(), origin: z.string().nullable() });

export interface StateLock {
	/** Says where this edge is reached, for the sentence that a second start gets. */
	tell(origin: string): Promise<void>;
	free(): Promise<void>;
}

/** Where `npm start` keeps what a studio's local edge remembers. */
export function stateDirOf(studio: StudioSlug): string {
	return fromHome('.afterglow', studio);
}

/** The owner of a lock, or null when nobody holds it: its program was killed, or the file is damaged. */
async function ownerOf(path: string): Promise<z.infer<typeof Owner> | null> {
	try {
		const owner = Owner.parse(JSON.parse(await readFile(path, 'utf8')));
		// In a container numbers begin anew, so a lock that was left behind may carry ours.
		return owner.pid !== process.pid && isRunning(owner.pid) ? owner : null;
	} catch {
		return null;
	}
}

/** Where the edge that runs on this state is reached; null when none does, or it has not started yet. */
export async function originOfState(stateDir: string): Promise<string | null> {
	return (await ownerOf(join(stateDir, 'lock.json')))?.origin ?? null;
}

function textFor(origin: string | null): string {
	return JSON.stringify({ pid: process.pid, origin });
}

/**
 * Keeps a state directory for this program until `free`. Two edges on one database would each run a sweep, with a clock of its
 * own, over the other's photos. Refuses with a sentence while another program has it.
 */
export async function lockState(stateDir: string): Promise<StateLock> {
	const path = join(stateDir, 'lock.json');
	await mkdir(stateDir, { recursive: true });
	try {
		await writeFile(path, textFor(null), { flag: 'wx' });
	} catch {
		const owner = await ownerOf(path);
		if (owner !== null) {
			const where = owner.origin === null ? '' : `, ${owner.origin}`;
			throw new Error(
				`Afterglow is already running on this state (pid ${owner.pid}${where}). Use that one, or stop it first.`,
			);
		}
		await writeFile(path, textFor(null));
	}
	return {
		tell: (origin) => writeFile(path, textFor(origin)),
		free: () => rm(path, { force: true }),
	};
}
