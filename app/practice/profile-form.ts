import { textOf, type Errors } from '../form';

export const PROFILE_FIELDS = ['name', 'phone', 'website', 'address'] as const;
export type ProfileField = (typeof PROFILE_FIELDS)[number];
export type Profile = Readonly<Record<ProfileField, string>>;

/** What was typed, as it was typed, so that a refused form comes back whole. */
export function profileIn(form: FormData): Profile {
	return {
		name: textOf(form, 'name'),
		phone: textOf(form, 'phone'),
		website: textOf(form, 'website'),
		address: textOf(form, 'address'),
	};
}

/** What `PATCH /v1/account` takes; a website without its beginning gets the usual one. */
export function profileOrder(typed: Profile): Profile {
	const website = typed.website.trim();
	const isBare = website !== '' && !/^[a-z][a-z0-9+.-]*:/i.test(website);
	return {
		name: typed.name.trim(),
		phone: typed.phone.trim(),
		website: isBare ? `https://${website}` : website,
		address: typed.address.trim(),
	};
}

/** What can be said before the api is asked. */
export function profileErrors({ name }: Profile, word: string): Errors<ProfileField> | null {
	return name.trim() === '' ? { name: `Type the name of the ${word}.` } : null;
}
