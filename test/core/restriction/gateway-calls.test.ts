import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { billingCustomers } from '../../../schema/billing';
import { conversions } from '../../../schema/choices';
import { users } from '../../../schema/users';
import type { ChoicePurpose } from '../../../studios/policy/policy';
import { STUDIOS } from '../../../studios/all';
import type { Actor } from '../../../workers/core/actor';
import { openCheckout } from '../../../workers/core/billing/open-checkout';
import { openPortal } from '../../../workers/core/billing/open-portal';
import { recordChoice } from '../../../workers/core/choices/record-choice';
import { sendConversion } from '../../../workers/core/conversions/send-conversion';
import type { ErrorReports } from '../../../workers/core/gateways/sentry';
import type { MetaGateway } from '../../../workers/core/gateways/meta';
import { queueMail } from '../../../workers/core/mail/queue-mail';
import { sendMail } from '../../../workers/core/mail/send-mail';
import { advanceRender } from '../../../workers/core/renders/advance-render';
import { startRender } from '../../../workers/core/renders/start-render';
import { reportUnexpected } from '../../../workers/core/restriction/report-unexpected';
import { restrictAccount, restrictSubject } from '../../../workers/core/restriction/restrict-account';
import { failure } from '../../support/fake-fal';
import { givenAccount } from '../../support/given';
import { deliver, finishStage, givenRender, notify, renderWorld, type RenderWorld } from '../../support/render-world';

const WHENCE = { network: null, country: null, browser: null };

/** What makes each gateway, and by which name code holds it; those of one's own sign-in know no account yet. */
const GATEWAYS: Readonly<Record<string, string | null>> = {
	createFalGateway: 'fal',
	createPictureGateway: 'pictures',
	createMailGateway: 'mailer',
	createMetaGateway: 'meta',
	createErrorReports: 'errorReports',
	createStripeGateway: 'stripe',
	// The three parts that Stripe's gateway is put together from.
	createDeletion: null,
	createLedger: null,
	createTill: null,
	// A widget's token, and a sign-in that the person is making themselves.
	createTurnstile: null,
	createApple: null,
	createGitHub: null,
	createGoogle: null,
};

const BOOKS = 'what was paid, is paid back or charged on has to be in the books, which the law asks for';
const DELETES = 'it deletes or ends something there and tells nothing new';
const NOBODY = 'it is about what is sold, and about nobody';

/**
 * Every place in the Workers that calls a gateway: `gated`, and then a way below shows that it asks nothing for who is restricted, or
 * why it goes on all the same.
 */
const PLACES: Readonly<Record<string, string>> = {
	'core/renders/start-attempt.ts fal.submit': 'gated',
	'core/renders/start-attempt.ts pictures.generate': 'gated',
	'core/renders/collect-attempt.ts fal.result': 'gated',
	'core/renders/collect-attempt.ts fal.fetchOutput': 'gated',
	'core/renders/forget-render.ts fal.cancel': DELETES,
	'core/renders/forget-render.ts fal.forget': DELETES,
	'core/mail/send-mail.ts mailer.send': 'gated',
	'core/conversions/send-conversion.ts meta.send': 'gated',
	'core/restriction/report-unexpected.ts errorReports.report': 'gated',
	'core/retention/sweep.ts errorReports.report': NOBODY,
	'jobs/index.ts errorReports.report': NOBODY,
	'core/billing/customer-of.ts stripe.createCustomer': 'gated',
	'core/billing/open-checkout.ts stripe.openCheckout': 'gated',
	'core/billing/open-checkout.ts stripe.expireCheckout': 'gated',
	'core/billing/open-checkout.ts stripe.readCheckout': 'gated',
	'core/billing/open-portal.ts stripe.openPortal': 'gated',
	'core/billing/end-checkouts.ts stripe.readCheckout': DELETES,
	'core/billing/end-checkouts.ts stripe.expireCheckout': DELETES,
	'core/erasure/erase-payments.ts stripe.expireCheckout': DELETES,
	'core/erasure/erase-payments.ts stripe.deleteCustomer': DELETES,
	'core/erasure/erase-payments.ts stripe.listSubscriptions': DELETES,
	'core/erasure/erase-payments.ts stripe.isCustomerGone': DELETES,
	'core/billing/prepare-stripe.ts stripe.prepare': NOBODY,
	'core/billing/compare-purchases.ts stripe.readInvoice': BOOKS,
	'core/billing/compare-purchases.ts stripe.readCheckout': BOOKS,
	'core/billing/compare-purchases.ts stripe.readPayment': BOOKS,
	'core/billing/read-invoice-page.ts stripe.readInvoicePage': BOOKS,
	'core/billing/reconcile-day.ts stripe.list': BOOKS,
	'core/billing/sync-checkout.ts stripe.readCheckout': BOOKS,
	'core/billing/sync-checkout.ts stripe.readPayment': BOOKS,
	'core/billing/sync-dispute.ts stripe.readDispute': BOOKS,
	'core/billing/sync-invoice.ts stripe.readInvoice': BOOKS,
	'core/billing/sync-payment.ts stripe.readRefund': BOOKS,
	'core/billing/sync-payment.ts stripe.findCheckoutOf': BOOKS,
	'core/billing/sync-payment.ts stripe.findInvoiceOf': BOOKS,
	'core/billing/sync-payment.ts stripe.listRefunds': BOOKS,
	'core/billing/sync-payment.ts stripe.listDisputes': BOOKS,
	'core/billing/sync-subscription.ts stripe.readSubscription': BOOKS,
	'core/billing/sync-subscription.ts stripe.listSubscriptions': BOOKS,
	'core/billing/sync-subscription.ts stripe.readCard': BOOKS,
	'core/operations/refund-payment.ts stripe.refund': BOOKS,
	'core/operations/refund-payment.ts stripe.listRefunds': BOOKS,
	'core/operations/refund-payment.ts stripe.readRefund': BOOKS,
};

