import { expect, test } from 'vitest';

import { DEPLOYABLE_IDS, readWranglerConfig, type Deployable } from '../../scripts/edge/workers';

/** What each Worker may hold (design §1). More than this here or in a config is a wider breach when one of them fails. */
const TABLE: Record<Deployable, readonly string[]> = {
	app: ['service API → afterglow-api'],
	api: ['d1 DB', 'queue WORK → afterglow-work', 'r2 VAULT', 'service MEDIA_OBJECTS → afterglow-media#MediaObjects'],
	media: ['r2 MEDIA'],
	jobs: [
		'consumes afterglow-dead',
		'consumes afterglow-work',
		'cron * * * * *',
		'd1 DB',
		'queue WORK → afterglow-work',
		'r2 MEDIA',
		'r2 VAULT',
	],
};

/** Settings that are no binding: names, dates, limits, and what wrangler fills in by itself. */
const BINDING_KEYS = [
	'ai',
	'analytics_engine_datasets',
	'browser',
	'dispatch_namespaces',
	'hyperdrive',
	'images',
	'kv_namespaces',
	'mtls_certificates',
	'pipelines',
	'ratelimits',
	'secrets_store_secrets',
	'send_email',
	'tail_consumers',
	'vectorize',
	'workflows',
] as const;

interface ServiceBinding {
	binding: string;
	service: string;
	entrypoint?: string;
}

function nameOf({ binding, service, entrypoint }: ServiceBinding): string {
	return `service ${binding} → ${service}${entrypoint === undefined ? '' : `#${entrypoint}`}`;
}

function holdingsOf(deployable: Deployable): string[] {
	const config = readWranglerConfig(deployable);
	const others = BINDING_KEYS.filter((key) => {
		const value: unknown = config[key];
		return Array.isArray(value) ? value.length > 0 : value !== undefined;
	});
	return [
		...config.d1_databases.map(({ binding }) => `d1 ${binding}`),
		...config.r2_buckets.map(({ binding }) => `r2 ${binding}`),
		...(config.services ?? []).map(nameOf),
		...(config.queues.producers ?? []).map(({ binding, queue }) => `queue ${binding} → ${queue}`),
		...(config.queues.consumers ?? []).map(({ queue }) => `consumes ${queue}`),
		...(config.triggers.crons ?? []).map((cron) => `cron ${cron}`),
		...config.durable_objects.bindings.map(({ name }) => `durable object ${name}`),
		...others,
	].toSorted();
}

test.each(DEPLOYABLE_IDS)('%s holds what the table gives it and nothing else', (deployable) => {
	expect(holdingsOf(deployable)).toEqual(TABLE[deployable]);
});

test('all four run on the same compatibility date and flags', () => {
	const dates = DEPLOYABLE_IDS.map((deployable) => {
		const { compatibility_date: date, compatibility_flags: flags } = readWranglerConfig(deployable);
		return { date, flags };
	});
	for (const date of dates) expect(date).toEqual(dates[0]);
});

test('api and jobs share one database and one vault, media and jobs one bucket, all in one jurisdiction', () => {
	const [api, media, jobs] = [readWranglerConfig('api'), readWranglerConfig('media'), readWranglerConfig('jobs')];
	expect(jobs.d1_databases).toEqual(api.d1_databases);
	expect(jobs.r2_buckets).toEqual([...media.r2_buckets, ...api.r2_buckets]);
	expect(api.r2_buckets.map(({ binding }) => binding)).toEqual(['VAULT']);
	expect(new Set(jobs.r2_buckets.map(({ jurisdiction }) => jurisdiction)).size).toBe(1);
	expect(new Set(jobs.r2_buckets.map(({ bucket_name: name }) => name)).size).toBe(2);
});

test('work that failed for good goes to a queue that somebody reads', () => {
	const consumers = readWranglerConfig('jobs').queues.consumers ?? [];
	const work = consumers.find(({ queue }) => queue === 'afterglow-work');
	expect(work?.dead_letter_queue).toBe('afterglow-dead');
	expect(consumers.map(({ queue }) => queue)).toContain('afterglow-dead');
});

test.each(DEPLOYABLE_IDS)(
	'%s is configured for production, with no clock to move and no stand-in to speak to',
	(id) => {
		const { vars } = readWranglerConfig(id);
		expect(vars['ENVIRONMENT']).toBe('production');
		expect(vars).not.toHaveProperty('CLOCK_OFFSET_SECONDS');
		expect(JSON.stringify(vars)).not.toMatch(/127\.0\.0\.1|localhost|http:\/\//);
	},
);
