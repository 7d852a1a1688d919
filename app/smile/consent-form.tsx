import { Form } from '@remix-run/react';
import { useState, type ReactNode } from 'react';

import type { Jurisdiction } from '../../studios/publish-rules';
import type { Studio } from '../../studios/studio';
import { useShell } from '../shell';
import { ConsentDocument } from './consent-document';
import { draftOf, stillMissing, type ConsentDraft, type Missing } from './consent-draft';
import { ConsentFields } from './consent-fields';

interface ConsentFormProps {
	readonly id: string;
	readonly start: ConsentDraft;
	readonly missing: Missing;
	readonly studio: Studio;
	readonly jurisdiction: Jurisdiction;
	/** What the last try was refused for; it stands above the fields, so that the sheet beside them begins at the top. */
	readonly refusal: ReactNode;
	/** The other way to sign, below the fields that it takes along. */
	readonly onPhone: ReactNode;
}

/** The form beside the document it writes: each word typed stands in the sheet at once. */
export function ConsentForm({ id, start, missing, studio, jurisdiction, refusal, onPhone }: ConsentFormProps) {
	const { nowMs } = useShell();
	const [draft, setDraft] = useState(start);
	return (
		<div className="consent">
			<Form id={id} method="post" noValidate onChange={(event) => setDraft(draftOf(new FormData(event.currentTarget)))}>
				{/* What the Enter key presses: the signature, and not the link below it. */}
				<button type="submit" hidden>
					Sign here
				</button>
				{refusal}
				<ConsentFields start={start} draft={draft} missing={stillMissing(missing, draft)} />
				{onPhone}
			</Form>
			<ConsentDocument draft={draft} studio={studio} jurisdiction={jurisdiction} nowMs={nowMs} />
		</div>
	);
}
