import { expect, test } from 'vitest';

import { DATA_MAP, PREFIX_MAP } from '../../schema/data-map/data-map';
import { CLOUDFLARE } from '../../studios/policy/processors';
import { lintPolicy } from '../../scripts/policy-lint/lint-policy';
import { readWorld, type PolicyWorld } from '../../scripts/policy-lint/world';
import { DAY_MS } from '../../studios/policy/data-classes';
import type { Claim, PolicyVersion, ProductPolicy, Retention } from '../../studios/policy/policy';

const world = await readWorld();

/** The world with another policy, or other claims, for the practice. */
function withDental(change: { policy?: Partial<ProductPolicy>; claims?: readonly Claim[] }): PolicyWorld {
	const { dental } = world.studios;
	const changed = {
		...dental,
		policy: { ...dental.policy, ...change.policy },
		claims: change.claims ?? dental.claims,
	};
	return { ...world, studios: { ...world.studios, dental: changed } };
}

function withRetention(retention: Retention): PolicyWorld {
	const { data } = world.studios.dental.policy;
	return withDental({ policy: { data: { ...data, audit: { ...data.audit, retention } } } });
}

function withSentence(history: string): PolicyWorld {
	return withDental({ policy: { history } });
}

function withVersion(version: Partial<PolicyVersion>): PolicyWorld {
	const later: PolicyVersion = {
		version: '2027-01-20',
		announced: '2027-01-01',
		effective: '2027-01-20',
		isMaterial: true,
		changes: ['Photos are kept for 12 hours instead of 24.'],
		review: { state: 'draft' },
		...version,
	};
	return withDental({ policy: { versions: [...world.studios.dental.policy.versions, later] } });
}

function withClaim(change: Partial<Claim>): PolicyWorld {
	const [first, ...others] = world.studios.dental.claims;
	return withDental({ claims: [{ ...first!, ...change }, ...others] });
}

const NO_NUMBER = { mode: 'duration', anchor: 'after it happened' } as const;

test('the policy agrees with the schema, the code, the configuration and the tests', () => {
	expect(lintPolicy(world)).toEqual([]);
	expect(Object.keys(world.tables).length).toBeGreaterThan(50);
	expect(world.hosts.length).toBeGreaterThan(10);
	expect(world.prefixes).toEqual(expect.arrayContaining(['src', 'out']));
});

