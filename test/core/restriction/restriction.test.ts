import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { and, eq, like } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { auditEntries } from '../../../schema/audit';
import { billingCustomers, checkouts } from '../../../schema/billing';
import { subjects } from '../../../schema/consents';
import { idempotencyKeys } from '../../../schema/credits';
import { mails } from '../../../schema/mail';
import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { users } from '../../../schema/users';
import { STUDIOS } from '../../../studios/all';
import { readAsset } from '../../../workers/core/assets/read-asset';
import { openCheckout } from '../../../workers/core/billing/open-checkout';
import { openPortal } from '../../../workers/core/billing/open-portal';
import { recordChoice } from '../../../workers/core/choices/record-choice';
import { queueMail } from '../../../workers/core/mail/queue-mail';
import { sendMail } from '../../../workers/core/mail/send-mail';
import { advanceRender } from '../../../workers/core/renders/advance-render';
import { startRender } from '../../../workers/core/renders/start-render';
import { isPersonRestricted } from '../../../workers/core/restriction/require-unrestricted';
import { restrictAccount, restrictSubject } from '../../../workers/core/restriction/restrict-account';
import { eraseSources } from '../../../workers/core/retention/erase-sources';
import { interceptD1 } from '../../support/intercepted-d1';
import { balanceOf, givenAccount, givenMember } from '../../support/given';
import {
	deliver,
	finishStage,
	givenReadyUpload,
	givenRender,
	renderWorld,
	rowsOf,
	smileOrder,
	type RenderWorld,
} from '../../support/render-world';

const WHENCE = { network: null, country: null, browser: null };

/** Every gateway that sends something outside, counting what it is asked. */
async function countedWorld(told: Parameters<typeof renderWorld>[0] = {}) {
	const asked: string[] = [];
	const deps = await renderWorld({
		...told,
		pictures: {
			generate: () => {
				asked.push('openai');
				return Promise.resolve({ kind: 'unknown' });
			},
		},
	});
	const counted = <T extends object>(name: string, gateway: T): T =>
		new Proxy(gateway, {
			get(target, key, receiver) {
				const value: unknown = Reflect.get(target, key, receiver);
				if (typeof value !== 'function') return value;
				return (...args: unknown[]) => {
					if (!['last', 'finish', 'forget', 'forgetRequest'].includes(String(key)))
						asked.push(`${name}.${String(key)}`);
					return Reflect.apply(value, target, args) as unknown;
				};
			},
		});
	return { deps: { ...deps, fal: counted('fal', deps.fal), stripe: counted('stripe', deps.stripe) }, asked };
}

function restrict(deps: RenderWorld, actor: Parameters<typeof restrictAccount>[1]['actor'], isRestricted = true) {
	return restrictAccount(deps, { actor, whence: WHENCE, isRestricted });
}

async function auditOf({ db }: RenderWorld, accountId: string) {
	const rows = await db
		.select({ action: auditEntries.action })
		.from(auditEntries)
		.where(and(eq(auditEntries.accountId, accountId), like(auditEntries.action, 'restriction.%')));
	return rows.map(({ action }) => action);
}

test('while an account is restricted no order, till or portal is taken, and no gateway is asked', async () => {
	const { deps, asked } = await countedWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	await deps.db
		.insert(billingCustomers)
		.values({ accountId: actor.accountId, customerId: `cus_${actor.accountId}`, readAtMs: 1 });
	expect(await restrict(deps, actor)).toEqual({ restrictedAt: deps.now().toISOString() });
	const before = await balanceOf(deps, actor.accountId);

	const refused = { code: 'processing_restricted' };
	await expect(startRender(deps, smileOrder(actor, upload.id))).rejects.toMatchObject(refused);
	for (const item of ['pack.100', 'plan.starter']) {
		await expect(openCheckout(deps, { actor, whence: WHENCE, item })).rejects.toMatchObject(refused);
	}
	await expect(openPortal(deps, { actor, whence: WHENCE, flow: undefined })).rejects.toMatchObject(refused);
	expect(asked).toEqual([]);
	expect(await balanceOf(deps, actor.accountId)).toEqual(before);
	expect(await deps.db.select().from(renders).where(eq(renders.accountId, actor.accountId))).toEqual([]);
	expect(await deps.db.select().from(checkouts).where(eq(checkouts.accountId, actor.accountId))).toEqual([]);
	const keys = deps.db.select().from(idempotencyKeys).where(eq(idempotencyKeys.accountId, actor.accountId));
	expect(await keys).toEqual([]);
	expect(deps.sent).toEqual([]);
});