/** The way out without a gateway: where it is made and handed to them, and the public keys of fal's webhooks. */
const EGRESS_HOLDERS = ['api/bindings.ts', 'api/routes/webhooks.ts', 'core/deps.ts', 'core/job-deps.ts'];

const SOURCES = Object.entries(
	import.meta.glob<string>('../../../workers/**/*.ts', { query: '?raw', import: 'default', eager: true }),
).map(([path, text]) => ({
	file: path.slice(path.indexOf('/workers/') + '/workers/'.length),
	code: text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '').replaceAll(/'[^'\n]*'/g, "''"),
}));
const isGateway = (file: string) => file.startsWith('core/gateways/');
const NAMES = Object.values(GATEWAYS).filter((name) => name !== null);

interface Asked {
	/** As in `PLACES`: the file that called, and what. */
	place: string;
	told: unknown;
}

interface CountedWorld extends RenderWorld {
	meta: MetaGateway;
	errorReports: ErrorReports;
	asked: Asked[];
}

/** The file of the Workers that is the innermost caller; null: the test itself plays the processor. */
function callerOf(stack = ''): string | null {
	return /\/workers\/((?:core|jobs|api)\/[\w./-]+\.ts)/.exec(stack)?.[1] ?? null;
}

/** Every gateway, each call of which is written down. */
async function countedWorld(slug: 'dental' | 'image'): Promise<CountedWorld> {
	const asked: Asked[] = [];
	const counted = <T extends object>(name: string, gateway: T): T =>
		new Proxy(gateway, {
			get(target, key) {
				const value: unknown = Reflect.get(target, key, target);
				if (typeof value !== 'function') return value;
				return (...told: unknown[]) => {
					const file = callerOf(new Error('who calls').stack);
					if (file !== null) asked.push({ place: `${file} ${name}.${String(key)}`, told });
					return Reflect.apply(value, target, told) as unknown;
				};
			},
		});
	const deps = await renderWorld({ studio: STUDIOS[slug] });
	return {
		...deps,
		asked,
		fal: counted('fal', deps.fal),
		stripe: counted('stripe', deps.stripe),
		pictures: counted('pictures', { generate: () => Promise.resolve({ kind: 'unknown' as const }) }),
		mailer: counted('mailer', { send: () => Promise.resolve({ kind: 'taken' as const, providerId: 'mail_1' }) }),
		meta: counted('meta', { send: () => Promise.resolve({ kind: 'taken' as const }) }),
		errorReports: counted('errorReports', { report: () => Promise.resolve() }),
	};
}

interface Given {
	actor: Actor;
	/** Who is in the picture, where somebody is. */
	subjectId?: string;
	act: () => Promise<unknown>;
}

interface Way {
	name: string;
	/** The gated places that this comes by for who is not restricted. */
	places: readonly string[];
	slug?: 'dental' | 'image';
	/** Called all the same, with nothing in it of who is restricted. */
	isNameless?: true;
	given: (deps: CountedWorld) => Promise<Given>;
}

function agrees(deps: CountedWorld, { userId }: Actor, purpose: ChoicePurpose): Promise<void> {
	const made = { visitorId: null, regime: 'eea', hasGpc: false, textVersion: '1', surface: 'settings' } as const;
	return recordChoice(deps, { ...made, userId, purpose, choice: 'granted' });
}

