import { isAllowed, type Permission } from '../studios/roles';
import { useShell } from './shell';

/** Whether who is looking may do this where they act now. Pages ask it to offer a way; the api decides. */
export function useMay(permission: Permission): boolean {
	const { session } = useShell();
	const role = session.signedIn ? session.account?.role : undefined;
	return role !== undefined && isAllowed(role, permission);
}
