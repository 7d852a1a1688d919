import { isProvider, PROVIDERS } from '../auth/provider-mark';

const SENTENCES: Readonly<Record<string, string>> = {
	'password.changed': 'Password changed',
	'email.changed': 'E-mail address changed',
	'way_in.linked': 'Way in linked',
	'way_in.unlinked': 'Way in unlinked',
	'passkey.added': 'Passkey added',
	'passkey.removed': 'Passkey removed',
	'second_factor.on': 'Second factor switched on',
	'second_factor.off': 'Second factor switched off',
	'recovery_codes.made': 'New recovery codes made',
	'session.ended': 'A session ended',
	'sessions.ended': 'Sessions ended on all devices',
	'export.asked': 'Copy of your data asked for',
	'objection.made': 'Objected to uses of your data',
};

interface SecurityEvent {
	readonly action: string;
	readonly facts: Readonly<Record<string, string>>;
}

/** What happened, in words: "Google linked". An action that these pages do not know yet shows its own name. */
export function eventWords({ action, facts }: SecurityEvent): string {
	const way = facts['way'];
	if (way !== undefined && isProvider(way) && action.startsWith('way_in.')) {
		return `${PROVIDERS[way].name} ${action === 'way_in.linked' ? 'linked' : 'unlinked'}`;
	}
	return SENTENCES[action] ?? action;
}
