import type { ProductPolicy } from '../../../studios/policy/policy';
import { typed, type Letter } from './letter';
import type { Mail } from './mail';
import { paragraphs } from './support-letters';

type Update = Extract<Mail, { kind: 'product_update' | 'announcement' | 'update_preview' }>;

const TITLES = { product_update: 'product updates', announcement: 'announcements' } as const;

/**
 * What an operator wrote to those who want it. Below it stand why they get it, two ways to stop it, and who writes from where (RFC 8058,
 * CAN-SPAM § 7704(a)(5)). `unsubscribeUrl` is null in a preview, which nobody asked for by a switch.
 */
export function updateLetter(
	mail: Update,
	about: { appOrigin: string; controller: ProductPolicy['controller']; unsubscribeUrl: string | null },
): Letter {
	const subject = typed(mail.subject);
	const { appOrigin, controller, unsubscribeUrl } = about;
	return {
		subject: mail.kind === 'update_preview' ? `Preview: ${subject}` : subject,
		heading: subject,
		parts: paragraphs(unwrapped(mail.text)),
		footer: [
			...(mail.kind === 'update_preview' || unsubscribeUrl === null
				? ['A preview, sent to you alone. Those who switched it on get it with a link that stops it.']
				: [
						`You get this because you switched on ${TITLES[mail.kind]}.`,
						{ label: `Stop ${TITLES[mail.kind]}`, url: unsubscribeUrl },
						{ label: 'All mail settings', url: `${appOrigin}/settings/mail` },
					]),
			`${controller.name}. ${controller.address}`,
		],
	};
}

/** A text as people write files: lines of some width, paragraphs with an empty line between them. */
function unwrapped(text: string): string {
	return text
		.split(/\n[^\S\n]*\n/)
		.map((paragraph) => paragraph.replaceAll('\n', ' '))
		.join('\n');
}
