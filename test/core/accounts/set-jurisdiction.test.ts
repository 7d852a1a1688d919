import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { auditEntries } from '../../../schema/audit';
import { readAccount } from '../../../workers/core/accounts/read-account';
import { setJurisdiction } from '../../../workers/core/accounts/set-jurisdiction';
import type { Actor } from '../../../workers/core/actor';
import { readAsset } from '../../../workers/core/assets/read-asset';
import { givenAccount, givenMember } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenSmile } from '../shares/given-share';

function storedIn({ db }: TestDeps, { accountId }: Actor) {
	return Promise.all([
		db.select({ jurisdiction: accounts.jurisdiction }).from(accounts).where(eq(accounts.id, accountId)),
		db
			.select({ action: auditEntries.action, facts: auditEntries.facts })
			.from(auditEntries)
			.where(eq(auditEntries.accountId, accountId)),
	]);
}

test('until somebody says where, the studio’s strictest place holds, and choosing that same place is a choice', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	expect(await readAccount(deps, { actor })).toMatchObject({ jurisdiction: 'US-CA', isJurisdictionChosen: false });
	await setJurisdiction(deps, { actor, whence: WHENCE, jurisdiction: 'US-CA' });
	expect(await readAccount(deps, { actor })).toMatchObject({ jurisdiction: 'US-CA', isJurisdictionChosen: true });
	expect(await storedIn(deps, actor)).toEqual([
		[{ jurisdiction: 'US-CA' }],
		[{ action: 'jurisdiction.changed', facts: { from: 'not said', to: 'US-CA' } }],
	]);
});

test('what is said decides the verdicts at once; said again it changes nothing and leaves no entry', async () => {
	const { deps, actor, video } = await givenSmile();
	const website = async () => (await readAsset(deps, { actor, assetId: video.id })).publish.find(isWebsite)?.ruleId;
	expect(await website()).toBe('ca-651-b3a');
	for (let times = 0; times < 2; times += 1) {
		await setJurisdiction(deps, { actor, whence: WHENCE, jurisdiction: 'AU' });
		expect(await website()).toBe('ahpra-simulated');
	}
	const [, entries] = await storedIn(deps, actor);
	expect(entries).toEqual([{ action: 'jurisdiction.changed', facts: { from: 'not said', to: 'AU' } }]);
});

function isWebsite({ place }: { place: string }): boolean {
	return place === 'website';
}

test.each(['clinician', 'staff', 'billing'] as const)('%s does not say it, and nothing is written', async (role) => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const member = await givenMember(deps, { accountId: owner.accountId, role });
	await expect(setJurisdiction(deps, { actor: member, whence: WHENCE, jurisdiction: 'UK' })).rejects.toMatchObject({
		code: 'not_allowed',
	});
	expect(await storedIn(deps, owner)).toEqual([[{ jurisdiction: null }], []]);
});
