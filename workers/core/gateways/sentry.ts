import type { Studio, StudioSlug } from '../../../studios/studio';
import { ConfigError } from '../errors';
import { readError, type ReadError } from '../log';

export interface SentryConfig {
	/** `https://{key}@{host}[/path]/{project}` */
	dsn: string;
	environment: string;
	studio: StudioSlug;
	worker: 'api' | 'jobs';
}

/** Something that nobody expected. */
export interface UnexpectedError {
	error: unknown;
	/** The pattern of a route or the type of a message: never an address, which has ids and tokens in it. */
	where: string;
	/** Whose request it was, where they allowed that to be said (`error_reports`); else null. Never more of them than this. */
	userId: string | null;
}

export interface ErrorReports {
	/** Never throws, waits or tries again: a report that does not arrive is one less. */
	report(unexpected: UnexpectedError): Promise<void>;
}

const TIMEOUT_MS = 3_000;
const CLIENT = { name: 'afterglow.envelope', version: '1' } as const;

/**
 * Sends error reports as Sentry's envelopes. Its package is several times what is left of the api's budget, and collects what has to
 * be taken out again; here nothing is put in but what the log prints too: kinds of errors, places in our code, and the few words that
 * say nothing about a person. A message of an error, a cause, an address, a header or a cookie never gets this far (DS-14).
 */
export function createErrorReports(config: SentryConfig, fetcher: typeof fetch): ErrorReports {
	const { endpoint, key } = readDsn(config.dsn);
	const query = new URLSearchParams({ sentry_version: '7', sentry_key: key, sentry_client: `${CLIENT.name}/1` });
	return {
		report: async (unexpected) => {
			try {
				const response = await fetcher(`${endpoint}?${query.toString()}`, {
					method: 'POST',
					headers: { 'content-type': 'application/x-sentry-envelope' },
					body: envelopeOf(config, unexpected),
					redirect: 'manual',
					signal: AbortSignal.timeout(TIMEOUT_MS),
				});
				await response.body?.cancel();
			} catch {
				// The log has the same, so nothing is lost that this could say.
			}
		},
	};
}

/** The studio's error reports; null without an address for them. Refused by name: a studio whose policy does not list Sentry. */
export function errorReportsOf(
	{ studio, egress }: { studio: Studio; egress: typeof fetch },
	config: { SENTRY_DSN: string; ENVIRONMENT: string; worker: SentryConfig['worker'] },
): ErrorReports | null {
	if (config.SENTRY_DSN === '') return null;
	if (!studio.policy.trackers.some(({ id }) => id === 'sentry')) {
		throw new ConfigError(`SENTRY_DSN is set, and the policy of ${studio.name} does not list Sentry.`);
	}
	const { SENTRY_DSN: dsn, ENVIRONMENT: environment, worker } = config;
	return createErrorReports({ dsn, environment, studio: studio.slug, worker }, egress);
}

function readDsn(dsn: string): { endpoint: string; key: string } {
	const url = URL.parse(dsn);
	const [project = '', ...before] = (url?.pathname ?? '')
		.split('/')
		.filter((part) => part !== '')
		.toReversed();
	if (url === null || url.username === '' || !/^\d+$/.test(project)) {
		throw new ConfigError('SENTRY_DSN has to read like https://key@host/project, as the project’s settings show it.');
	}
	const path = before.toReversed().map((part) => `/${part}`);
	return { endpoint: `${url.protocol}//${url.host}${path.join('')}/api/${project}/envelope/`, key: url.username };
}

function envelopeOf(config: SentryConfig, { error, where, userId }: UnexpectedError): string {
	const { environment, studio, worker } = config;
	const eventId = crypto.randomUUID().replaceAll('-', '');
	const at = new Date().toISOString();
	const event = {
		event_id: eventId,
		timestamp: at,
		platform: 'javascript',
		level: 'error',
		environment,
		transaction: where,
		tags: { worker, studio },
		// The innermost cause first, as Sentry wants it.
		exception: { values: readError(error).toReversed().map(exceptionOf) },
		...(userId === null ? {} : { user: { id: userId } }),
	};
	const lines = [{ event_id: eventId, sent_at: at, sdk: CLIENT }, { type: 'event' }, event];
	return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

function exceptionOf({ name, words, frames }: ReadError) {
	return {
		type: name,
		value: words.join(' '),
		// The outermost call first, as Sentry wants it.
		stacktrace: { frames: frames.flatMap(frameOf).toReversed() },
	};
}

const FRAME = /^\s+at (?:(?:async )?(.*?) \()?(.*):(\d+):(\d+)\)?$/;

/** The file's name alone: a path on somebody's machine can hold their name. */
function frameOf(line: string) {
	const [, name, path, row, column] = FRAME.exec(line) ?? [];
	if (path === undefined) return [];
	const filename = path.split('?', 1)[0]?.split(/[\\/]/).at(-1) ?? '';
	return [{ function: name ?? '?', filename, lineno: Number(row), colno: Number(column), in_app: true }];
}
