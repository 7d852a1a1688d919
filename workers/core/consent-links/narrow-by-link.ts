import type { Channel } from '../../../studios/publish-rules';
import { narrowWhile } from '../consents/narrow-consent';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { endedMeanwhile, findLink, isLinkOpen, type FindDeps, type LinkHolder } from './find-link';
import { patientStatement } from './note-by-patient';

/**
 * The patient takes uses away by their link (N11), whatever is restricted or being erased: rights never pause. Nothing is ever added;
 * repeating it answers the same. Refuses what `narrowWhile` does, and (`conflict`) what is not signed.
 */
export async function narrowByLink(
	deps: FindDeps & Pick<AccessDeps, 'newId'>,
	input: { holder: LinkHolder; channels: readonly Channel[] },
): Promise<{ channels: Channel[]; narrowedAt: string | null }> {
	const found = await findLink(deps, input.holder);
	const { consent } = found;
	if (consent.state === 'draft') throw unsigned();
	const narrowed = await narrowWhile(deps, {
		consentId: consent.id,
		channels: input.channels,
		holds: isLinkOpen(deps, found),
	});
	if (narrowed === null) throw endedMeanwhile();
	const { channels, narrowedAt } = narrowed;
	// Of who asks for what is so already, nothing was done.
	if (narrowedAt !== null && channels.length < consent.channels.length) {
		await patientStatement(deps, found, {
			action: 'consent.narrowed',
			at: narrowedAt,
			facts: { to: channels.join(', ') },
		});
	}
	return { channels, narrowedAt };
}

/** What is not signed allows nothing: there is nothing to take away from it, or to send a copy of. */
export function unsigned(): AppError {
	return new AppError('conflict', 'This is not signed yet, so it allows nothing. Read it and sign it, or leave it.');
}
