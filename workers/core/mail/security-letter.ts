import { counted, typed, type Letter } from './letter';
import type { SecurityEvent } from './mail';

/** What happened, when, on what, and what to do if it was not you. */
export function securityLetter(event: SecurityEvent, deps: { studioName: string; appOrigin: string }): Letter {
	const { heading, sentence } = wordsOf(event, deps.studioName);
	return {
		subject: `${heading}: ${deps.studioName}`,
		heading,
		parts: [
			{ kind: 'words', words: sentence },
			{ kind: 'words', words: whereAndWhen(event) },
			{ kind: 'aside', words: asideOf(event) },
			...(event.what === 'removed' || event.what === 'email_changed'
				? []
				: [{ kind: 'action' as const, label: 'Sign in', url: `${deps.appOrigin}/sign-in` }]),
		],
	};
}

function whereAndWhen(event: SecurityEvent): string {
	const time = momentOf(event.atMs);
	if ('byName' in event) return `By ${typed(event.byName)}, ${time}.`;
	return event.device === null ? `${time}.` : `${time}, on ${typed(event.device)}.`;
}

function asideOf(event: SecurityEvent): string {
	if ('byName' in event) return `This is not right? Ask ${typed(event.byName)}, or answer this mail.`;
	if (event.what === 'email_changed') return 'It was not you? Answer this mail at once.';
	return 'It was you? Then there is nothing to do. It was not? Sign in, choose a new password, and end the sessions that you do not know. If you cannot get in, answer this mail.';
}

/** "21 November 2026, 12:00 UTC": the reader's zone is not known here. */
function momentOf(atMs: number): string {
	const at = new Date(atMs);
	const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
	return `${day}, ${at.toISOString().slice(11, 16)} UTC`;
}

function wordsOf(event: SecurityEvent, studioName: string): { heading: string; sentence: string } {
	const account = `your account at ${studioName}`;
	switch (event.what) {
		case 'password_changed':
			return { heading: 'Your password was changed', sentence: `${upper(account)} has a new password.` };
		case 'email_changed':
			return {
				heading: 'Your address was changed',
				sentence: `${upper(account)} now uses ${typed(event.newAddress)}. Mail goes there, and the address before no longer signs in.`,
			};
		case 'way_linked':
			return {
				heading: `${typed(event.way)} was linked`,
				sentence: `${upper(account)} can now be signed in to with ${typed(event.way)}.`,
			};
		case 'way_unlinked':
			return {
				heading: `${typed(event.way)} was unlinked`,
				sentence: `${upper(account)} can no longer be signed in to with ${typed(event.way)}.`,
			};
		case 'passkey_added':
			return {
				heading: 'A passkey was added',
				sentence: `${upper(account)} can now be signed in to with the passkey "${typed(event.name)}".`,
			};
		case 'passkey_removed':
			return {
				heading: 'A passkey was removed',
				sentence: `The passkey "${typed(event.name)}" no longer signs in to ${account}.`,
			};
		case 'second_factor_on':
			return {
				heading: 'A second factor is on',
				sentence: `Signing in to ${account} now asks for a code of your authenticator app too, unless a passkey is used.`,
			};
		case 'second_factor_off':
			return {
				heading: 'The second factor is off',
				sentence: `Signing in to ${account} no longer asks for a code of your authenticator app.`,
			};
		case 'recovery_codes_made':
			return {
				heading: 'New recovery codes were made',
				sentence: `The recovery codes of ${account} that were made before no longer work.`,
			};
		case 'recovery_code_used':
			return {
				heading: 'A recovery code was used',
				sentence: `Somebody signed in to ${account} with a recovery code. ${codesLeft(event.left)}`,
			};
		case 'role_changed':
		case 'removed':
		case 'ownership_transferred':
		case 'key_made':
			return accountWordsOf(event, studioName);
	}
}

type AccountEvent = Extract<SecurityEvent, { accountName: string }>;

function accountWordsOf(event: AccountEvent, studioName: string): { heading: string; sentence: string } {
	const name = typed(event.accountName);
	switch (event.what) {
		case 'role_changed':
			return {
				heading: 'Your role was changed',
				sentence: `Your role in ${name} at ${studioName} is now: ${event.role}.`,
			};
		case 'removed':
			return {
				heading: `You were removed from ${name}`,
				sentence: `You no longer belong to ${name} at ${studioName}. What you made there stays there.`,
			};
		case 'ownership_transferred':
			return {
				heading: `${name} has another owner`,
				sentence: `${typed(event.ownerName)} now owns ${name} at ${studioName}.`,
			};
		case 'key_made':
			return {
				heading: 'An API key was made',
				sentence: `The API key "${typed(event.keyName)}" now works for ${name} at ${studioName}.`,
			};
	}
}

function codesLeft(left: number): string {
	return left === 0 ? 'None is left: make new ones.' : `It does not work again; ${counted(left, 'code')} left.`;
}

function upper(words: string): string {
	return words.charAt(0).toUpperCase() + words.slice(1);
}
