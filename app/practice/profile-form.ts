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

/** What can be said before the api is asked, beside the field that it is about; null when it may be sent. */
export function profileErrors(typed: Profile, word: string): Errors<ProfileField> | null {
	const { name, website } = profileOrder(typed);
	if (name !== '' && (website === '' || isWebsite(website))) return null;
	return {
		...(name === '' ? { name: `Type the name of the ${word}.` } : {}),
		...(website === '' || isWebsite(website)
			? {}
			: { website: 'A website begins with https:// or http://, such as https://smile.example.' }),
	};
}

/** As the api has it: neither a script nor an address that shows another host than it goes to. */
function isWebsite(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, username, password } = new URL(text);
	return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}