test.each<[what: string, broken: PolicyWorld, sentence: RegExp]>([
	[
		'a table without a class',
		{ ...world, tables: { ...world.tables, diaries: ['id'] } },
		/The table diaries is in no map\. Say in schema\/data-map whose it is/,
	],
	[
		'a column without a class',
		{ ...world, tables: { ...world.tables, users: [...world.tables['users']!, 'shoe_size'] } },
		/The column users\.shoe_size is not mapped\. Add it to users/,
	],
	[
		'a table of the map that is gone',
		{ ...world, tables: Object.fromEntries(Object.entries(world.tables).filter(([name]) => name !== 'mails')) },
		/The map names the table mails, which the schema has not/,
	],
	[
		'files without a class',
		{ ...world, prefixes: [...world.prefixes, 'tmp'] },
		/Files below tmp\/ are in no class\. Add/,
	],
	[
		'a host that nobody lists',
		{ ...world, hosts: [...world.hosts, { file: 'workers/core/gateways/new.ts', host: 'api.new.test' }] },
		/workers\/core\/gateways\/new\.ts names api\.new\.test, which no processor and no tracker .* lists\. List it/,
	],
	[
		'a tracker that is on and not listed',
		{
			...withDental({ policy: { trackers: [] } }),
			workers: [{ config: 'wrangler.toml', vars: { STUDIO: 'dental', CLARITY_ID: 'abc' }, buckets: [] }],
		},
		/wrangler\.toml sets CLARITY_ID, and the policy of dental names no tracker clarity\. Add it/,
	],
	['a retention of nothing', withRetention({ ...NO_NUMBER, ms: 0 }), /retention of audit in dental has no number/],
	['a retention of no number', withRetention({ ...NO_NUMBER, ms: Number.NaN }), /"reasonable" is none/],
	['an endless retention', withRetention({ ...NO_NUMBER, ms: Infinity }), /has no number of milliseconds/],
	['a law without years', withRetention({ mode: 'statutory', years: 0, why: 'tax' }), /has no number of years/],
	['for good without a reason', withRetention({ mode: 'for_good', why: '' }), /does not say why it stays for good/],
	[
		'a clock that nothing starts',
		withRetention({ mode: 'duration', anchor: ' ', ms: DAY_MS }),
		/what starts its clock/,
	],
	[
		'two periods',
		withSentence('Kept until you delete it, or until 24 hours after creation.'),
		/dental\.history joins two periods by "or".*Say which of the two counts/,
	],
	['two lengths', withSentence('Kept for 24 hours or 7 days.'), /joins two periods by "or"/],
	['a condition of a template', withSentence('<If Umami sets cookies, change this>'), /still holds text of a template/],
	['a note to oneself', withSentence('TODO ask counsel'), /Write what is true there/],
	['filler', withSentence('Lorem ipsum dolor.'), /still holds text of a template/],
	['a gap', withSentence('We are [company name] of […].'), /still holds text of a template/],
	[
		'a claim whose test is gone',
		withClaim({ tests: [{ file: 'test/core/clock.test.ts', title: 'time is a flat circle' }] }),
		/is shown by "time is a flat circle", which test\/core\/clock\.test\.ts has not/,
	],
	[
		'a claim whose test file is gone',
		withClaim({ tests: [{ file: 'test/nowhere.test.ts', title: 'anything' }] }),
		/test\/nowhere\.test\.ts, which is not there/,
	],
	['a claim that nothing shows', withClaim({ grade: 'E2', tests: [] }), /names no test\. Name one that shows it/],
	[
		'a claim that nothing keeps',
		withClaim({ grade: 'E2', enforcedBy: ['workers/core/magic.ts'] }),
		/is kept by .*magic/,
	],
	[
		'evidence of nothing',
		withDental({
			claims: world.studios.dental.claims.map((claim) => {
				const { evidence: _evidence, ...without } = claim;
				return claim.grade === 'E4' ? without : claim;
			}),
		}),
		/is to be shown by evidence, and names none/,
	],
	[
		'one id for two claims',
		withDental({ claims: [...world.studios.dental.claims, world.studios.dental.claims[0]!] }),
		/stands for two claims/,
	],
	['no claims', withDental({ claims: [] }), /dental claims nothing/],
	[
		'another jurisdiction',
		withDental({ policy: { location: { claim: 'In Europe.', jurisdiction: 'eu' } } }),
		/has the bucket afterglow-dental-media in "us", and the policy of dental promises "eu"/,
	],
	[
		'a change without its notice',
		withVersion({ effective: '2027-01-10' }),
		/less than 14 days after 2027-01-01\. Move/,
	],
	['a change that is not told', withVersion({ changes: [] }), /does not say what changes/],
	['a name before the last one', withVersion({ version: '2026-01-01' }), /Give it a later name/],
	['a date that is none', withVersion({ effective: '2027-02-30' }), /has a date that is none/],
	[
		'other words than those that were read',
		withVersion({ review: { state: 'reviewed', by: 'Counsel', on: '2027-01-01', textHash: 'of other words' } }),
		/is not the one that Counsel read \(of other words\)\. Restore it, have it read again/,
	],
	[
		'an address that nobody reads',
		withDental({
			policy: { controller: { ...world.studios.dental.policy.controller, email: 'privacy@example.com' } },
		}),
		/contact address "privacy@example\.com"\. Write one that somebody reads/,
	],
])('%s fails, and the sentence says what to do', (_what, broken, sentence) => {
	const said = lintPolicy(broken);
	expect(said.filter((line) => sentence.test(line)).length).toBeGreaterThan(0);
});

test('Cloudflare is said to get every class that a table or a file of ours is of', () => {
	const kept = new Set([...Object.values(DATA_MAP), ...Object.values(PREFIX_MAP)].map(({ dataClass }) => dataClass));
	expect(kept.size).toBeGreaterThan(20);
	expect([...kept].filter((dataClass) => !CLOUDFLARE.gets.includes(dataClass))).toEqual([]);
});
