import type { Deps } from '../deps';
import { alreadySignedUpLetter, invitationLetter } from './account-letters';
import { codeLetter } from './code-letter';
import { creditsEndingLetter } from './credits-letter';
import type { Letter } from './letter';
import { letterHtml } from './letter-html';
import { letterText } from './letter-text';
import type { Mail } from './mail';
import { securityLetter } from './security-letter';
import { disclosureLetter, incidentLetter, staffAccessLetter } from './staff-letters';
import { ticketAnsweredLetter, ticketReceivedLetter } from './support-letters';

export interface RenderedMail {
	subject: string;
	text: string;
	html: string;
}

/**
 * A mail's words. The same mail always gives the same words: Resend knows a repeated send by them. It loads nothing from
 * anywhere and tells nobody that it was read.
 */
export function renderMail({ studio, appOrigin }: Pick<Deps, 'studio' | 'appOrigin'>, mail: Mail): RenderedMail {
	const letter = letterOf(mail, { studioName: studio.name, appOrigin });
	return { subject: letter.subject, text: letterText(letter, studio.name), html: letterHtml(letter, studio.name) };
}

function letterOf(mail: Mail, deps: { studioName: string; appOrigin: string }): Letter {
	switch (mail.kind) {
		case 'already_signed_up':
			return alreadySignedUpLetter(deps);
		case 'invitation':
			return invitationLetter(mail, deps.studioName);
		case 'security':
			return securityLetter(mail.event, deps);
		case 'credits_ending':
			return creditsEndingLetter(mail, deps);
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
		case 'change_from_code':
		case 'change_to_code':
		case 'proof_code':
		case 'reset_code':
		case 'sign_in_code':
		case 'sign_up_code':
			return codeLetter(mail, deps.studioName);
	}
}
