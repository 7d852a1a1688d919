import type { StudioSlug } from '../../studios/studio';
import type { Secrets } from './secrets';
import type { Deployable } from './workers';

interface LocalVars {
	studio: StudioSlug;
	appOrigin: string;
	mediaOrigin: string;
	receiptPublicKey: string;
	clockOffsetSeconds: number;
	emulators: string | undefined;
	/** What `.dev.vars` says: a processor whose key is here is the real one. */
	realKeys: Secrets;
}

function falVars(emulators: string) {
	return {
		FAL_QUEUE_URL: `${emulators}/fal/queue`,
		FAL_REST_URL: `${emulators}/fal/rest`,
		FAL_API_URL: `${emulators}/fal/api`,
		FAL_FILE_HOSTS: new URL(emulators).host,
	};
}

export interface LocalVarsOfEdge {
	/** Take the place of a variable where a config has it, and are unknown to a Worker whose config has not. */
	replaced: Record<string, string>;
	/** Exist on this machine only. */
	added: Record<Deployable, Record<string, string>>;
}

/**
 * The variables that differ on this machine. Emulator addresses exist only as variables, and only here: without them a
 * gateway speaks to the real processor, and a production build refuses them.
 */
export function localVars(local: LocalVars): LocalVarsOfEdge {
	const { emulators, realKeys } = local;
	const fal = emulators === undefined || 'FAL_KEY' in realKeys ? {} : falVars(emulators);
	const openai =
		emulators === undefined || 'OPENAI_KEY' in realKeys ? {} : { OPENAI_BASE_URL: `${emulators}/openai/v1` };
	const clock = { CLOCK_OFFSET_SECONDS: String(local.clockOffsetSeconds) };
	return {
		replaced: {
			ENVIRONMENT: 'local',
			STUDIO: local.studio,
			APP_ORIGIN: local.appOrigin,
			MEDIA_ORIGIN: local.mediaOrigin,
			RECEIPT_PUBLIC_KEY: local.receiptPublicKey,
			...fal,
			...openai,
		},
		added: { app: {}, api: clock, media: clock, jobs: clock },
	};
}
