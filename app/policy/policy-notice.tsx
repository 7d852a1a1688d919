import { Link, useLocation } from '@remix-run/react';

import { Notice } from '../components/notice';
import { useShell, useStudio } from '../shell';
import { calendarWords } from '../times';

/** Above every page of whoever is signed in: that the policy asks to be accepted, or that it is about to change. */
export function PolicyNotice() {
	const { session, dates } = useShell();
	const { policy } = useStudio();
	const { pathname, search } = useLocation();
	if (!session.signedIn || pathname.startsWith('/policy')) return null;
	if (!session.policy.isAccepted) {
		return (
			<div className="wrap above">
				<Notice
					kind="soon"
					title="The privacy policy has changed"
					actions={<Link to={`/policy/accept?next=${encodeURIComponent(pathname + search)}`}>Read and accept it</Link>}
				>
					Nothing new is made until you accept it. What you have stays yours to see, download and delete.
				</Notice>
			</div>
		);
	}
	const coming = policy.versions.find(({ version }) => version === session.policy.announced);
	if (coming === undefined) return null;
	return (
		<div className="wrap above">
			<Notice
				kind="plain"
				title={`The privacy policy changes on ${calendarWords(coming.effective, dates)} at the earliest`}
				actions={<Link to="/policy/versions">What changes</Link>}
			>
				Until then it stays as it is. You are asked once whether you accept it.
			</Notice>
		</div>
	);
}
