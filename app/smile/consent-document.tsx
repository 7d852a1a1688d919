import type { ReactNode } from 'react';

import { retentionHours } from '../../studios/policy/policy';
import type { Studio } from '../../studios/studio';
import { Document } from '../components/document';
import { dayOf, PURPOSES, type ConsentDraft } from './consent-draft';

/** What the patient reads and signs; what is still open stands in ochre. */
export function ConsentDocument({ draft, studio }: { draft: ConsentDraft; studio: Studio }) {
	const clauses = PURPOSES.filter(({ value }) => draft.purposes.includes(value)).map(({ clause }) => clause);
	const isForSomeoneElse = draft.signerRole === 'representative';
	return (
		<Document label="The consent as the patient reads it">
			<p className="cap">What the patient reads · English · version {studio.consentTextVersion}</p>
			<h2>May we use your photo?</h2>
			<p>
				<Gap is={draft.discloser} open="The practice" /> asks to use this:{' '}
				<Gap is={draft.description} open="the pictures" />.
			</p>
			<p>
				It goes to <Gap is={draft.recipient} open="a receiver still to name" />. Nobody else gets it from us.
			</p>
			<p>
				It is used{' '}
				{clauses.length > 0 ? <>{listWords(clauses)}.</> : <Gap is="" open="for a purpose still to choose" />}
			</p>
			<p>
				The photo is deleted {retentionHours(studio.policy, 'source')} hours after the video is ready. The picture and
				the video are marked as made with AI. They show what could be, and promise no result.
			</p>
			<p>
				This permission ends on <Gap is={dayOf(draft.expiresOn) ?? ''} open="a date still to choose" />. You can end it
				sooner, at any time, by writing to the practice. The photo is then deleted, and nothing new is made from it.
				What was done before stays done.
			</p>
			<p>
				Your treatment does not depend on your answer. Whoever receives the video might pass it on, and the law may then
				no longer protect it.
			</p>
			<div className="sign">
				<div>
					{draft.signerName !== '' && <span className="name">{draft.signerName}</span>}
					<span className="cap">{isForSomeoneElse ? 'Signed for the patient' : 'Patient’s signature'}</span>
					{isForSomeoneElse && (
						<span className="cap">
							as <Gap is={draft.representativeAuthority} open="parent, guardian or other" />
						</span>
					)}
				</div>
				<div>
					<span className="cap">Date: written when it is signed</span>
				</div>
			</div>
		</Document>
	);
}

function Gap({ is, open }: { is: string; open: string }): ReactNode {
	return is === '' ? <span className="gap">{open}</span> : is;
}

function listWords(items: readonly string[]): string {
	const last = items.at(-1) ?? '';
	return items.length < 2 ? last : `${items.slice(0, -1).join(', ')}, and ${last}`;
}
