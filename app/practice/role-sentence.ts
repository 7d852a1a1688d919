import { isAllowed, PERMISSION_TABLE, PERMISSIONS, ROLES, type Permission, type Role } from '../../studios/roles';
import type { Studio } from '../../studios/studio';

/** The roles that somebody can be given; ownership is handed over instead. */
export const GIVEN_ROLES = ROLES.filter((role) => role !== 'owner');
export type GivenRole = (typeof GIVEN_ROLES)[number];

/** What a role is for, in one sentence. The table below it says the same in full. */
export function roleSentence(role: Role, { tenancy, tools, work }: Studio): string {
	switch (role) {
		case 'owner':
			return `Does everything, and alone decides who belongs to the ${tenancy.word}. There is exactly one.`;
		case 'clinician':
			return `Makes, opens and deletes ${work.many}${tenancy.hasApiKeys ? ', and makes API keys' : ''}.`;
		case 'staff':
			return `Makes and opens ${work.many}, but deletes none.`;
		case 'billing':
			return `${tools.length > 0 ? 'Buys credits and sees what they went to' : 'Sees the credits and what they went to'}. Opens no photo and no ${work.one}.`;
	}
}

/** The rows of the role table that mean something in this studio: where nothing can be made, nothing is sold. */
export function permissionsOf({ tenancy, tools }: Studio): readonly Permission[] {
	const hasConsents = tools.some((tool) => tool.needsConsent);
	return PERMISSIONS.filter((permission) => {
		if (permission === 'billing:write') return tools.length > 0;
		if (permission.startsWith('consents:')) return hasConsents;
		return tenancy.hasApiKeys || !permission.startsWith('keys:');
	});
}

/** What a role allows and what it does not, in the words of the table. */
export function splitByRole(role: Role, permissions: readonly Permission[]): { may: string[]; mayNot: string[] } {
	return {
		may: wordsOf(permissions.filter((permission) => isAllowed(role, permission))),
		mayNot: wordsOf(permissions.filter((permission) => !isAllowed(role, permission))),
	};
}

function wordsOf(permissions: readonly Permission[]): string[] {
	return permissions.map((permission) => PERMISSION_TABLE[permission].allows);
}
