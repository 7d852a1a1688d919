import { drizzle } from 'drizzle-orm/d1';
import { expect, test, vi } from 'vitest';

import { narrowByLink } from '../../../workers/core/consent-links/narrow-by-link';
import { openLink } from '../../../workers/core/consent-links/open-link';
import { revokeByLink } from '../../../workers/core/consent-links/revoke-by-link';
import { createLink } from '../../../workers/core/consent-links/create-link';
import { sendCopy } from '../../../workers/core/consent-links/send-copy';
import type { WorkMessage } from '../../../workers/core/messages';
import { newShareToken, shareTokenHash } from '../../../workers/core/shares/share-token';
import { linkTokenHash } from '../../../workers/core/consent-links/link-token';
import { countD1 } from '../../support/counting-d1';
import { snapshotD1 } from '../../support/d1-snapshot';
import { WHENCE } from '../../support/given-invitation';
import { givenShare, givenSmile } from '../shares/given-share';
import { anotherLink, givenLink, holding, sign } from './link-world';

test('through its whole life a token is in no row, no message and no line of the log, and neither are name and address', async () => {
	const lines: unknown[] = [];
	const spies = (['log', 'info', 'warn'] as const).map((level) =>
		vi.spyOn(console, level).mockImplementation((...line) => {
			lines.push(line);
		}),
	);
	const given = await givenLink();
	const { deps, token } = given;
	const holder = { token, network: '192.0.2.0' };
	const messages: unknown[] = [];
	const { queue } = deps;
	deps.queue = {
		send: async (message: WorkMessage, options?: { delaySeconds?: number }) => {
			messages.push(message);
			await queue.send(message, options);
		},
	};
	await openLink(deps, holder);
	await sign(deps, token, { signature: '[[[0.125,0.625]]]' });
	await openLink(deps, holder);
	await sendCopy(deps, { holder, email: 'canary@home.test' });
	await narrowByLink(deps, { holder, channels: ['room'] });
	await revokeByLink(deps, { holder });
	await openLink(deps, holder);
	for (const spy of spies) spy.mockRestore();

	const rows = JSON.stringify([...(await snapshotD1(deps.d1))]);
	const kept = `${rows}${JSON.stringify(messages)}${JSON.stringify(lines)}`;
	expect(rows).toContain(given.linkId);
	expect(messages.length).toBeGreaterThan(0);
	for (const secret of [token, 'Mara Sample', 'canary@home.test', '0.125,0.625', '192.0.2.0']) {
		expect(kept).not.toContain(secret);
	}
});

test('the token of a shared link is none of a patient’s link, whoever has both', async () => {
	const { deps } = await givenLink();
	const token = newShareToken();
	expect(await shareTokenHash(deps, token)).not.toBe(await linkTokenHash(deps, token));
	const smile = await givenSmile();
	const share = await givenShare(smile);
	await expect(openLink(smile.deps, holding(share.token))).rejects.toMatchObject({ code: 'not_found' });
});

test('whoever tries tokens is stopped by their network, and one token by itself', async () => {
	const given = await givenLink();
	const { deps, token } = given;
	deps.studio = {
		...deps.studio,
		rates: {
			...deps.studio.rates,
			patientLink: { token: { max: 3, minutes: 15 }, network: { max: 5, minutes: 15 } },
		},
	};
	const other = await anotherLink(given);
	for (let tries = 0; tries < 3; tries += 1) await openLink(deps, holding(token));
	await expect(openLink(deps, holding(token))).rejects.toMatchObject({ code: 'too_many_requests' });
	await openLink(deps, holding(other.token));

	const network = '198.51.100.0';
	for (let tries = 0; tries < 5; tries += 1) {
		const wrong = { token: `${tries}`.repeat(43), network };
		await expect(openLink(deps, wrong)).rejects.toMatchObject({ code: 'not_found' });
	}
	const right = { token: other.token, network };
	await expect(openLink(deps, right)).rejects.toMatchObject({ code: 'too_many_requests' });
	deps.clock.advance({ minutes: 15 });
	expect(await openLink(deps, right)).toMatchObject({ state: 'to_sign' });
});

test('opening a link takes three statements before it is signed, and six at most afterwards', async () => {
	const smile = await givenSmile();
	const { actor, upload } = smile;
	const { db, count } = countD1(smile.deps.d1);
	const deps = { ...smile.deps, db: drizzle(db) };
	const statementsOf = async (token: string) => {
		count.statements = 0;
		await openLink(deps, { token, network: '203.0.113.0' });
		return count.statements;
	};
	const draft = await givenLink({ deps: smile.deps, actor });
	expect(await statementsOf(draft.token)).toBe(3);
	expect(await statementsOf(draft.token)).toBe(2);
	const { url } = await createLink(deps, { actor, whence: WHENCE, consentId: upload.consentId ?? '' });
	const token = url.split('/p/')[1] ?? '';
	expect(await statementsOf(token)).toBe(6);
	expect(await statementsOf(token)).toBe(5);
	await revokeByLink(deps, { holder: holding(token) });
	expect(await statementsOf(token)).toBe(4);
});
