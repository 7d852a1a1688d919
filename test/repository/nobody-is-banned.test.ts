import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import { fromRoot } from '../../scripts/root';
import { RATES, type Rate } from '../../studios/studio';
import { readText } from '../docs/documents';

/* No machine decides about a person (DS-34, GDPR Art. 22): limits slow down and end by themselves; whatever lasts is a person's deed. */

const DAY_MINUTES = 24 * 60;

const SOURCES = ['workers', 'schema', 'studios', 'app']
	.flatMap((folder) => readdirSync(fromRoot(folder), { recursive: true }).map((file) => `${folder}/${String(file)}`))
	.filter((path) => /\.tsx?$/.test(path));

/** Words that a ban would have for a name in code: of a column, a function, a state. */
const BAN =
	/\b(?:is|was|un)?(?:ban|banned|blocklist|blacklist|suspend|suspended|disabledUser|blockUser|blockPerson|lockOut)(?:At|AtMs|ned|s)?\b/i;

/** Sentences and names of files may say it; code may not. */
function codeOf(text: string): string {
	return text
		.replace(/\/\*[^]*?\*\//g, '')
		.replace(/^\s*\/\/.*$/gm, '')
		.replace(/(['"`])(?:\\.|(?!\1)[^\\])*\1/g, (words) => (/[\s/]/.test(words) ? '' : words));
}

test('the pattern finds a ban, and not words about one', () => {
	expect(BAN.test(codeOf('users.update({ bannedAtMs: 1 })'))).toBe(true);
	expect(BAN.test(codeOf("state: 'suspended'"))).toBe(true);
	expect(BAN.test(codeOf("// nobody is banned\nconst words = 'nobody is banned';"))).toBe(false);
});

test('nothing in the code bans, suspends or blocks a person', () => {
	expect(SOURCES.length).toBeGreaterThan(300);
	expect(SOURCES.filter((path) => BAN.test(codeOf(readText(path))))).toEqual([]);
});

test('every limit ends by itself within a day', () => {
	const all: readonly Readonly<Record<string, Rate>>[] = Object.values({ ...RATES });
	const rates = all.flatMap((by) => Object.values(by));
	expect(rates.length).toBeGreaterThan(20);
	for (const { max, minutes } of rates) {
		expect(max).toBeGreaterThan(0);
		expect(minutes).toBeLessThanOrEqual(DAY_MINUTES);
	}
});

/** Who takes somebody's way in away, their membership, or the account they act in: always somebody's deed, or their own. */
const TAKES_AWAY = /\.(?:delete)\(\s*(?:users|memberships|signInMethods|passkeys|apiKeys)\b/;

/** Not where time, limits, webhooks or processors decide. */
const DECIDED_BY_NOBODY =
	/^workers\/(?:jobs|media|core\/(?:limits|retention|renders|gateways|billing|credits|uploads|assets))\//;

test('what runs by itself takes nobody’s way in away', () => {
	const taking = SOURCES.filter((path) => TAKES_AWAY.test(readText(path)));
	expect(taking.length).toBeGreaterThan(0);
	expect(taking.filter((path) => DECIDED_BY_NOBODY.test(path))).toEqual([]);
});