async function smile(deps: CountedWorld, before?: () => Promise<unknown>): Promise<Given> {
	const { actor, upload, renderId } = await givenRender(deps);
	await before?.();
	return { actor, subjectId: upload.subjectId ?? '', act: () => advanceRender(deps, { renderId }) };
}

const WAYS: readonly Way[] = [
	{ name: 'a render begins', places: ['core/renders/start-attempt.ts fal.submit'], given: (deps) => smile(deps) },
	{
		name: 'a stage that failed is tried again',
		places: ['core/renders/start-attempt.ts fal.submit'],
		given: (deps) => {
			deps.fal.fates.push(failure('status_503', true));
			return smile(deps, async () => {
				const [first] = deps.sent.splice(0);
				if (first?.message.type === 'render.advance') await advanceRender(deps, first.message);
			});
		},
	},
	{
		name: 'an answer is asked for',
		places: ['core/renders/collect-attempt.ts fal.result'],
		given: (deps) => smile(deps, () => deliver(deps)),
	},
	{
		name: 'a webhook brings the last stage',
		places: ['core/renders/collect-attempt.ts fal.fetchOutput'],
		given: (deps) =>
			smile(deps, async () => {
				await deliver(deps);
				await finishStage(deps);
				deps.fal.finish(deps.fal.last());
				await notify(deps, deps.fal.last());
			}),
	},
	{
		name: 'a webhook brings the first stage, and the next begins',
		places: ['core/renders/collect-attempt.ts fal.fetchOutput', 'core/renders/start-attempt.ts fal.submit'],
		given: (deps) =>
			smile(deps, async () => {
				await deliver(deps);
				deps.fal.finish(deps.fal.last());
				await notify(deps, deps.fal.last());
			}),
	},
	{
		name: 'a picture is made of words',
		places: ['core/renders/start-attempt.ts pictures.generate'],
		slug: 'image',
		given: async (deps) => {
			const actor = await givenAccount(deps);
			const order = { actor, network: null, key: 'k', tool: 'image.generate', input: { prompt: 'a paper boat' } };
			const { id: renderId } = await startRender(deps, order);
			return { actor, act: () => advanceRender(deps, { renderId }) };
		},
	},
	...(['product_updates', 'announcements'] as const).map((purpose): Way => ({
		name: `a mail of the class ${purpose} goes out`,
		places: ['core/mail/send-mail.ts mailer.send'],
		given: async (deps) => {
			const actor = await givenAccount(deps);
			await agrees(deps, actor, purpose);
			const [person] = await deps.db.select().from(users).where(eq(users.id, actor.userId));
			const kind = purpose === 'announcements' ? 'announcement' : 'product_update';
			await queueMail(deps, { kind, to: person?.email ?? '', subject: 'News', text: 'Words.' });
			const [sent] = deps.sent.splice(0);
			if (sent?.message.type !== 'mail.send') throw new Error('nothing was queued');
			const { mailId } = sent.message;
			return { actor, act: () => sendMail(deps, { mailId }) };
		},
	})),
	{
		name: 'Meta is told of a sign-up',
		places: ['core/conversions/send-conversion.ts meta.send'],
		given: async (deps) => {
			const actor = await givenAccount(deps);
			await agrees(deps, actor, 'advertising');
			const conversionId = crypto.randomUUID();
			const happenedAtMs = deps.now().getTime();
			const row = { id: conversionId, userId: actor.userId, name: 'CompleteRegistration', happenedAtMs } as const;
			await deps.db.insert(conversions).values({ ...row, state: 'queued' });
			return { actor, act: () => sendConversion(deps, { conversionId }) };
		},
	},
	{
		name: 'an error is reported',
		places: ['core/restriction/report-unexpected.ts errorReports.report'],
		isNameless: true,
		given: async (deps) => {
			const actor = await givenAccount(deps);
			await agrees(deps, actor, 'error_reports');
			const unexpected = { error: new Error('new'), where: 'GET /v1/me', userId: actor.userId };
			return { actor, act: () => reportUnexpected(deps, unexpected) };
		},
	},
	{
		name: 'credits are bought for the first time',
		places: ['core/billing/customer-of.ts stripe.createCustomer', 'core/billing/open-checkout.ts stripe.openCheckout'],
		given: async (deps) => {
			const actor = await givenAccount(deps);
			return { actor, act: () => openCheckout(deps, { actor, whence: WHENCE, item: 'pack.100' }) };
		},
	},
	{
		name: 'a plan is ordered beside an open till',
		places: [
			'core/billing/open-checkout.ts stripe.openCheckout',
			'core/billing/open-checkout.ts stripe.expireCheckout',
			'core/billing/open-checkout.ts stripe.readCheckout',
		],
		given: async (deps) => {
			const actor = await givenAccount(deps);
			const order = { actor, whence: WHENCE, item: 'plan.starter' };
			await openCheckout(deps, order);
			return { actor, act: () => openCheckout(deps, order) };
		},
	},
	...([undefined, 'card'] as const).map((flow): Way => ({
		name: `the portal is opened (${flow ?? 'overview'})`,
		places: ['core/billing/open-portal.ts stripe.openPortal'],
		given: async (deps) => {
			const actor = await givenAccount(deps);
			const { id: customerId } = await deps.stripe.createCustomer({ accountId: actor.accountId, idempotencyKey: 'c' });
			await deps.db.insert(billingCustomers).values({ accountId: actor.accountId, customerId, readAtMs: 1 });
			return { actor, act: () => openPortal(deps, { actor, whence: WHENCE, flow }) };
		},
	})),
];

