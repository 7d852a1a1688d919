import type { Role } from '../studios/roles';

const WORDS: Readonly<Record<Role, string>> = {
	owner: 'Owner',
	clinician: 'Clinician',
	staff: 'Staff',
	billing: 'Billing',
};

/** A role as pages write it. */
export function roleWords(role: Role): string {
	return WORDS[role];
}
