import { Time } from '../components/time';
import { PURPOSES } from '../smile/consent-draft';
import { type Consent, howWords, signerWords } from './consent-words';

/** What was signed, in the signer's words, by whom and how. */
export function SignedFacts({ consent }: { consent: Consent }) {
	const { elements, purposes, expiresAt } = consent;
	const labels = PURPOSES.filter(({ value }) => purposes.includes(value)).map(({ label }) => label);
	const rows = [
		{ term: 'What it covers', value: elements.description },
		{ term: 'Who may pass it on', value: elements.discloser },
		{ term: 'Who receives it', value: elements.recipient },
		{ term: 'What for', value: labels.length === 0 ? null : labels.join('. ') },
		{ term: 'Signed by', value: signerWords(consent) },
		{ term: 'How', value: howWords(consent) },
		{ term: 'Signed', value: elements.signedAt === null ? null : <Time at={elements.signedAt} as="document" /> },
		{ term: 'Ends', value: expiresAt === null ? null : <Time at={expiresAt} as="day" /> },
	];
	return (
		<section className="part">
			<h2>What was signed</h2>
			<dl className="facts">
				{rows.map(({ term, value }) => (
					<div key={term}>
						<dt>{term}</dt>
						<dd>{value ?? 'Not given yet'}</dd>
					</div>
				))}
			</dl>
			{consent.missing.length > 0 && (
				<>
					<p>Missing before it can be signed:</p>
					<ul>
						{consent.missing.map(({ element, sentence }) => (
							<li key={element}>{sentence}</li>
						))}
					</ul>
				</>
			)}
			{consent.signedVia === 'paper' && <Paper id={consent.id} checkedAt={elements.paperCheckedAt} />}
		</section>
	);
}

/** A link of its own: whoever looks at a paper is written down. */
function Paper({ id, checkedAt }: { id: string; checkedAt: string | null }) {
	return (
		<div className="row">
			<a className="btn line" href={`/consents/${id}/paper`}>
				Show the paper
			</a>
			{checkedAt !== null && (
				<p className="small muted">
					Compared with these words <Time at={checkedAt} />.
				</p>
			)}
		</div>
	);
}
