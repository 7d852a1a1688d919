import { Fragment, type ReactNode } from 'react';

import { authorizationText, STILL_OPEN } from '../../studios/authorization';
import { policyOn } from '../../studios/policy/policy';
import type { Jurisdiction } from '../../studios/publish-rules';
import type { Studio } from '../../studios/studio';
import { Document } from '../components/document';
import { endMsOf, PURPOSES, type ConsentDraft } from './consent-draft';

interface ConsentDocumentProps {
	readonly draft: ConsentDraft;
	readonly studio: Studio;
	/** Where the practice is: some places ask for words of their own. */
	readonly jurisdiction: Jurisdiction;
	readonly nowMs: number;
}

/** What stands in the sentences until the form says it. */
const OPEN = {
	...STILL_OPEN,
	description: '(the pictures: still to say)',
	discloser: '(the practice)',
	recipient: '(a receiver still to name)',
} as const;

/** What the patient reads and signs, word for word; what is still open stands in ochre. */
export function ConsentDocument({ draft, studio, jurisdiction, nowMs }: ConsentDocumentProps) {
	const sections = authorizationText({
		studio: { ...studio, policy: policyOn(studio.policy, nowMs) },
		jurisdiction,
		description: draft.description || OPEN.description,
		discloser: draft.discloser || OPEN.discloser,
		recipient: draft.recipient || OPEN.recipient,
		purposes: draft.purposes,
		channels: PURPOSES.filter(({ value }) => draft.purposes.includes(value)).flatMap(({ channels }) => channels),
		expiresAtMs: endMsOf(draft.expiresOn),
		signerRole: draft.signerRole,
		representativeAuthority: draft.representativeAuthority,
	});
	const isForSomeoneElse = draft.signerRole === 'representative';
	return (
		<Document label="The consent as the patient reads it">
			<p className="cap">What the patient reads · English · version {studio.consentTextVersion}</p>
			<h2>May we use your photo?</h2>
			{sections.map(({ heading, paragraphs }) => (
				<section key={heading}>
					<h3>{heading}</h3>
					{paragraphs.map((paragraph) => (
						<p key={paragraph}>{withGaps(paragraph)}</p>
					))}
				</section>
			))}
			<div className="sign">
				<div>
					{draft.signerName !== '' && <span className="name">{draft.signerName}</span>}
					<span className="cap">{isForSomeoneElse ? 'Signed for the patient' : 'Patient’s signature'}</span>
				</div>
				<div>
					<span className="cap">Date: written when it is signed</span>
				</div>
			</div>
		</Document>
	);
}

const GAPS = Object.values<string>(OPEN);

/** The sentence with what is still open marked. */
function withGaps(sentence: string): ReactNode {
	const gap = GAPS.find((each) => sentence.includes(each));
	if (gap === undefined) return sentence;
	const [before = '', ...after] = sentence.split(gap);
	return (
		<>
			{before}
			{after.map((rest, index) => (
				<Fragment key={`${index} ${rest}`}>
					<span className="gap">{gap.slice(1, -1)}</span>
					{withGaps(rest)}
				</Fragment>
			))}
		</>
	);
}
