import { and, eq } from 'drizzle-orm';

import { mailSuppressions } from '../../../schema/mail';
import { users } from '../../../schema/users';
import { MAIL_CHOICES } from '../../../studios/mail-choices';
import { readChoice, readChoices } from '../choices/read-choices';
import { choiceStatement } from '../choices/record-choice';
import { regimeOf, type Choice } from '../choices/regime';
import type { Deps, MailDeps } from '../deps';
import { addressHashOf } from './address-hash';
import { OPTIONAL_CLASSES, type OptionalClass } from './mail-class';
import { readUnsubscribeToken, type Unsubscribing } from './unsubscribe-token';
import type { Suppression } from './why-not-sent';

export type MailChoices = Record<OptionalClass, boolean>;

/** Where a choice about mail was made, as the ledger keeps it. */
export interface ChoosingMail {
	userId: string;
	surface: 'settings' | 'sign_up' | 'mail';
	/** Two letters; null where nobody says: then the strictest rules count. */
	country: string | null;
	hasGpc: boolean;
}

/** Rows of the one ledger (`recordChoice`) for mail, with the version of the words that stand beside the switches. */
export function mailChoiceStatement(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	{ userId, surface, country, hasGpc }: ChoosingMail,
	chosen: readonly { purpose: OptionalClass; choice: Choice }[],
) {
	const regime = regimeOf({ country, region: null });
	const { textVersion } = MAIL_CHOICES;
	return choiceStatement(deps, { visitorId: null, userId, regime, hasGpc, textVersion, surface }, chosen);
}

/** What somebody switched on, and what keeps mail from them: both off until they want it (DS-16). */
export async function readMailSettings(
	deps: Pick<MailDeps, 'db' | 'mailKey'>,
	{ userId, email }: { userId: string; email: string },
): Promise<{ wants: MailChoices; suppression: Suppression | null }> {
	const addressHash = await addressHashOf(deps.mailKey, email);
	const [newest, [suppressed]] = await Promise.all([
		readChoices(deps, { userId }),
		deps.db
			.select({ reason: mailSuppressions.reason })
			.from(mailSuppressions)
			.where(eq(mailSuppressions.addressHash, addressHash)),
	]);
	const isGranted = (mailClass: OptionalClass) =>
		newest.some(({ purpose, choice }) => purpose === mailClass && choice === 'granted');
	return {
		wants: { product_updates: isGranted('product_updates'), announcements: isGranted('announcements') },
		suppression: suppressed?.reason ?? null,
	};
}

/**
 * Records what of the two classes somebody switched on or off; what stays as it was adds no row. Whoever switches one on after they
 * called our mail unwanted wants it again, so that complaint counts no more.
 */
export async function chooseMail(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'mailKey'>,
	by: ChoosingMail & { email: string },
	wants: MailChoices,
): Promise<void> {
	const { wants: before } = await readMailSettings(deps, by);
	const changed = OPTIONAL_CLASSES.filter((mailClass) => wants[mailClass] !== before[mailClass]);
	if (changed.length === 0) return;
	const record = mailChoiceStatement(
		deps,
		by,
		changed.map((purpose) => ({ purpose, choice: wants[purpose] ? 'granted' : 'denied' })),
	);
	if (!changed.some((mailClass) => wants[mailClass])) {
		await record;
		return;
	}
	const addressHash = await addressHashOf(deps.mailKey, by.email);
	const isComplaint = and(eq(mailSuppressions.addressHash, addressHash), eq(mailSuppressions.reason, 'complained'));
	await deps.db.batch([record, deps.db.delete(mailSuppressions).where(isComplaint)]);
}

/**
 * Stops mail of the class that a link in it names, for the person that it names, whoever posts it (RFC 8058). Again, it changes
 * nothing. Of somebody who has been erased nothing is written any more. Null for a link that is not ours.
 */
export async function unsubscribe(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'mailKey'>,
	{ token }: { token: string },
): Promise<Pick<Unsubscribing, 'mailClass'> | null> {
	const named = await readUnsubscribeToken(deps.mailKey, token);
	if (named === null) return null;
	const { userId, mailClass } = named;
	const [person] = await deps.db.select({ id: users.id }).from(users).where(eq(users.id, userId));
	if (person === undefined || (await readChoice(deps, { userId, purpose: mailClass })) === 'denied')
		return { mailClass };
	// Where the mail program's servers stand says nothing about its reader.
	await mailChoiceStatement(deps, { userId, surface: 'mail', country: null, hasGpc: false }, [
		{ purpose: mailClass, choice: 'denied' },
	]);
	return { mailClass };
}
