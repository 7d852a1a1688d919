import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { isStudioSlug } from '../../studios/all';
import type { StudioSlug } from '../../studios/studio';
import { fromRoot } from '../root';

export interface Flags {
	studio: StudioSlug;
	/** Absolute path of the photo. */
	photo: string;
	isSample: boolean;
	once: boolean;
	/** Whether what measures is switched on, at its stand-ins. */
	trackers: boolean;
	/** How far the clock is moved after the job; 0 leaves it. */
	hours: number;
	port: number | undefined;
}

export const HELP = `Afterglow on this machine: four Workers, stand-ins for the processors, and one real smile video.

  npm start                          makes a before/after video of the illustrated sample patient and keeps serving
  npm start -- --photo my.jpg        the same with your own photo (JPEG, PNG or WebP, at most 25 MB)
  npm start -- --studio image        another studio: dental (the default), media or image
  npm start -- --once                ends after the job; the last line on stdout is one JSON object
  npm start -- --hours 25            moves the local clock afterwards, so that the photo's deletion can be watched
  npm start -- --trackers            asks before it measures, at stand-ins for Meta, Clarity, Umami and Sentry
  npm start -- --port 8788           the app's port; media takes the next one

Nothing leaves this machine, unless you put a real OPENAI_KEY into .dev.vars, or a real FAL_KEY together with the public
addresses of a tunnel (APP_ORIGIN, MEDIA_ORIGIN): fal.ai fetches photos, and cannot fetch them from 127.0.0.1.
What it keeps lies in .afterglow/; delete that folder to start afresh.
`;

const HOURS_MAX = 24 * 365;

function numberBetween(name: string, value: string | undefined, min: number, max: number): number | undefined {
	if (value === undefined) return undefined;
	const number = Number(value);
	if (!Number.isFinite(number) || number < min || number > max) {
		throw new Error(`--${name} takes a number from ${min} to ${max}, and "${value}" is none.`);
	}
	return number;
}

/** The studio that arguments name, whatever else is wrong with them: a failure says which one it was. */
export function studioNamed(args: readonly string[]): StudioSlug {
	const joined = args.find((argument) => argument.startsWith('--studio='))?.slice('--studio='.length);
	const named = joined ?? args[args.indexOf('--studio') + 1] ?? '';
	return isStudioSlug(named) ? named : 'dental';
}

/** Answers 'help' when it was asked for; throws a sentence for what cannot be done. */
export function readFlags(args: string[]): Flags | 'help' {
	const { values } = parseArgs({
		args,
		options: {
			studio: { type: 'string', default: 'dental' },
			photo: { type: 'string' },
			once: { type: 'boolean', default: false },
			trackers: { type: 'boolean', default: false },
			hours: { type: 'string' },
			port: { type: 'string' },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) return 'help';
	if (!isStudioSlug(values.studio)) {
		throw new Error(`There is no studio "${values.studio}". Choose dental, media or image.`);
	}
	// npm runs scripts in the repository's root and says here where the command was typed.
	const typedIn = process.env['INIT_CWD'] ?? process.cwd();
	const photo = values.photo === undefined ? fromRoot('public', 'samples', 'mara.jpg') : resolve(typedIn, values.photo);
	if (values.photo !== undefined && !existsSync(photo)) throw new Error(`There is no file ${photo}.`);
	const port = numberBetween('port', values.port, 1, 65_534);
	if (port !== undefined && !Number.isInteger(port)) throw new Error('--port takes a whole number.');
	return {
		studio: values.studio,
		photo,
		isSample: values.photo === undefined,
		once: values.once,
		trackers: values.trackers,
		hours: numberBetween('hours', values.hours, 0, HOURS_MAX) ?? 0,
		port,
	};
}