test('an order of words is refused by the write itself, without a trace', async () => {
	const { deps, asked } = await countedWorld({ studio: STUDIOS.image });
	const actor = await givenAccount(deps);
	await restrict(deps, actor);
	const order = { actor, network: null, key: 'k', tool: 'image.generate', input: { prompt: 'a paper boat' } };
	await expect(startRender(deps, order)).rejects.toMatchObject({ code: 'processing_restricted' });
	expect(asked).toEqual([]);
	expect(await deps.db.select().from(renders).where(eq(renders.accountId, actor.accountId))).toEqual([]);
});

test('a render under way ends as failed, with its credits back and nothing more asked of a processor', async () => {
	const { deps, asked } = await countedWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	expect(asked).toEqual(['fal.submit']);
	await restrict(deps, actor);
	expect(deps.sent.map(({ message }) => message)).toContainEqual({ type: 'render.advance', renderId });
	deps.sent.splice(0, deps.sent.length, ...deps.sent.filter(({ message }) => message.type === 'render.advance'));
	await advanceRender(deps, { renderId });
	const { render, outcomes } = await rowsOf(deps, renderId);
	expect(render).toMatchObject({ state: 'failed', errorCode: 'processing_restricted', creditsCharged: 0 });
	expect(outcomes).toMatchObject([{ state: 'failed' }]);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
	expect(asked).toEqual(['fal.submit']);
});

test('a restriction that comes between reading a render and writing its attempt keeps the processor unasked', async () => {
	const { deps, asked } = await countedWorld();
	const { actor, renderId } = await givenRender(deps);
	let isSet = false;
	const d1 = interceptD1(env.DB, async ({ sql }, run) => {
		if (!isSet && sql.some((text) => text.includes('insert into "attempts"'))) {
			isSet = true;
			await restrict(deps, actor);
		}
		return run();
	});
	await advanceRender({ ...deps, db: drizzle(d1) }, { renderId });
	expect(isSet).toBe(true);
	expect(asked).toEqual([]);
	expect((await rowsOf(deps, renderId)).attempts).toEqual([]);
	await advanceRender(deps, { renderId });
	expect((await rowsOf(deps, renderId)).render.state).toBe('failed');
	expect(asked).toEqual([]);
});

test('a patient can be restricted alone: their photo is not worked on and shown nowhere, another one is', async () => {
	const { deps } = await countedWorld();
	const { actor, renderId, upload } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	await finishStage(deps);
	const { assets } = await rowsOf(deps, renderId);
	const assetId = assets[0]?.id ?? '';
	const subjectId = upload.subjectId ?? '';
	const input = { actor, whence: WHENCE, subjectId };
	await restrictSubject(deps, { ...input, isRestricted: true });
	const shown = await readAsset(deps, { actor, assetId });
	expect(shown.publish.filter(({ isAllowed }) => isAllowed)).toEqual([]);
	await expect(startRender(deps, smileOrder(actor, upload.id))).rejects.toMatchObject({
		code: 'processing_restricted',
	});
	const other = await givenReadyUpload(deps, actor);
	expect(await startRender(deps, smileOrder(actor, other.id))).toMatchObject({ isNew: true });
	expect(await restrictSubject(deps, { ...input, isRestricted: false })).toEqual({ restrictedAt: null });
	expect((await readAsset(deps, { actor, assetId })).publish.some(({ isAllowed }) => isAllowed)).toBe(true);
	expect(await auditOf(deps, actor.accountId)).toEqual(['restriction.set', 'restriction.lifted']);
});

