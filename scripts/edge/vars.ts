import { LOCAL_META } from '../../emulators/meta/account';
import { localDsn } from '../../emulators/sentry/sentry';
import { LOCAL_TRACKERS } from '../../emulators/trackers/trackers';
import { LOCAL_TURNSTILE } from '../../emulators/turnstile/tokens';
import { STUDIOS } from '../../studios/all';
import type { StudioSlug } from '../../studios/studio';
import type { Secrets } from './secrets';
import { signInVars } from './sign-in-clients';
import type { Deployable } from './workers';

interface LocalVars {
	studio: StudioSlug;
	appOrigin: string;
	mediaOrigin: string;
	receiptPublicKey: string;
	clockOffsetSeconds: number;
	emulators: string | undefined;
	/** Whether the stand-ins for trackers are switched on. */
	hasTrackers: boolean;
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

/**
 * Who mails. To the stand-in it is the studio, from an address that nobody has; Resend takes only a domain that it has verified,
 * so its key comes with an address. Throws a sentence for one without.
 */
function mailVars({ studio, emulators, realKeys }: LocalVars): Record<string, string> {
	if ('RESEND_KEY' in realKeys) {
		const { MAIL_FROM: from } = realKeys;
		if (from === undefined) throw new Error(NO_SENDER);
		return { MAIL_FROM: from };
	}
	const from = { MAIL_FROM: `${STUDIOS[studio].name} <hello@afterglow.test>` };
	return emulators === undefined ? from : { ...from, RESEND_BASE_URL: `${emulators}/resend` };
}

const NO_SENDER =
	'RESEND_KEY in .dev.vars needs an address that Resend has verified. Write it there as MAIL_FROM="Name <name@your.domain>".';

/**
 * What measures and reports, off unless it is asked for: pages then have no banner, and nobody is told anything. Only what the studio
 * lists is switched on, since a Worker that is to tell somebody else does not start.
 */
function trackerVars({ studio, emulators, hasTrackers }: LocalVars): Record<string, string> {
	if (!hasTrackers || emulators === undefined) return {};
	const listed = new Set(STUDIOS[studio].policy.trackers.map(({ id }) => id));
	return {
		...(listed.has('meta') ? { META_PIXEL_ID: LOCAL_META.pixelId, META_API_URL: `${emulators}/meta/v25.0` } : {}),
		...(listed.has('clarity') ? { CLARITY_ID: LOCAL_TRACKERS.clarityId } : {}),
		...(listed.has('umami') ? { UMAMI_WEBSITE_ID: LOCAL_TRACKERS.umamiWebsiteId } : {}),
		...(listed.has('sentry') ? { SENTRY_DSN: localDsn(emulators) } : {}),
	};
}

/** The token that the stand-in for Meta takes, in a studio that lists Meta. */
export function measuringSecrets(studio: StudioSlug): Secrets {
	const isListed = STUDIOS[studio].policy.trackers.some(({ id }) => id === 'meta');
	return isListed ? { META_ACCESS_TOKEN: LOCAL_META.accessToken } : {};
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
	const breached = emulators === undefined ? {} : { BREACHED_PASSWORDS_URL: `${emulators}/pwned` };
	const turnstile = emulators === undefined ? {} : { TURNSTILE_URL: `${emulators}/turnstile` };
	const stripe =
		emulators === undefined || 'STRIPE_SECRET_KEY' in realKeys ? {} : { STRIPE_API_URL: `${emulators}/stripe` };
	const signIn = signInVars(local);
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
			...breached,
			...turnstile,
			...stripe,
			TURNSTILE_SITE_KEY: LOCAL_TURNSTILE.siteKey,
			...mailVars(local),
			...trackerVars(local),
			...signIn.clients,
		},
		added: {
			app: local.hasTrackers && emulators !== undefined ? { TRACKERS_EMULATOR_URL: `${emulators}/trackers` } : {},
			api: { ...clock, ...signIn.emulatorUrls },
			media: clock,
			jobs: clock,
		},
	};
}
