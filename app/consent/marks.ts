import type { ChipState } from '../components/chip';

/** How the consent stands that something rests on, as the api says it with whatever rests on it. */
export interface Standing {
	readonly id: string;
	readonly state: 'draft' | 'active' | 'expired' | 'revoked';
	readonly endsSoon: boolean;
	readonly isNarrowed: boolean;
	readonly expiresAt: string | null;
}

export interface Mark {
	readonly chip: ChipState;
	readonly words: string;
	/** A day that the words lead up to: "Consent ends" "on 3 December". */
	readonly day: string | null;
}

/** What is to be said of a consent; nothing of one in force as it was signed. `null`: none is known. */
export function marksOf(consent: Standing | null): Mark[] {
	if (consent === null) return [{ chip: 'stop', words: 'No consent', day: null }];
	const { state, endsSoon, isNarrowed, expiresAt } = consent;
	switch (state) {
		case 'draft':
			return [{ chip: 'soon', words: 'Consent not signed yet', day: null }];
		case 'expired':
			return [{ chip: 'stop', words: 'Consent has ended', day: null }];
		case 'revoked':
			return [{ chip: 'stop', words: 'Consent revoked', day: null }];
		case 'active':
			return [
				...(endsSoon ? [{ chip: 'soon' as const, words: 'Consent ends', day: expiresAt }] : []),
				...(isNarrowed ? [{ chip: 'soon' as const, words: 'Consent allows less now', day: null }] : []),
			];
	}
}
