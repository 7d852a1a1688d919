import type { PatientPage } from './answers';

type Silent = Extract<PatientPage, { sentence: string }>;

const TITLES: Readonly<Record<Silent['state'], string>> = {
	over: 'This link is over',
	unknown: 'Nothing is here',
	silent: 'This cannot be shown now',
};

/** One plain sentence for a link that shows nothing. */
export function SentenceView({ page: { state, sentence } }: { page: Silent }) {
	return (
		<div className="wrap patient-page">
			<h1>{TITLES[state]}</h1>
			<p className="soft">{sentence}</p>
		</div>
	);
}
