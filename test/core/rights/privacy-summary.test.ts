import { drizzle } from 'drizzle-orm/d1';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';

import { exportedTables } from '../../../workers/core/exports/export-rows';
import { readPrivacy, sinceColumn } from '../../../workers/core/rights/privacy-summary';
import { restrictSubject } from '../../../workers/core/restriction/restrict-account';
import { countD1 } from '../../support/counting-d1';
import { givenMember } from '../../support/given';
import { givenEverything, type Everything } from '../../support/given-everything';
import { renderWorld, type RenderWorld } from '../../support/render-world';

let deps: RenderWorld;
let mine: Everything;
beforeAll(async () => {
	deps = await renderWorld();
	mine = await givenEverything(deps, 'mine');
	await givenEverything(deps, 'other');
});

test('it counts every exported row of one’s own and of the account one owns, in one statement', async () => {
	const counted = countD1(env.DB);
	const privacy = await readPrivacy({ ...deps, db: drizzle(counted.db) }, mine.actor);
	expect(counted.count).toEqual({ statements: 1, batches: 0 });
	const wanted = new Map<string, number>();
	for (const [name, table] of exportedTables()) {
		wanted.set(table.dataClass, (wanted.get(table.dataClass) ?? 0) + (mine.rows.get(name)?.length ?? 0));
	}
	expect(new Map(privacy.held.map(({ dataClass, count }) => [dataClass, count]))).toEqual(wanted);
	expect(privacy.held.every(({ since }) => since !== null)).toBe(true);
	expect(privacy).toMatchObject({ hasAccount: true, restrictedAt: null, exports: [{ state: 'gone' }] });
	expect(privacy.requests).toMatchObject([{ state: 'answered' }]);
	expect(privacy.receipts).toMatchObject([{ kind: 'source_deleted', deleted: [{ what: 'patient photo', count: 1 }] }]);
});

test('each table that is counted has a time at which its rows came, or hangs on one that has', () => {
	const without = exportedTables().filter(([, table]) => sinceColumn(table) === null);
	expect(without.map(([name]) => name)).toEqual(['second_factors', 'credit_accounts', 'credit_parts', 'credit_seals']);
});

test('a member sees what is theirs and nothing of the account', async () => {
	const { userId } = await givenMember(deps, { accountId: mine.actor.accountId, role: 'staff' });
	const privacy = await readPrivacy(deps, { userId, accountId: null });
	const some = privacy.held.filter(({ count }) => count > 0);
	expect(some.map(({ dataClass, count }) => [dataClass, count])).toEqual([
		// Themselves, their membership, and that they accepted the policy.
		['account', 3],
		['session', 1],
	]);
	expect(privacy).toMatchObject({ hasAccount: false, restrictedSubjects: [], receipts: [], exports: [], requests: [] });
});

test('patients who are restricted stand there under the practice’s own reference', async () => {
	const subject = mine.rows.get('subjects')?.[0];
	const whence = { network: null, country: null, browser: null };
	await restrictSubject(deps, { actor: mine.actor, whence, subjectId: String(subject?.['id']), isRestricted: true });
	const { restrictedSubjects } = await readPrivacy(deps, mine.actor);
	expect(restrictedSubjects).toMatchObject([{ id: subject?.['id'], reference: subject?.['reference'] }]);
});
