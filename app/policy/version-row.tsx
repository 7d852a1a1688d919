import { Time } from '../components/time';
import { useShell } from '../shell';
import { calendarWords } from '../times';
import type { PolicyVersion } from './answers';

/** One version: since when it holds or from when it will, who read it, and what it changed. */
export function VersionRow({ version }: { version: PolicyVersion }) {
	const { dates } = useShell();
	const { effectiveAt, effective, review, changes, isMaterial } = version;
	return (
		<section className="version" id={version.version}>
			<h2>{calendarWords(version.version, dates)}</h2>
			<p className="small soft">
				{effectiveAt === null ? (
					`Holds from ${calendarWords(effective, dates)} at the earliest. `
				) : (
					<>
						Holds since <Time at={effectiveAt} as="document" />.{' '}
					</>
				)}
				{reviewWords(review, dates)} {isMaterial ? 'Asks to be accepted.' : 'Asks for nothing.'}
			</p>
			{changes.length === 0 ? (
				<p className="serif">The first text.</p>
			) : (
				<ul className="changes">
					{changes.map((change) => (
						<li key={change} className="serif">
							{change}
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

export function reviewWords(review: PolicyVersion['review'], dates: Parameters<typeof calendarWords>[1]): string {
	if (review.state === 'draft') return 'A draft: no counsel has read it yet.';
	return `Read by ${review.by} on ${calendarWords(review.on, dates)}.`;
}