/** Once as it is, so that what is refused below is known to ask otherwise; then for an account, and a person, who is restricted. */
async function askedOf({ slug = 'dental', given }: Way, who: 'nobody' | 'account' | 'subject') {
	const deps = await countedWorld(slug);
	const { actor, subjectId, act } = await given(deps);
	const input = { actor, whence: WHENCE, isRestricted: true };
	if (who === 'account') await restrictAccount(deps, input);
	if (who === 'subject') await restrictSubject(deps, { ...input, subjectId: subjectId ?? '' });
	deps.asked.splice(0);
	const code = await act().then(
		() => null,
		(error: unknown) => (error as { code?: string }).code ?? String(error),
	);
	return { asked: deps.asked, code, actor, isAboutSubject: subjectId !== undefined };
}

test.each(WAYS)('when $name, a gateway is asked, and nothing of who is restricted', async (way) => {
	const free = await askedOf(way, 'nobody');
	expect(free.code).toBeNull();
	expect(free.asked.map(({ place }) => place)).toEqual(expect.arrayContaining([...way.places]));

	for (const who of free.isAboutSubject ? (['account', 'subject'] as const) : (['account'] as const)) {
		const { asked, code, actor } = await askedOf(way, who);
		expect([null, 'processing_restricted']).toContain(code);
		expect(asked.map(({ place }) => place)).toEqual(way.isNameless === true ? way.places : []);
		expect(JSON.stringify(asked)).not.toContain(actor.userId);
	}
});

test('an error report that goes on has the person in it only while they are not restricted', async () => {
	for (const way of WAYS.filter(({ isNameless }) => isNameless === true)) {
		const free = await askedOf(way, 'nobody');
		expect(JSON.stringify(free.asked)).toContain(free.actor.userId);
		const restricted = await askedOf(way, 'account');
		expect(JSON.stringify(restricted.asked)).not.toContain(restricted.actor.userId);
	}
});

test('every call of a gateway in the Workers is gated, and shown so, or says why it goes on', () => {
	const call = new RegExp(String.raw`\b(${NAMES.join('|')})\s*\??\.\s*(\w+)\s*\(`, 'g');
	const found = SOURCES.filter(({ file }) => !isGateway(file)).flatMap(({ file, code }) =>
		[...code.matchAll(call)].map(([, gateway, method]) => `${file} ${gateway}.${method}`),
	);
	expect(SOURCES.length).toBeGreaterThan(300);
	expect([...new Set(found)].toSorted()).toEqual(Object.keys(PLACES).toSorted());

	const shown = new Set(WAYS.flatMap(({ places }) => places));
	const gated = Object.entries(PLACES).flatMap(([place, how]) => (how === 'gated' ? [place] : []));
	expect([...shown].toSorted()).toEqual(gated.toSorted());
});

test('no gateway is there that this does not know, none is handed on, and nobody else has the way out', () => {
	const makers = SOURCES.filter(({ file }) => isGateway(file)).flatMap(({ code }) =>
		[...code.matchAll(/export (?:async )?function (create\w+)/g)].map(([, name]) => name!),
	);
	expect(makers.toSorted()).toEqual(Object.keys(GATEWAYS).toSorted());

	// A gateway under another name, or a method taken out of it, would be called where nobody looks.
	const handedOn = new RegExp(
		String.raw`\bdeps\.(?:${NAMES.filter((name) => name !== 'errorReports').join('|')})\b(?!\s*\??\.)`,
	);
	const others = SOURCES.filter(({ file }) => !isGateway(file) && !file.startsWith('core/egress/'));
	expect(others.filter(({ code }) => handedOn.test(code)).map(({ file }) => file)).toEqual([]);
	expect(
		others
			.filter(({ code }) => /\begress\b(?!\/)/.test(code))
			.map(({ file }) => file)
			.toSorted(),
	).toEqual(EGRESS_HOLDERS);
});
