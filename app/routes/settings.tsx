import { NavLink, Outlet } from '@remix-run/react';

import { Page } from '../components/page';
import { useShell } from '../shell';
import { titled } from '../title';

export const meta = titled('Settings');

export default function Settings() {
	const { session } = useShell();
	return (
		<Page width="narrow">
			<h1>Settings</h1>
			{session.signedIn && (
				<nav className="tabs" aria-label="Settings">
					<NavLink to="/settings" end>
						You
					</NavLink>
					<NavLink to="/settings/security">Security</NavLink>
				</nav>
			)}
			<Outlet />
		</Page>
	);
}
