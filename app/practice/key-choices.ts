import { isAllowed, SCOPES, type Permission, type Role } from '../../studios/roles';
import type { Studio } from '../../studios/studio';
import { textOf } from '../form';

export const KEY_NAME_LENGTH_MAX = 60;

/** How long a key runs, in days, as the form offers it. */
export const KEY_DAYS = [7, 30, 90, 180, 365] as const;
const KEY_DAYS_DEFAULT = 90;

/** What stands in the form; kept while the person shows that it is them. */
export interface KeyDraft {
	readonly name: string;
	readonly scopes: readonly string[];
	readonly days: number;
}

export const NEW_DRAFT: KeyDraft = { name: '', scopes: [], days: KEY_DAYS_DEFAULT };

export function draftIn(form: FormData): KeyDraft {
	const days = Number(textOf(form, 'days'));
	return {
		name: textOf(form, 'name'),
		scopes: form.getAll('scopes').filter((scope) => typeof scope === 'string'),
		days: KEY_DAYS.find((offered) => offered === days) ?? KEY_DAYS_DEFAULT,
	};
}

export function isScope(name: string): name is Permission {
	return SCOPES.some((scope) => scope === name);
}

export interface ScopeGroup {
	readonly title: string;
	readonly sentence: string;
	readonly scopes: readonly Permission[];
}

/** What a key may be given by somebody of this role, grouped by what it is about; no empty groups. */
export function scopeGroups(studio: Studio, role: Role): readonly ScopeGroup[] {
	const hasConsents = studio.tools.some((tool) => tool.needsConsent);
	const offered = SCOPES.filter((scope) => isAllowed(role, scope) && (hasConsents || !scope.startsWith('consents:')));
	return GROUPS.map(({ title, sentence, about }) => ({
		title,
		sentence,
		scopes: offered.filter((scope) => about.some((noun) => scope.startsWith(`${noun}:`))),
	})).filter(({ scopes }) => scopes.length > 0);
}

const GROUPS = [
	{ title: 'Patients', sentence: 'Whose photo may be used, and for what.', about: ['consents'] },
	{ title: 'Photos', sentence: 'What is sent in, while it is here.', about: ['uploads'] },
	{
		title: 'What is made',
		sentence: 'Ordering spends credits. What is deleted cannot be brought back.',
		about: ['renders', 'assets'],
	},
	{
		title: 'Records',
		sentence: 'To read only: proof of what was deleted, and what was spent.',
		about: ['receipts', 'credits'],
	},
] as const;
