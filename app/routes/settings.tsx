import { NavLink, Outlet } from '@remix-run/react';

import { capitalised } from '../components/navigation';
import { Page } from '../components/page';
import { useShell, useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Settings');

export default function Settings() {
	const { session } = useShell();
	const { tenancy } = useStudio();
	return (
		<Page width="narrow">
			<h1>Settings</h1>
			{session.signedIn && (
				<nav className="tabs" aria-label="Settings">
					<NavLink to="/settings" end>
						You
					</NavLink>
					<NavLink to="/settings/security">Security</NavLink>
					<NavLink to="/settings/mail">Mail</NavLink>
					<NavLink to="/privacy">Privacy</NavLink>
					<NavLink to="/practice">{capitalised(tenancy.word)}</NavLink>
				</nav>
			)}
			<Outlet />
		</Page>
	);
}
