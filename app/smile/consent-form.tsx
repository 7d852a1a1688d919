import { Form } from '@remix-run/react';
import { useState } from 'react';

import type { Studio } from '../../studios/studio';
import { ConsentDocument } from './consent-document';
import { draftOf, stillMissing, type ConsentDraft, type Missing } from './consent-draft';
import { ConsentFields } from './consent-fields';

interface ConsentFormProps {
	readonly id: string;
	readonly start: ConsentDraft;
	readonly missing: Missing;
	readonly studio: Studio;
}

/** The form beside the document it writes: each word typed stands in the sheet at once. */
export function ConsentForm({ id, start, missing, studio }: ConsentFormProps) {
	const [draft, setDraft] = useState(start);
	return (
		<div className="consent">
			<Form id={id} method="post" noValidate onChange={(event) => setDraft(draftOf(new FormData(event.currentTarget)))}>
				<ConsentFields start={start} draft={draft} missing={stillMissing(missing, draft)} />
			</Form>
			<ConsentDocument draft={draft} studio={studio} />
		</div>
	);
}
