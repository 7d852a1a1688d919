import { Link, useLocation } from '@remix-run/react';

import { Notice } from '../components/notice';
import { useShell, useStudio } from '../shell';

/** On every page while processing is restricted: that it is, and where it is lifted (DS-32). */
export function RestrictedNotice() {
	const { session } = useShell();
	const { tenancy } = useStudio();
	const { pathname } = useLocation();
	if (!session.signedIn || !session.isRestricted) return null;
	const isOwner = session.account?.role === 'owner';
	return (
		<div className="wrap above">
			<Notice kind="soon" title="Processing is restricted">
				Everything in the {tenancy.word} is stored, and nothing else is done with it: no orders, no payments, nothing
				shown to others.{' '}
				{isOwner ? (
					<Link to={pathname === '/privacy' ? '#restriction' : '/privacy#restriction'}>Lift it under Privacy</Link>
				) : (
					'Its owner can lift it.'
				)}
			</Notice>
		</div>
	);
}
