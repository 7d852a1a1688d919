import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { isStudioSlug } from '../../studios/all';
import { STUDIO_SLUGS, type StudioSlug } from '../../studios/studio';
import { devVars } from '../edge/secrets';
import { originOfState, stateDirOf } from '../edge/state-lock';
import { WrongUse } from './outcome';

/** Where commands go, and the key that opens it. */
export interface Target {
	origin: string;
	operatorKey: string;
}

interface Local extends Target {
	studio: StudioSlug;
}

/**
 * The deployment that `--origin` names, with the key from the environment; without it the edge that runs on this machine, with
 * the key out of its own state. A key is never an argument: those are seen by whoever lists processes, and kept by shells.
 */
export async function findTarget(
	asked: { origin?: string | undefined; studio?: string | undefined },
	env: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
	const { studio } = asked;
	if (studio !== undefined && !isStudioSlug(studio)) {
		throw new WrongUse(`There is no studio "${studio}". Choose dental, media or image.`);
	}
	const running = await runningHere();
	if (asked.origin === undefined)
		return theOne(running.filter((each) => studio === undefined || each.studio === studio));
	const origin = readOrigin(asked.origin);
	const operatorKey = env['OPERATOR_KEY'] ?? running.find((each) => each.origin === origin)?.operatorKey ?? '';
	if (operatorKey === '') {
		throw new WrongUse(`The key of ${origin} is missing. Put it into the environment as OPERATOR_KEY.`);
	}
	return { origin, operatorKey };
}

function theOne(running: readonly Local[]): Target {
	const [only, another] = running;
	if (only === undefined) {
		throw new WrongUse(
			'Nothing runs on this machine. Start it with npm start, or name a deployment with --origin URL.',
		);
	}
	if (another !== undefined) {
		const names = running.map(({ studio, origin }) => `${studio} (${origin})`).join(', ');
		throw new WrongUse(`Several run on this machine: ${names}. Choose one with --studio.`);
	}
	return only;
}

/** An origin to which a key may be sent: over TLS, or to this machine. */
function readOrigin(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : null;
	const isHere = url !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
	if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return url.origin;
	throw new WrongUse(`--origin takes an address such as https://smiles.example.com, and "${text}" is none.`);
}

async function runningHere(): Promise<Local[]> {
	const found = await Promise.all(STUDIO_SLUGS.map(localOf));
	return found.filter((local) => local !== null);
}

async function localOf(studio: StudioSlug): Promise<Local | null> {
	const stateDir = stateDirOf(studio);
	const origin = await originOfState(stateDir);
	const path = join(stateDir, 'secrets.json');
	if (origin === null || !existsSync(path)) return null;
	const secrets = { ...Secrets.parse(JSON.parse(await readFile(path, 'utf8'))), ...(await devVars()) };
	const { OPERATOR_KEY: operatorKey } = secrets;
	return operatorKey === undefined ? null : { studio, origin, operatorKey };
}

const Secrets = z.record(z.string(), z.string());
