import type { mails } from '../../../schema/mail';
import type { MailDeps } from '../deps';
import type { Mail } from '../mail/mail';
import { sealMail } from '../mail/seal-mail';
import type { ErasureRow } from './legs';

/** Late news of an erasure is news all the same. */
const NEWS_MS = 30 * 86_400_000;

/** As many erasures as mails: the id of one follows from the other, so that what is sealed for it opens in no other place. */
function mailIdOf(erasureId: string): string {
	return `mai_${erasureId.slice(erasureId.indexOf('_') + 1)}`;
}

/**
 * The mail that says that an erasure is done, sealed while the address is still known. It lies in the erasure until then, is queued in the
 * batch that ends it, and emptied when it was sent, as every mail.
 */
export function sealDoneMail(
	deps: Pick<MailDeps, 'mailKey' | 'appOrigin' | 'studio'>,
	about: { erasureId: string; to: string },
): Promise<string> {
	return sealMail(deps.mailKey, mailIdOf(about.erasureId), erasureMail(deps, { ...about, stage: 'done' }));
}

export function erasureMail(
	{ appOrigin, studio }: Pick<MailDeps, 'appOrigin' | 'studio'>,
	{ erasureId, to, stage }: { erasureId: string; to: string; stage: 'asked' | 'done' },
): Extract<Mail, { kind: 'erasure' }> {
	const hours = studio.policy.erasure.deadlineHours;
	return { kind: 'erasure', to, stage, url: `${appOrigin}/erasures/${erasureId}`, hours };
}

export function doneMailRow(erasure: ErasureRow, nowMs: number) {
	return {
		id: mailIdOf(erasure.id),
		kind: 'erasure',
		mailClass: 'security',
		state: 'queued',
		sealed: erasure.doneMail,
		createdAtMs: nowMs,
		uselessAtMs: nowMs + NEWS_MS,
	} satisfies typeof mails.$inferInsert;
}
