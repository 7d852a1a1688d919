import { Link } from '@remix-run/react';

import { marksOf, type Standing } from '../consent/marks';
import { Chip } from './chip';
import { Time } from './time';

/**
 * What is wrong, or soon will be, with the consent of what is shown: an icon and words, leading to the consent. Nothing while it is in
 * force as it was signed. `null`: none is known; left out: this needs none, or the patient is deleted.
 */
export function ConsentMark({ consent }: { consent: Standing | null | undefined }) {
	if (consent === undefined) return null;
	const marks = marksOf(consent);
	if (marks.length === 0) return null;
	const chips = marks.map(({ chip, words, day }) => (
		<Chip key={words} state={chip}>
			{words}
			{day !== null && (
				<>
					{' '}
					<Time at={day} as="on-day" />
				</>
			)}
		</Chip>
	));
	return (
		<p className="consent-mark">{consent === null ? chips : <Link to={`/consents/${consent.id}`}>{chips}</Link>}</p>
	);
}
