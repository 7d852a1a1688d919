/**
 * Who may do what in an account: the one table from which the API's checks, the tests' matrix and the page that explains the
 * roles are made (DD-36). API keys carry permissions of this list as scopes.
 */
export const ROLES = ['owner', 'clinician', 'staff', 'billing'] as const;
export type Role = (typeof ROLES)[number];

interface PermissionRow {
	/** What it allows, as the roles page says it: "See patients' consents". */
	readonly allows: string;
	readonly roles: readonly Role[];
	/** Whether an API key may carry it. What decides about people and keys needs a person. */
	readonly isScope: boolean;
}

const EVERYONE = ROLES;
const AT_WORK = ['owner', 'clinician', 'staff'] as const;
const TREATING = ['owner', 'clinician'] as const;
const PAYING = ['owner', 'billing'] as const;
const OWNER = ['owner'] as const;

export const PERMISSION_TABLE = {
	'consents:read': { allows: 'See patients and their consents', roles: AT_WORK, isScope: true },
	'consents:write': { allows: 'Add patients, record and revoke consents', roles: AT_WORK, isScope: true },
	'uploads:read': { allows: 'See photos while they are here', roles: AT_WORK, isScope: true },
	'uploads:write': { allows: 'Send photos, and delete them early', roles: AT_WORK, isScope: true },
	'renders:read': { allows: 'See what was made', roles: AT_WORK, isScope: true },
	'renders:write': { allows: 'Order, for credits, and cancel', roles: AT_WORK, isScope: true },
	'assets:read': { allows: 'Open and download what was made', roles: AT_WORK, isScope: true },
	'assets:delete': { allows: 'Delete what was made', roles: TREATING, isScope: true },
	'assets:share': { allows: 'Share by link, and note copies posted elsewhere', roles: AT_WORK, isScope: true },
	'receipts:read': { allows: 'Read deletion receipts', roles: AT_WORK, isScope: true },
	'credits:read': { allows: 'See credits and what they were spent on', roles: EVERYONE, isScope: true },
	'billing:write': { allows: 'Buy credits and change the plan', roles: PAYING, isScope: false },
	'members:read': { allows: 'See who belongs to it', roles: EVERYONE, isScope: false },
	'members:write': { allows: 'Invite people, change roles, remove people', roles: OWNER, isScope: false },
	'account:write': { allows: 'Change name, profile and logo', roles: OWNER, isScope: false },
	'keys:read': { allows: 'See API keys', roles: TREATING, isScope: false },
	'keys:write': { allows: 'Make and revoke API keys', roles: TREATING, isScope: false },
	'audit:read': { allows: 'Read who did what', roles: OWNER, isScope: false },
} as const satisfies Record<string, PermissionRow>;

export type Permission = keyof typeof PERMISSION_TABLE;

function isPermission(name: string): name is Permission {
	return name in PERMISSION_TABLE;
}

export const PERMISSIONS: readonly Permission[] = Object.keys(PERMISSION_TABLE).filter(isPermission);

/** What an API key may be given. */
export const SCOPES: readonly Permission[] = PERMISSIONS.filter((permission) => PERMISSION_TABLE[permission].isScope);

export function rolesAllowed(permission: Permission): readonly Role[] {
	return PERMISSION_TABLE[permission].roles;
}

export function isAllowed(role: Role, permission: Permission): boolean {
	return rolesAllowed(permission).includes(role);
}
