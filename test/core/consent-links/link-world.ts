import { createHash } from 'node:crypto';

import { eq } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import { consentLinks, consents } from '../../../schema/consents';
import { authorizationText, plainText } from '../../../studios/authorization';
import type { Actor } from '../../../workers/core/actor';
import type { ConsentElements } from '../../../workers/core/consents/consent-elements';
import { createLink } from '../../../workers/core/consent-links/create-link';
import { openLink, type ToSign } from '../../../workers/core/consent-links/open-link';
import { signByLink, type PatientSigning } from '../../../workers/core/consent-links/sign-by-link';
import { givenAccount } from '../../support/given';
import { givenConsent } from '../../support/given-consent';
import { WHENCE } from '../../support/given-invitation';
import { renderWorld, type RenderWorld } from '../../support/render-world';

/** As the practice prepares it: everything but what the signer says. */
const PREPARED: Partial<ConsentElements> = {
	signerName: null,
	signedAtMs: null,
	toldOfRevocation: false,
	toldTreatmentNotConditioned: false,
	toldOfRedisclosure: false,
};

/** A draft of a patient, and a link to it. */
export async function givenLink(told: { deps?: RenderWorld; actor?: Actor; changed?: Partial<ConsentElements> } = {}) {
	const deps = told.deps ?? (await renderWorld());
	const actor = told.actor ?? (await givenAccount(deps));
	const consent = await givenConsent(deps, actor, { ...PREPARED, ...told.changed });
	return { deps, actor, consent, ...(await anotherLink({ deps, actor, consent })) };
}

/** What a consent's link is made for. */
interface About {
	deps: RenderWorld;
	actor: Actor;
	consent: { id: string };
}

export async function anotherLink({ deps, actor, consent }: About) {
	const { id, url, expiresAt } = await createLink(deps, { actor, whence: WHENCE, consentId: consent.id });
	return { linkId: id, url, expiresAt, token: url.split('/p/')[1] ?? '' };
}

/** Whoever holds the link, from no network. */
export function holding(token: string) {
	return { token, network: null };
}

export async function toSign(deps: RenderWorld, token: string): Promise<ToSign> {
	const opened = await openLink(deps, holding(token));
	if (opened.state !== 'to_sign') throw new Error('there is nothing to sign');
	return opened;
}

export async function signed(deps: RenderWorld, token: string) {
	const opened = await openLink(deps, holding(token));
	if (opened.state !== 'signed') throw new Error('it is not signed');
	return opened;
}

/** What the page sends after the patient has read what is offered, chosen and signed. */
export function signingOf(
	{ studio }: Pick<RenderWorld, 'studio'>,
	{ words }: ToSign,
	changed: Partial<PatientSigning> = {},
): PatientSigning {
	const {
		channels = words.channels,
		expiresAtMs = Date.parse(words.expiresAt),
		representativeAuthority = null,
	} = changed;
	const input = { ...words, channels, expiresAtMs, representativeAuthority };
	const text = plainText(authorizationText({ ...input, studio }));
	return {
		signerName: 'Mara Sample',
		representativeAuthority,
		toldOfRevocation: true,
		toldTreatmentNotConditioned: true,
		toldOfRedisclosure: true,
		channels,
		expiresAtMs,
		signature: null,
		textHash: createHash('sha256').update(text).digest('hex'),
		...changed,
	};
}

/** Opens, reads and signs, as a patient does. */
export async function sign(deps: RenderWorld, token: string, changed: Partial<PatientSigning> = {}) {
	const signing = signingOf(deps, await toSign(deps, token), changed);
	return { signing, answer: await signByLink(deps, { holder: holding(token), signing }) };
}

/** Every stored row that a link is about. */
export async function stored({ db }: Pick<RenderWorld, 'db'>, { actor, consent }: Omit<About, 'deps'>) {
	const [row] = await db.select().from(consents).where(eq(consents.id, consent.id));
	const links = await db.select().from(consentLinks).where(eq(consentLinks.consentId, consent.id));
	const entries = await db.select().from(auditEntries).where(eq(auditEntries.accountId, actor.accountId));
	if (row === undefined) throw new Error(`no consent ${consent.id}`);
	return { consent: row, links, audit: entries };
}
