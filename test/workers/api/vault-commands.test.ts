import { once } from 'node:events';
import { createServer } from 'node:http';

import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { audit } from '../../../scripts/ops/commands/audit';
import { replayErasures, rotateVault, sealEarlier } from '../../../scripts/ops/commands/vault';
import type { Command } from '../../../scripts/ops/command';
import api from '../../../workers/api/index';
import { startCountingApi } from '../../budgets/counting-api';

const OPERATOR_KEY = 'an operator key of the tests, 32 characters or more';
const NEWER = 'a newer vault key of the tests, 32 characters or more';

let world: Awaited<ReturnType<typeof startCountingApi>>;
let cookie: string;
/** What the deployment is configured with at the moment. */
let secrets: Record<string, string> = {};
const server = createServer(
	getRequestListener((request) => api.fetch(request, { ...world.env, OPERATOR_KEY, ...secrets })),
);
beforeAll(async () => {
	world = await startCountingApi();
	cookie = await world.signUp({ email: 'ada@practice.test', password: 'a long enough password', name: 'Ada' });
	await once(server.listen(0, '127.0.0.1'), 'listening');
}, 60_000);
afterAll(async () => {
	server.close();
	await world.close();
});

function run(command: Command) {
	const { port } = z.object({ port: z.number() }).parse(server.address());
	return command.read([]).run({ origin: `http://127.0.0.1:${port}`, operatorKey: OPERATOR_KEY });
}

async function subject(reference: string): Promise<string> {
	const headers = { 'content-type': 'application/json', cookie, origin: world.env.APP_ORIGIN };
	const init = { method: 'POST', headers, body: JSON.stringify({ reference }) };
	const answer = await api.request(new URL('/v1/subjects', world.env.APP_ORIGIN).href, init, {
		...world.env,
		...secrets,
	});
	return z.object({ id: z.string() }).parse(await answer.json()).id;
}

/** What the practice is shown with the secrets that the deployment has now. */
async function referenceOf(id: string): Promise<string> {
	const headers = { cookie };
	const address = new URL(`/v1/consents?subjectId=${id}`, world.env.APP_ORIGIN).href;
	const answer = await api.request(address, { headers }, { ...world.env, ...secrets });
	const List = z.object({ subject: z.object({ reference: z.string() }) });
	return List.parse(await answer.json()).subject.reference;
}

test('the secret is changed while everything can be read, and the old one is not needed afterwards', async () => {
	const id = await subject('M-1');
	secrets = { VAULT_KEY: NEWER, VAULT_KEY_BEFORE: world.env.VAULT_KEY };
	expect(await referenceOf(id)).toBe('M-1');
	const rotated = await run(rotateVault);
	expect(rotated).toMatchObject({ status: 0, json: { rewrapped: expect.any(Number), left: 0 } });
	expect(rotated.text).toMatch(/^Every key is under the newest secret\n/);
	secrets = { VAULT_KEY: NEWER };
	expect(await referenceOf(id)).toBe('M-1');
	expect(await run(rotateVault)).toMatchObject({ status: 0, json: { rewrapped: 0, left: 0 } });

	secrets = { VAULT_KEY: 'a third vault key of the tests, 32 characters or more' };
	const lost = await run(rotateVault);
	expect(lost).toMatchObject({ status: 1, json: { rewrapped: 0 } });
	expect(lost.text).toMatch(/^Some keys are under a secret that is not configured\n/);
	secrets = { VAULT_KEY: NEWER };
});

test('what a version left unsealed is counted by the audit until it has been sealed', async () => {
	secrets = { VAULT_KEY: NEWER };
	const id = await subject('M-2');
	await world.d1.prepare(`update subjects set reference = 'M-2', reference_hash = null where id = ?`).bind(id).run();
	expect(await run(audit)).toMatchObject({ status: 1, json: { unsealed: 1, violations: [] } });
	expect(await run(sealEarlier)).toMatchObject({ status: 0, json: { sealed: 1, left: 0 } });
	expect(await run(audit)).toMatchObject({ status: 0, json: { unsealed: 0 } });
	const row = await world.d1.prepare('select reference from subjects where id = ?').bind(id).first('reference');
	expect(row).toMatch(/^v1\./);
	expect(await referenceOf(id)).toBe('M-2');
});

test('what was erased and is there again is begun again once, and then is under way', async () => {
	secrets = { VAULT_KEY: NEWER };
	const id = await subject('M-3');
	const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`afterglow tombstone|${id}`));
	await world.env.VAULT.put(`tombs/${Buffer.from(hash).toString('hex')}`, '{}');
	await world.env.VAULT.delete(`keys/${id}`);
	expect(await referenceOf(id)).toBe('erased');
	expect(await run(replayErasures)).toMatchObject({ status: 0, json: { begun: 1, refused: 0 } });
	expect(await run(replayErasures)).toMatchObject({ status: 0, json: { begun: 0, refused: 0 } });
	const asked = world.d1.prepare('select kind, state from erasures where target_id = ?').bind(id);
	expect(await asked.first()).toEqual({ kind: 'subject', state: 'requested' });
	expect(world.queued).toContainEqual({ type: 'erasure.advance', erasureId: expect.stringMatching(/^ers_/) });
});
