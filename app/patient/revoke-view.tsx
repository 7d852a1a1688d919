import { Trash2 } from 'lucide-react';

import { POSTING_LIMITS } from '../../studios/publish-rules';
import { Button } from '../components/button';
import { Notice } from '../components/notice';
import type { Signed } from './answers';
import { pathsOf } from './bare-page';
import { counted, whatIsThere } from './link-words';

/** What goes and what stays, before everything is taken back; the button names it once more. */
export function RevokeView({ signed, token, error }: { signed: Signed; token: string; error: string | undefined }) {
	const { practice, shares, posted } = signed;
	const there = whatIsThere(signed);
	const copies = posted.filter(({ state }) => state !== 'removed').length;
	return (
		<div className="wrap patient-page">
			<header>
				<h1>Revoke everything?</h1>
			</header>
			{error !== undefined && (
				<Notice kind="stop" title="Nothing was changed" isAlert>
					{error}
				</Notice>
			)}
			<section>
				<h2>What goes</h2>
				<ul className="rows">
					<li>
						<span>
							{there === '' ? 'There is no photo, picture or video now.' : `${there}. Nobody can bring them back.`}
						</span>
					</li>
					{shares.open > 0 && (
						<li>
							<span>{counted(shares.open, 'link stops', 'links stop')} at once.</span>
						</li>
					)}
					{copies > 0 && (
						<li>
							<span>
								{practice} takes down {counted(copies, 'posted copy', 'posted copies')} within{' '}
								{POSTING_LIMITS.removalHours} hours.
							</span>
						</li>
					)}
					<li>
						<span>Nothing new is made, shown or sent.</span>
					</li>
				</ul>
			</section>
			<section>
				<h2>What stays</h2>
				<p className="soft">
					The page that you signed, without any picture, and a signed receipt of the deletion. What others saw or saved
					before cannot be called back. Your treatment is the same.
				</p>
			</section>
			<form method="post" className="stack">
				<Button look="end-it" wide big>
					<Trash2 size={18} strokeWidth={1.75} aria-hidden="true" />
					{there === '' ? 'Revoke my permission' : `Revoke and delete ${there}`}
				</Button>
				<a className="btn line wide" href={pathsOf(token).page}>
					Keep it as it is
				</a>
			</form>
		</div>
	);
}
