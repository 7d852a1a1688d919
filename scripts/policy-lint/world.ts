import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';

import { DATA_MAP, PREFIX_MAP } from '../../schema/data-map/data-map';
import type { MappedTable } from '../../schema/data-map/mapped-table';
import { STUDIOS } from '../../studios/all';
import { CLAIMS } from '../../studios/policy/claims/all';
import type { Claim, ProductPolicy } from '../../studios/policy/policy';
import type { StudioSlug } from '../../studios/studio';
import { textHashOf } from '../../workers/core/policy/policy-text';
import { readWranglerConfig, DEPLOYABLE_IDS, DEPLOYABLES } from '../edge/workers';
import { fromRoot } from '../root';

/** What one Worker's config says that the policy has to agree with. */
export interface ConfiguredWorker {
	readonly config: string;
	readonly vars: Readonly<Record<string, unknown>>;
	readonly buckets: readonly { readonly name: string; readonly jurisdiction: string | undefined }[];
}

/** Everything that the rules look at, as data, so that a test can change one thing and see which rule says so. */
export interface PolicyWorld {
	readonly studios: Readonly<
		Record<
			StudioSlug,
			{
				readonly policy: ProductPolicy;
				readonly claims: readonly Claim[];
				/** Of the newest text. */ readonly hash: string;
			}
		>
	>;
	readonly dataMap: Readonly<Record<string, MappedTable>>;
	readonly mappedPrefixes: readonly string[];
	/** Of the schema: each table's columns, by name. */
	readonly tables: Readonly<Record<string, readonly string[]>>;
	/** Of the code that makes keys. */
	readonly prefixes: readonly string[];
	readonly hosts: readonly { readonly file: string; readonly host: string }[];
	readonly workers: readonly ConfiguredWorker[];
	/** A file's text, or null where there is none. */
	readonly read: (path: string) => string | null;
}

function sources(folder: string): string[] {
	return readdirSync(fromRoot(folder), { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return sources(path);
		return /\.tsx?$/.test(entry.name) ? [path] : [];
	});
}

/** Reserved for examples (RFC 2606), and where XML says that it is XML: nobody is spoken to there. */
function isNobody(host: string): boolean {
	return /(?:^|\.)(?:example|invalid|test)$|(?:^|\.)example\.com$|^www\.w3\.org$/.test(host);
}

/** Every host that stands in the code of what is deployed, and in its configuration. */
function hostsInCode(): { file: string; host: string }[] {
	const files = [
		...['workers', 'app', 'public'].flatMap(sources),
		...DEPLOYABLE_IDS.map((id) => DEPLOYABLES[id].config),
	];
	return files.flatMap((file) => {
		// A link is followed by a person, and sends nothing by itself.
		const text = readFileSync(fromRoot(file), 'utf8').replaceAll(/href="https:[^"]*"/g, '');
		const found = [...text.matchAll(/https:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)/g)].map(([, host = '']) => host);
		const named = /FAL_FILE_HOSTS = "([^"]+)"/.exec(text)?.[1]?.split(',') ?? [];
		return [...new Set([...found, ...named])].filter((host) => !isNobody(host)).map((host) => ({ file, host }));
	});
}

async function tablesOf(): Promise<Record<string, string[]>> {
	const files = readdirSync(fromRoot('schema')).filter((file) => file.endsWith('.ts'));
	const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(fromRoot('schema', file))));
	const tables = modules
		.flatMap((module) => Object.values(module))
		.filter((value) => value instanceof SQLiteTable)
		.map((table) => getTableConfig(table));
	return Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]));
}

function read(path: string): string | null {
	try {
		return readFileSync(fromRoot(path), 'utf8');
	} catch {
		return null;
	}
}

/** The prefixes in the type that every object key is made with. */
function prefixesOf(code: string | null): string[] {
	const type = /type ObjectPrefix = ([^;]+);/.exec(code ?? '')?.[1] ?? '';
	return [...type.matchAll(/'([a-z]+)'/g)].map(([, prefix = '']) => prefix);
}

async function studio(slug: StudioSlug) {
	const { policy } = STUDIOS[slug];
	const newest = policy.versions.at(-1);
	const hash = newest === undefined ? '' : await textHashOf(STUDIOS[slug], newest);
	return { policy, claims: CLAIMS[slug], hash };
}

/** The project as it stands. */
export async function readWorld(): Promise<PolicyWorld> {
	return {
		studios: { dental: await studio('dental'), media: await studio('media'), image: await studio('image') },
		dataMap: DATA_MAP,
		mappedPrefixes: Object.keys(PREFIX_MAP),
		tables: await tablesOf(),
		prefixes: prefixesOf(read('workers/core/media/object-keys.ts')),
		hosts: hostsInCode(),
		workers: DEPLOYABLE_IDS.map((id) => {
			const { vars, r2_buckets: buckets } = readWranglerConfig(id);
			return {
				config: DEPLOYABLES[id].config,
				vars,
				buckets: buckets.map(({ bucket_name: name, jurisdiction }) => ({ name: name ?? '', jurisdiction })),
			};
		}),
		read,
	};
}
