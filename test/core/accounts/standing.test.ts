import { and, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { renders } from '../../../schema/renders';
import { apiKeys } from '../../../schema/api-keys';
import { memberships } from '../../../schema/memberships';
import { sessions } from '../../../schema/users';
import { changeAccount } from '../../../workers/core/accounts/change-account';
import { changeRole } from '../../../workers/core/accounts/change-role';
import { leaveAccount } from '../../../workers/core/accounts/leave-account';
import { openAccount } from '../../../workers/core/accounts/open-account';
import { removeMember } from '../../../workers/core/accounts/remove-member';
import { removeLogo, setLogo } from '../../../workers/core/accounts/set-logo';
import { setJurisdiction } from '../../../workers/core/accounts/set-jurisdiction';
import { transferOwnership } from '../../../workers/core/accounts/transfer-ownership';
import type { Actor } from '../../../workers/core/actor';
import { deleteAsset } from '../../../workers/core/assets/delete-asset';
import { openCheckout } from '../../../workers/core/billing/open-checkout';
import { openPortal } from '../../../workers/core/billing/open-portal';
import { completeComposition } from '../../../workers/core/compositions/complete-composition';
import { createComposition } from '../../../workers/core/compositions/create-composition';
import { createPair } from '../../../workers/core/compositions/create-pair';
import { createConsent } from '../../../workers/core/consents/create-consent';
import { createSubject } from '../../../workers/core/consents/create-subject';
import { narrowConsent } from '../../../workers/core/consents/narrow-consent';
import { recordPaper } from '../../../workers/core/consents/record-paper';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { createLink } from '../../../workers/core/consent-links/create-link';
import { endLink } from '../../../workers/core/consent-links/end-link';
import { eraseSubject } from '../../../workers/core/erasure/erase-subject';
import { acceptInvitation } from '../../../workers/core/invitations/accept-invitation';
import { inviteMember } from '../../../workers/core/invitations/invite-member';
import { revokeInvitation } from '../../../workers/core/invitations/revoke-invitation';
import { makeKey } from '../../../workers/core/keys/make-key';
import { revokeKey } from '../../../workers/core/keys/revoke-key';
import { notePosting } from '../../../workers/core/postings/note-posting';
import { tickPosting } from '../../../workers/core/postings/tick-posting';
import { stateFile } from '../../../workers/core/provenance/state-file';
import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { startRender } from '../../../workers/core/renders/start-render';
import { restrictAccount, restrictSubject } from '../../../workers/core/restriction/restrict-account';
import { createShare } from '../../../workers/core/shares/create-share';
import { revokeShare } from '../../../workers/core/shares/revoke-share';
import { completeUpload } from '../../../workers/core/uploads/complete-upload';
import { createLogoUpload } from '../../../workers/core/uploads/create-logo-upload';
import { createPaperUpload } from '../../../workers/core/uploads/create-paper-upload';
import { createUpload } from '../../../workers/core/uploads/create-upload';
import { deleteUpload } from '../../../workers/core/uploads/delete-upload';
import { givenAccount, givenMember } from '../../support/given';
import { completeElements, givenConsent } from '../../support/given-consent';
import { ALL_SEEN, givenDraft, givenPaper, PDF_ARRIVED } from '../consents/given-paper';
import { accepting, givenInvitation, givenPerson, inviting, WHENCE } from '../../support/given-invitation';
import { TEST_STATEMENT_SEED } from '../../support/statement-key';
import { interceptD1, isWrite } from '../../support/intercepted-d1';
import {
	deliver,
	finishStage,
	givenReadyUpload,
	renderWorld,
	type RenderWorld,
	rowsOf,
	smileOrder,
} from '../../support/render-world';
import { givenPlan } from '../billing/till-world';
import { AUTH_SECRETS } from '../shares/given-share';
import { CAME, givenPair, pairOrder, reelOrder } from '../compositions/given-composition';
import { keyOrder } from '../keys/given-key';

type Operation = (deps: RenderWorld) => Promise<unknown>;
type Given = (deps: RenderWorld, actor: Actor) => Promise<Operation>;

const PHOTO = { network: null, contentType: 'image/jpeg', byteLength: 3, subjectId: undefined };
const LOGO = { network: null, contentType: 'image/png', byteLength: 900 };
const ARRIVED = {
	head: () => Promise.resolve({ contentType: 'image/jpeg', byteLength: 3, width: 1200, height: 1600 }),
};

async function givenOrder(deps: RenderWorld, actor: Actor) {
	const upload = await givenReadyUpload(deps, actor);
	return { upload, ...(await startRender(deps, smileOrder(actor, upload.id))) };
}

async function givenPairOf(world: RenderWorld, actor: Actor): Promise<string> {
	return (await givenPair(world, actor)).renderId;
}

async function givenLogo(deps: RenderWorld, actor: Actor): Promise<string> {
	const { id } = await createLogoUpload(deps, { actor, ...LOGO });
	await completeUpload({ ...deps, objects: ARRIVED }, { actor, uploadId: id });
	return id;
}

/** What a clinician may do, and a key they made. */
const AT_WORK: [string, Given][] = [
	['createSubject', async (_, actor) => (deps) => createSubject(deps, { actor, reference: 'M-1' })],
	[
		'restrictSubject',
		async (world, actor) => {
			const { subjectId } = await givenConsent(world, actor);
			return (deps) => restrictSubject(deps, { actor, whence: WHENCE, subjectId, isRestricted: true });
		},
	],
	[
		'createConsent',
		async (world, actor) => {
			const { subjectId } = await givenConsent(world, actor);
			return (deps) => createConsent(deps, { actor, subjectId, elements: completeElements(deps.now().getTime()) });
		},
	],
	[
		'revokeConsent',
		async (world, actor) => {
			const { upload } = await givenOrder(world, actor);
			return (deps) => revokeConsent(deps, { actor, consentId: upload.consentId! });
		},
	],
	[
		'createLink',
		async (world, actor) => {
			const { id: consentId } = await givenConsent(world, actor, { signerName: null });
			return (deps) => createLink(deps, { actor, whence: WHENCE, consentId });
		},
	],
	[
		'endLink',
		async (world, actor) => {
			const { id: consentId } = await givenConsent(world, actor);
			const { id: linkId } = await createLink(world, { actor, whence: WHENCE, consentId });
			return (deps) => endLink(deps, { actor, whence: WHENCE, linkId });
		},
	],
	[
		'createUpload',
		async (world, actor) => {
			const { id: consentId } = await givenConsent(world, actor);
			return (deps) => createUpload(deps, { actor, ...PHOTO, consentId });
		},
	],
	[
		'completeUpload',
		async (world, actor) => {
			const { id: consentId } = await givenConsent(world, actor);
			const { id } = await createUpload(world, { actor, ...PHOTO, consentId });
			return (deps) => completeUpload({ ...deps, objects: ARRIVED }, { actor, uploadId: id });
		},
	],
	[
		'createPaperUpload',
		async (world, actor) => {
			const consentId = await givenDraft(world, actor);
			return (deps) => createPaperUpload(deps, { actor, ...PHOTO, consentId });
		},
	],
	[
		'completeUpload of a paper',
		async (world, actor) => {
			const consentId = await givenDraft(world, actor);
			await givenPaper(world, actor, consentId);
			const { id } = await createPaperUpload(world, { actor, ...PHOTO, consentId });
			return (deps) => completeUpload({ ...deps, objects: PDF_ARRIVED }, { actor, uploadId: id });
		},
	],
	[
		'recordPaper',
		async (world, actor) => {
			const consentId = await givenDraft(world, actor);
			await givenPaper(world, actor, consentId);
			const elements = completeElements(world.now().getTime());
			return (deps) => recordPaper(deps, { actor, whence: WHENCE, consentId, elements, checked: ALL_SEEN });
		},
	],
	[
		'deleteUpload of a paper',
		async (world, actor) => {
			const uploadId = await givenPaper(world, actor, await givenDraft(world, actor));
			return (deps) => deleteUpload(deps, { actor, uploadId });
		},
	],
	[
		'deleteUpload',
		async (world, actor) => {
			const { id } = await givenReadyUpload(world, actor);
			return (deps) => deleteUpload(deps, { actor, uploadId: id });
		},
	],
	[
		'startRender',
		async (world, actor) => {
			const { id } = await givenReadyUpload(world, actor);
			return (deps) => startRender(deps, smileOrder(actor, id));
		},
	],
	[
		'cancelRender',
		async (world, actor) => {
			const { id } = await givenOrder(world, actor);
			return (deps) => cancelRender(deps, { actor, renderId: id });
		},
	],
	[
		'createComposition',
		async (world, actor) => {
			const renderId = await givenPairOf(world, actor);
			return (deps) => createComposition(deps, reelOrder(actor, renderId));
		},
	],
	[
		'completeComposition',
		async (world, actor) => {
			const { id } = await createComposition(world, reelOrder(actor, await givenPairOf(world, actor)));
			return (deps) => completeComposition({ ...deps, ...CAME }, { actor, compositionId: id });
		},
	],
	[
		'createPair',
		async (world, actor) => {
			const { id } = await givenConsent(world, actor);
			return (deps) => createPair(deps, pairOrder(actor, id));
		},
	],
	[
		'deleteAsset',
		async (world, actor) => {
			const { id } = await givenOrder(world, actor);
			world.sent.splice(0, world.sent.length - 1);
			await deliver(world);
			await finishStage(world);
			await finishStage(world);
			const { assets } = await rowsOf(world, id);
			return (deps) => deleteAsset(deps, { actor, assetId: assets[0]!.id });
		},
	],
];

async function givenVideo(world: RenderWorld, actor: Actor): Promise<string> {
	const { id } = await givenOrder(world, actor);
	world.sent.splice(0, world.sent.length - 1);
	await deliver(world);
	await finishStage(world);
	await finishStage(world);
	return (await rowsOf(world, id)).assets[1]!.id;
}

function shareOf(actor: Actor, assetId: string) {
	return { actor, assetId, expiresInHours: 1, showsSmile: false };
}

function postingOf(actor: Actor, assetId: string) {
	return { actor, assetId, place: 'website' as const, address: 'Ours', postedAtMs: 0 };
}

/** What else they may do: let copies leave, and call them back. */
const SHARING: [string, Given][] = [
	[
		'narrowConsent',
		async (world, actor) => {
			const { id: consentId } = await givenConsent(world, actor);
			return (deps) => narrowConsent(deps, { actor, consentId, channels: ['room'] });
		},
	],
	[
		'createShare',
		async (world, actor) => {
			const assetId = await givenVideo(world, actor);
			return (deps) => createShare({ ...deps, authSecrets: AUTH_SECRETS }, shareOf(actor, assetId));
		},
	],
	[
		'revokeShare',
		async (world, actor) => {
			const assetId = await givenVideo(world, actor);
			const { id: shareId } = await createShare({ ...world, authSecrets: AUTH_SECRETS }, shareOf(actor, assetId));
			return (deps) => revokeShare(deps, { actor, shareId });
		},
	],
	[
		'notePosting',
		async (world, actor) => {
			const assetId = await givenVideo(world, actor);
			return (deps) => notePosting(deps, postingOf(actor, assetId));
		},
	],
	[
		'tickPosting',
		async (world, actor) => {
			const { id: postingId } = await notePosting(world, postingOf(actor, await givenVideo(world, actor)));
			return (deps) => tickPosting(deps, { actor, postingId, proof: 'Gone' });
		},
	],
	[
		'stateFile',
		async (world, actor) => {
			await givenVideo(world, actor);
			const [render] = await world.db
				.select({ id: renders.id })
				.from(renders)
				.where(eq(renders.accountId, actor.accountId));
			const file = { renderId: render!.id, kind: 'video', fileHash: 'a'.repeat(64), contentType: 'video/mp4' } as const;
			return (deps) => stateFile({ ...deps, statementKey: TEST_STATEMENT_SEED }, { actor, ...file, byteLength: 9 });
		},
	],
];

/** What no key can carry: the owner's own, and what decides about keys. */
const IN_PERSON: [string, Given][] = [
	[
		'eraseSubject',
		async (world, actor) => {
			const { subjectId } = await givenConsent(world, actor);
			return (deps) => eraseSubject(deps, { actor, whence: WHENCE, subjectId });
		},
	],
	['makeKey', async (_, actor) => (deps) => makeKey(deps, keyOrder(actor))],
	[
		'revokeKey',
		async (world, actor) => {
			const { id: keyId } = await makeKey(world, keyOrder(actor));
			return (deps) => revokeKey(deps, { actor, whence: WHENCE, keyId });
		},
	],
	[
		'restrictAccount',
		async (_, actor) => (deps) => restrictAccount(deps, { actor, whence: WHENCE, isRestricted: true }),
	],
	[
		'changeAccount',
		async (_, actor) => (deps) => changeAccount(deps, { actor, whence: WHENCE, change: { name: 'Another' } }),
	],
	[
		'setJurisdiction',
		async (_, actor) => (deps) => setJurisdiction(deps, { actor, whence: WHENCE, jurisdiction: 'UK' }),
	],
	['createLogoUpload', async (_, actor) => (deps) => createLogoUpload(deps, { actor, ...LOGO })],
	[
		'setLogo',
		async (world, actor) => {
			const uploadId = await givenLogo(world, actor);
			return (deps) => setLogo(deps, { actor, whence: WHENCE, uploadId });
		},
	],
	[
		'removeLogo',
		async (world, actor) => {
			await setLogo(world, { actor, whence: WHENCE, uploadId: await givenLogo(world, actor) });
			return (deps) => removeLogo(deps, { actor, whence: WHENCE });
		},
	],
	[
		'changeRole',
		async (world, actor) => {
			const { userId } = await givenMember(world, { accountId: actor.accountId, role: 'staff' });
			return (deps) => changeRole(deps, { actor, whence: WHENCE, byName: 'Ada', userId, role: 'clinician' });
		},
	],
	[
		'removeMember',
		async (world, actor) => {
			const { userId } = await givenMember(world, { accountId: actor.accountId, role: 'staff' });
			return (deps) => removeMember(deps, { actor, whence: WHENCE, byName: 'Ada', userId });
		},
	],
	[
		'transferOwnership',
		async (world, actor) => {
			const { userId } = await givenMember(world, { accountId: actor.accountId, role: 'staff' });
			return (deps) => transferOwnership(deps, { actor, whence: WHENCE, byName: 'Ada', userId });
		},
	],
	[
		'inviteMember',
		async (_, actor) => {
			const email = `${crypto.randomUUID()}@practice.test`;
			return (deps) => inviteMember(deps, inviting(actor, email));
		},
	],
	[
		'revokeInvitation',
		async (world, actor) => {
			const { id } = await givenInvitation(world, actor, `${crypto.randomUUID()}@practice.test`);
			return (deps) => revokeInvitation(deps, { actor, whence: WHENCE, invitationId: id });
		},
	],
];

/** What owners and those who pay the bills do. */
const PAYING: [string, Given][] = [
	['openCheckout', async (_, actor) => (deps) => openCheckout(deps, { actor, whence: WHENCE, item: 'pack.100' })],
	[
		'openPortal',
		async (world, actor) => {
			await givenPlan(world, actor);
			return (deps) => openPortal(deps, { actor, whence: WHENCE, flow: undefined });
		},
	],
];

/** Every row there is. */
async function everything(d1: D1Database): Promise<Record<string, unknown[]>> {
	const { results } = await d1
		.prepare(
			`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'`,
		)
		.all<{ name: string }>();
	expect(results.length).toBeGreaterThan(20);
	const rows = await d1.batch(results.map(({ name }) => d1.prepare(`SELECT * FROM "${name}"`)));
	return Object.fromEntries(results.map(({ name }, at) => [name, rows[at]!.results]));
}

/** Runs it with `lose` between what it reads and what it first writes; tells whether it left anything. */
async function losing(world: RenderWorld, lose: () => Promise<unknown>, operation: Operation) {
	let lost: { rows: Record<string, unknown[]>; sent: unknown[] } | null = null;
	const d1 = interceptD1(world.d1, async (call, run) => {
		if (isWrite(call) && lost === null) {
			await lose();
			lost = { rows: await everything(world.d1), sent: [...world.sent] };
		}
		return run();
	});
	const code = await operation({ ...world, db: drizzle(d1) }).then(
		() => null,
		(error: { code?: string }) => error.code,
	);
	expect(lost).not.toBeNull();
	return { code, before: lost, after: { rows: await everything(world.d1), sent: [...world.sent] } };
}

type Losing = (deps: RenderWorld, actor: Actor) => Promise<unknown>;

function membershipOf({ accountId, userId }: Actor) {
	return and(eq(memberships.accountId, accountId), eq(memberships.userId, userId));
}

const REMOVED: Losing = ({ db }, actor) => db.delete(memberships).where(membershipOf(actor));
const DEMOTED: Losing = ({ db }, actor) => db.update(memberships).set({ role: 'billing' }).where(membershipOf(actor));
const SIGNED_OUT: Losing = ({ db }, { via }) =>
	db.delete(sessions).where(eq(sessions.id, via.kind === 'session' ? via.sessionId : ''));
const MADE_STAFF: Losing = ({ db }, actor) => db.update(memberships).set({ role: 'staff' }).where(membershipOf(actor));
const REVOKED: Losing = ({ db, now }, { via }) =>
	db
		.update(apiKeys)
		.set({ revokedAtMs: now().getTime() })
		.where(eq(apiKeys.id, via.kind === 'key' ? via.keyId : ''));

async function givenKey(deps: RenderWorld, actor: Actor): Promise<Actor> {
	const { id: keyId } = await makeKey(deps, keyOrder(actor));
	return { ...actor, via: { kind: 'key', keyId } };
}

async function givenClinician(deps: RenderWorld): Promise<Actor> {
	const { accountId } = await givenAccount(deps);
	const { userId, via } = await givenMember(deps, { accountId, role: 'clinician' });
	return { accountId, userId, via };
}

async function givenPayer(deps: RenderWorld): Promise<Actor> {
	const { accountId } = await givenAccount(deps);
	const { userId, via } = await givenMember(deps, { accountId, role: 'billing' });
	return { accountId, userId, via };
}

type Case = [name: string, what: string, given: Given, actor: (deps: RenderWorld) => Promise<Actor>, lose: Losing];

const CASES: Case[] = [
	...[...AT_WORK, ...SHARING].flatMap(([name, given]): Case[] => [
		[name, 'a member who was removed', given, givenClinician, REMOVED],
		[name, 'a member whose role was changed', given, givenClinician, DEMOTED],
		[name, 'a session that ended', given, givenClinician, SIGNED_OUT],
		[name, 'a key that was revoked', given, async (deps) => givenKey(deps, await givenClinician(deps)), REVOKED],
	]),
	...IN_PERSON.flatMap(([name, given]): Case[] => [
		[name, 'somebody who was removed', given, givenAccount, REMOVED],
		[name, 'somebody whose role was changed', given, givenAccount, DEMOTED],
		[name, 'a session that ended', given, givenAccount, SIGNED_OUT],
	]),
	...PAYING.flatMap(([name, given]): Case[] => [
		[name, 'somebody who was removed', given, givenPayer, REMOVED],
		[name, 'somebody whose role was changed', given, givenPayer, MADE_STAFF],
		[name, 'a session that ended', given, givenPayer, SIGNED_OUT],
	]),
];

test.each(CASES)('%s: %s between the read and the write changes nothing', async (_name, _what, given, who, lose) => {
	const world = await renderWorld();
	const actor = await who(world);
	const operation = await given(world, actor);

	const { code, before, after } = await losing(world, () => lose(world, actor), operation);

	expect(code).toBe('not_allowed');
	expect(after).toEqual(before);
});

test.each([
	...AT_WORK.map((each) => [...each, givenClinician] as const),
	...IN_PERSON.map((each) => [...each, givenAccount] as const),
	...PAYING.map((each) => [...each, givenPayer] as const),
])('%s: who may still does it', async (_name, given, who) => {
	const world = await renderWorld();
	const operation = await given(world, await who(world));

	const { code, before, after } = await losing(world, () => Promise.resolve(), operation);

	expect(code).toBeNull();
	expect(after).not.toEqual(before);
});

test.each([
	['a member who was removed', REMOVED],
	['a session that ended', SIGNED_OUT],
])('leaveAccount: %s between the read and the write changes nothing', async (_what, lose) => {
	const world = await renderWorld();
	const actor = await givenClinician(world);
	const { accountId, userId, via } = actor;
	const sessionId = via.kind === 'session' ? via.sessionId : '';
	const leaving = { person: { userId, sessionId }, whence: WHENCE, accountId };

	const { code, before, after } = await losing(
		world,
		() => lose(world, actor),
		(deps) => leaveAccount(deps, leaving),
	);

	expect(code).toBe('not_allowed');
	expect(after).toEqual(before);
});

type Person = Awaited<ReturnType<typeof givenPerson>>;

const ENDED: [string, (deps: RenderWorld, person: Person) => Promise<unknown>][] = [
	['that was ended', ({ db }, { sessionId }) => db.delete(sessions).where(eq(sessions.id, sessionId))],
	[
		'that ran out',
		({ db }, { sessionId }) =>
			db
				.update(sessions)
				.set({ expiresAt: new Date(0) })
				.where(eq(sessions.id, sessionId)),
	],
];

test.each(ENDED)('openAccount: a session %s between the read and the write opens nothing', async (_how, end) => {
	const world = await renderWorld();
	const person = await givenPerson(world);
	const statementVersion = world.studio.statement?.textVersion;
	const opening = { person, whence: WHENCE, name: 'Practice', key: crypto.randomUUID(), statementVersion };

	const { code, before, after } = await losing(
		world,
		() => end(world, person),
		(deps) => openAccount(deps, opening),
	);

	expect(code).toBe('not_signed_in');
	expect(after).toEqual(before);
});

test.each(ENDED)('acceptInvitation: a session %s between the read and the write joins nothing', async (_how, end) => {
	const world = await renderWorld();
	const person = await givenPerson(world);
	const { token } = await givenInvitation(world, await givenAccount(world), person.email);

	const { code, before, after } = await losing(
		world,
		() => end(world, person),
		(deps) => acceptInvitation(deps, accepting(deps, person, token)),
	);

	expect(code).toBe('not_signed_in');
	expect(after).toEqual(before);
});