test('restricting twice keeps the first time and one entry; lifting lets an order through again', async () => {
	const { deps } = await countedWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	const first = await restrict(deps, actor);
	deps.clock.advance({ hours: 1 });
	expect(await restrict(deps, actor)).toEqual(first);
	expect(await auditOf(deps, actor.accountId)).toEqual(['restriction.set']);
	expect(await isPersonRestricted(deps, actor)).toBe(true);
	expect(await restrict(deps, actor, false)).toEqual({ restrictedAt: null });
	expect(await isPersonRestricted(deps, actor)).toBe(false);
	expect(await startRender(deps, smileOrder(actor, upload.id))).toMatchObject({ state: 'queued' });
});

test('nobody but its owner restricts an account, and nobody else’s patient is touched', async () => {
	const { deps } = await countedWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	const staff = await givenMember(deps, { accountId: actor.accountId, role: 'staff' });
	await expect(restrict(deps, staff)).rejects.toMatchObject({ code: 'not_allowed' });
	const stranger = await givenAccount(deps);
	const subjectId = upload.subjectId ?? '';
	await expect(
		restrictSubject(deps, { actor: stranger, whence: WHENCE, subjectId, isRestricted: true }),
	).rejects.toMatchObject({ code: 'not_found' });
	const [account] = await deps.db.select().from(accounts).where(eq(accounts.id, actor.accountId));
	const [subject] = await deps.db.select().from(subjects).where(eq(subjects.id, subjectId));
	expect([account?.restrictedAtMs, subject?.restrictedAtMs]).toEqual([null, null]);
	expect(await auditOf(deps, actor.accountId)).toEqual([]);
});

test('mail that nobody needs waits for nobody who is restricted, and mail that is needed goes out', async () => {
	const { deps } = await countedWorld();
	const actor = await givenAccount(deps);
	const [person] = await deps.db.select({ email: users.email }).from(users).where(eq(users.id, actor.userId));
	const to = person?.email ?? '';
	const by = { visitorId: null, regime: 'eea', hasGpc: false, textVersion: '1', surface: 'settings' } as const;
	await recordChoice(deps, { ...by, userId: actor.userId, purpose: 'product_updates', choice: 'granted' });
	await restrict(deps, actor);
	const sent: string[] = [];
	const mailer: RenderWorld['mailer'] = {
		send: ({ subject }) => {
			sent.push(subject);
			return Promise.resolve({ kind: 'taken', providerId: 'mail_1' });
		},
	};
	await queueMail(deps, { kind: 'product_update', to, subject: 'News', text: 'Words.' });
	await queueMail(deps, { kind: 'sign_in_code', to, code: '482913', minutes: 10 });
	for (const { message } of deps.sent) {
		if (message.type === 'mail.send') await sendMail({ ...deps, mailer }, { mailId: message.mailId });
	}
	const rows = await deps.db.select().from(mails).where(eq(mails.userId, actor.userId));
	expect(rows.map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
		'product_update suppressed',
		'sign_in_code sent',
	]);
	expect(sent).toHaveLength(1);
});

test('deleting goes on while processing is restricted', async () => {
	const { deps } = await countedWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	await restrict(deps, actor);
	deps.clock.advance({ hours: 25 });
	expect(await eraseSources(deps, { uploadIds: [upload.id] })).toMatchObject({ deleted: [] });
	await deps.db.update(uploads).set({ state: 'deleting' }).where(eq(uploads.id, upload.id));
	expect(await eraseSources(deps, { uploadIds: [upload.id] })).toMatchObject({ deleted: [upload.id] });
});
