import { COLUMN_CLASSES } from '../../schema/data-map/mapped-table';
import { wordsOf } from '../../schema/data-map/data-map';
import { isStudioSlug } from '../../studios/all';
import type { PolicyTracker } from '../../studios/policy/policy';
import { isListedHost } from '../../studios/policy/trackers';
import type { StudioSlug } from '../../studios/studio';
import type { ConfiguredWorker, PolicyWorld } from './world';

/** The variable that switches each tracker on. */
const SWITCHES: Readonly<Record<PolicyTracker['id'], string>> = {
	meta: 'META_PIXEL_ID',
	clarity: 'CLARITY_ID',
	umami: 'UMAMI_WEBSITE_ID',
	sentry: 'SENTRY_DSN',
};

function studioOf(vars: ConfiguredWorker['vars']): StudioSlug | undefined {
	const slug = vars['STUDIO'];
	return typeof slug === 'string' && isStudioSlug(slug) ? slug : undefined;
}

function lintColumns({ dataMap, tables }: PolicyWorld): string[] {
	const unmapped = Object.entries(tables).flatMap(([table, columns]) => {
		const mapped = dataMap[table];
		if (mapped === undefined) {
			return [
				`The table ${table} is in no map. Say in schema/data-map whose it is, its class, and what an erasure does.`,
			];
		}
		const known = new Set(COLUMN_CLASSES.flatMap((kind) => wordsOf(mapped.columns[kind])));
		return columns
			.filter((column) => !known.has(column))
			.map((column) => `The column ${table}.${column} is not mapped. Add it to ${table} in schema/data-map.`);
	});
	const gone = Object.keys(dataMap)
		.filter((table) => !(table in tables))
		.map((table) => `The map names the table ${table}, which the schema has not. Remove it from schema/data-map.`);
	return [...unmapped, ...gone];
}

function lintPrefixes({ prefixes, mappedPrefixes }: PolicyWorld): string[] {
	if (prefixes.length === 0)
		return ['No prefix of object keys was found. Tell scripts/policy-lint/world.ts where they are.'];
	return prefixes
		.filter((prefix) => !mappedPrefixes.includes(prefix))
		.map((prefix) => `Files below ${prefix}/ are in no class. Add the prefix to PREFIX_MAP in schema/data-map.`);
}

/** Hosts that some studio's policy lists, by processors and by trackers. */
function listedHosts({ studios }: PolicyWorld): Set<string> {
	return new Set(
		Object.values(studios).flatMap(({ policy }) => [
			...policy.processors.flatMap(({ hosts }) => hosts),
			...policy.trackers.flatMap(({ scriptHosts, connectHosts, imageHosts, serverHosts }) => [
				...scriptHosts,
				...connectHosts,
				...imageHosts,
				...serverHosts,
			]),
		]),
	);
}

function lintHosts(world: PolicyWorld): string[] {
	const listed = [...listedHosts(world)];
	return world.hosts
		.filter(({ host }) => !isListedHost(listed, host))
		.map(
			({ file, host }) =>
				`${file} names ${host}, which no processor and no tracker of any studio lists. List it with what it gets, or do not call it.`,
		);
}

/** A tracker that is switched on for a studio whose policy does not name it. */
function lintTrackers({ workers, studios }: PolicyWorld): string[] {
	return workers.flatMap(({ config, vars }) => {
		const slug = studioOf(vars);
		if (slug === undefined) return [];
		const listed = studios[slug].policy.trackers.map(({ id }) => id);
		return Object.entries(SWITCHES)
			.filter(([id, name]) => (vars[name] ?? '') !== '' && !listed.some((each) => each === id))
			.map(
				([id, name]) =>
					`${config} sets ${name}, and the policy of ${slug} names no tracker ${id}. Add it to studios/policy/${slug}.ts, or empty the variable.`,
			);
	});
}

function lintJurisdiction({ workers, studios }: PolicyWorld): string[] {
	const slug = workers.map(({ vars }) => studioOf(vars)).find((each) => each !== undefined);
	if (slug === undefined) return ['No config names a studio. Write STUDIO into the vars of each.'];
	const { jurisdiction } = studios[slug].policy.location;
	return workers.flatMap(({ config, buckets }) =>
		buckets
			.filter((bucket) => bucket.jurisdiction !== jurisdiction)
			.map(
				(bucket) =>
					`${config} has the bucket ${bucket.name} in "${bucket.jurisdiction ?? 'no jurisdiction'}", and the policy of ${slug} promises "${jurisdiction}". One of the two is wrong; a bucket's place is chosen when it is created.`,
			),
	);
}

/** Where things lie and go: tables, columns, prefixes, hosts, trackers, jurisdictions. */
export function lintPlaces(world: PolicyWorld): string[] {
	return [
		...lintColumns(world),
		...lintPrefixes(world),
		...lintHosts(world),
		...lintTrackers(world),
		...lintJurisdiction(world),
	];
}
