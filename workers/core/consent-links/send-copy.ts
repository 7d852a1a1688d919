import { openElements } from '../consents/sealed-elements';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { requireWithinLimits } from '../limits/require-within-limits';
import { queueMail } from '../mail/queue-mail';
import { signedWords } from './authorization-words';
import { findLink, type FindDeps, type LinkHolder } from './find-link';
import { unsigned } from './narrow-by-link';

/**
 * Mails a copy of the signed words (45 CFR 164.508(c)(4), Cal. Civ. Code §56.12) to an address that nothing but the sealed mail holds.
 * Three a day by one link. Refuses (`conflict`) what is not signed, and (`gone`) words that cannot be made again as they were signed.
 */
export async function sendCopy(
	deps: FindDeps & Pick<AccessDeps, 'newId' | 'queue' | 'vault' | 'mailKey'>,
	input: { holder: LinkHolder; email: string },
): Promise<void> {
	const found = await findLink(deps, input.holder);
	const { consent, practice } = found;
	if (consent.state === 'draft' || consent.signedAtMs === null) throw unsigned();
	const opened = await openElements(deps, { subjectId: consent.subjectId, elements: consent });
	const { text } = signedWords(deps, found, opened);
	if (text === null) {
		throw new AppError(
			'gone',
			'The words cannot be made again exactly as they were signed. Ask the practice for its copy.',
		);
	}
	await requireWithinLimits(deps, [{ what: 'patientCopy', by: 'link', value: found.link.id }]);
	const mail = {
		kind: 'consent_copy',
		to: input.email,
		practice,
		sections: text.map(({ heading, paragraphs }) => ({ heading, paragraphs: [...paragraphs] })),
		signerName: opened.signerName ?? '',
		signedAtMs: consent.signedAtMs,
		isOnOurPage: consent.signedTextHash !== null,
	} as const;
	// Nobody's: it belongs to no user, whoever else may have this address.
	await queueMail(deps, mail, { userId: null });
}
