import { isAllowed, type Role } from '../../studios/roles';
import type { Studio } from '../../studios/studio';
import type { NavLink } from '../components/navigation';

/** The pages about an account that somebody of this role has, in their order. */
export function sectionLinks({ tenancy, tools }: Studio, role: Role): readonly NavLink[] {
	const hasTeam = tenancy.membersMax > 1;
	return [
		{ to: '/practice', label: 'Profile' },
		...(hasTeam
			? [
					{ to: '/practice/team', label: 'Team' },
					{ to: '/practice/roles', label: 'Roles' },
				]
			: []),
		...(hasPatients(tools) && isAllowed(role, 'assets:read') ? [{ to: '/practice/posted', label: 'Posted' }] : []),
		...(tenancy.hasApiKeys && isAllowed(role, 'keys:read') ? [{ to: '/practice/keys', label: 'API keys' }] : []),
		...(isAllowed(role, 'audit:read') ? [{ to: '/practice/audit', label: 'Record' }] : []),
	];
}

/** Whether what is made shows patients, so that copies of it may have to be called back. */
function hasPatients(tools: Studio['tools']): boolean {
	return tools.some(({ needsConsent }) => needsConsent);
}
