import { NavLink, Outlet } from '@remix-run/react';

import { Page } from '../components/page';
import { sectionLinks } from '../practice/section-links';
import { practiceStyles } from '../practice/styles';
import { useShell, useStudio } from '../shell';

export const links = practiceStyles;

/** What everything here belongs to, named above its parts. Each part asks for its own data, and leads away who may not see it. */
export default function Practice() {
	const { session } = useShell();
	const studio = useStudio();
	const account = session.signedIn ? session.account : null;
	if (account === null) return <Outlet />;
	const parts = sectionLinks(studio, account.role);
	return (
		<Page width="narrow">
			<h1 className="account-name">{account.name}</h1>
			{parts.length > 1 && (
				<nav className="tabs" aria-label={`About the ${studio.tenancy.word}`}>
					{parts.map(({ to, label }) => (
						<NavLink key={to} to={to} end={to === '/practice'}>
							{label}
						</NavLink>
					))}
				</nav>
			)}
			<Outlet />
		</Page>
	);
}
