import type { ProductPolicy } from '../../../studios/policy/policy';
import type { Deps } from '../deps';
import { alreadySignedUpLetter, invitationLetter } from './account-letters';
import { codeLetter } from './code-letter';
import { consentLetter } from './consent-letter';
import { creditsEndingLetter } from './credits-letter';
import { accountErasedLetter, erasureLetter } from './erasure-letters';
import type { Letter } from './letter';
import { letterText } from './letter-text';
import type { Mail } from './mail';
import { exportReadyLetter, rightsDueLetter, rightsLinkLetter, rightsNewsLetter } from './rights-letters';
import { policyLetter } from './policy-letter';
import { securityLetter } from './security-letter';
import { disclosureLetter, incidentLetter, staffAccessLetter } from './staff-letters';
import { ticketAnsweredLetter, ticketReceivedLetter } from './support-letters';
import { letterHtml } from './templates/letter-html';
import { updateLetter } from './update-letter';

export interface RenderedMail {
	subject: string;
	text: string;
	html: string;
	headers: Readonly<Record<string, string>>;
}

/** So that nobody's out-of-office answers it (RFC 3834). */
const BY_A_PROGRAM = { 'Auto-Submitted': 'auto-generated' };

/**
 * A mail's words. The same mail always gives the same words: Resend knows a repeated send by them. It loads nothing from
 * anywhere and tells nobody that it was read. `unsubscribeUrl`: where one click stops mail that nobody needs; null for all other.
 */
export function renderMail(
	{ studio, appOrigin }: Pick<Deps, 'studio' | 'appOrigin'>,
	mail: Mail,
	unsubscribeUrl: string | null = null,
): RenderedMail {
	const letter = letterOf(mail, {
		studioName: studio.name,
		tenant: studio.tenancy.word,
		appOrigin,
		controller: studio.policy.controller,
		unsubscribeUrl,
	});
	return {
		subject: letter.subject,
		text: letterText(letter, studio.name),
		html: letterHtml(letter, studio.name),
		headers: unsubscribeUrl === null ? BY_A_PROGRAM : { ...BY_A_PROGRAM, ...oneClick(unsubscribeUrl) },
	};
}

/** What a mail program shows its own button for, and posts when it is pressed (RFC 8058, 3.1). */
function oneClick(unsubscribeUrl: string): Record<string, string> {
	return { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

interface About {
	studioName: string;
	/** What the studio calls an account: "practice". */
	tenant: string;
	appOrigin: string;
	controller: ProductPolicy['controller'];
	unsubscribeUrl: string | null;
}

function letterOf(mail: Mail, deps: About): Letter {
	switch (mail.kind) {
		case 'already_signed_up':
			return alreadySignedUpLetter(deps);
		case 'invitation':
			return invitationLetter(mail, deps.studioName);
		case 'security':
			return securityLetter(mail.event, deps);
		case 'credits_ending':
			return creditsEndingLetter(mail, deps);
		case 'export_ready':
			return exportReadyLetter(mail, deps);
		case 'rights_link':
			return rightsLinkLetter(mail, deps);
		case 'rights_news':
			return rightsNewsLetter(mail, deps);
		case 'rights_due':
			return rightsDueLetter(mail, deps);
		case 'ticket_received':
			return ticketReceivedLetter(mail, deps);
		case 'ticket_answered':
			return ticketAnsweredLetter(mail, deps);
		case 'incident':
			return incidentLetter(mail, deps);
		case 'staff_access':
			return staffAccessLetter(mail, deps);
		case 'disclosure':
			return disclosureLetter(mail, deps);
		case 'consent_copy':
			return consentLetter(mail, deps);
		case 'policy_change':
			return policyLetter(mail, deps);
		case 'erasure':
			return erasureLetter(mail, deps);
		case 'account_erased':
			return accountErasedLetter(mail, deps);
		case 'announcement':
		case 'product_update':
		case 'update_preview':
			return updateLetter(mail, deps);
		case 'address_code':
		case 'change_from_code':
		case 'change_to_code':
		case 'proof_code':
		case 'reset_code':
		case 'sign_in_code':
		case 'sign_up_code':
			return codeLetter(mail, deps.studioName);
	}
}
