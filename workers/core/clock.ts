import { ConfigError } from './errors';

/**
 * The time that every decision uses. Away from production `CLOCK_OFFSET_SECONDS` moves it, so that a purge a day away
 * can be watched now. In production an offset would make deletion early or late, so a Worker that has one does not start.
 */
export function clockFrom(bindings: { ENVIRONMENT: string; CLOCK_OFFSET_SECONDS?: string | undefined }): () => Date {
	const offset = bindings.CLOCK_OFFSET_SECONDS ?? '';
	if (offset === '') return () => new Date();
	if (bindings.ENVIRONMENT === 'production') {
		throw new ConfigError('CLOCK_OFFSET_SECONDS is set in production. Remove it: production runs on the real time.');
	}
	if (!/^-?\d{1,10}$/.test(offset)) {
		throw new ConfigError('CLOCK_OFFSET_SECONDS must be a whole number of seconds.');
	}
	const offsetMs = Number(offset) * 1000;
	return () => new Date(Date.now() + offsetMs);
}
