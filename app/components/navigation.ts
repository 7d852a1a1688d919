import type { Studio } from '../../studios/studio';

export interface NavLink {
	readonly to: string;
	readonly label: string;
}

/** The header's links: what a visitor may read, or where someone signed in works. */
export function linksFor(studio: Studio, isSignedIn: boolean): readonly NavLink[] {
	const policy = { to: '/policy', label: 'What we promise' };
	if (!isSignedIn) return [policy, { to: '/pricing', label: 'Prices' }];
	const work = { to: studio.work.path, label: capitalised(studio.work.many) };
	const account = { to: '/practice', label: capitalised(studio.tenancy.word) };
	return [work, { to: '/credits', label: 'Credits' }, account, policy];
}

export function capitalised(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Two letters for the person's disc. */
export function initialsOf(name: string): string {
	const words = name.trim().split(/\s+/);
	const letters = [words.at(0), words.length > 1 ? words.at(-1) : undefined].map((word) => word?.at(0) ?? '');
	return letters.join('').toUpperCase() || '?';
}
