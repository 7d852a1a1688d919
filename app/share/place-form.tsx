import { Form, Link } from '@remix-run/react';

import { JURISDICTION_NAMES, JURISDICTIONS, type Jurisdiction } from '../../studios/publish-rules';
import { Button } from '../components/button';
import { SelectField } from '../components/field';

interface PlaceFormProps {
	readonly jurisdiction: Jurisdiction;
	readonly error?: string | undefined;
	readonly isPending: boolean;
	/** Where it posts; this page when left out. */
	readonly action?: string;
}

/** Where the account advertises, to choose. */
export function PlaceForm({ jurisdiction, error, isPending, action }: PlaceFormProps) {
	return (
		<Form method="post" className="stack" preventScrollReset {...(action === undefined ? {} : { action })}>
			<input type="hidden" name="intent" value="jurisdiction" />
			<SelectField label="Where you advertise" name="jurisdiction" defaultValue={jurisdiction} error={error}>
				{JURISDICTIONS.map((place) => (
					<option key={place} value={place}>
						{JURISDICTION_NAMES[place]}
					</option>
				))}
			</SelectField>
			<div className="row">
				<Button isPending={isPending} pendingLabel="Saving…">
					Save place
				</Button>
			</div>
		</Form>
	);
}

interface PlaceWordsProps {
	readonly jurisdiction: Jurisdiction;
	readonly isChosen: boolean;
	readonly mayChange: boolean;
}

/** By whose rules verdicts are given, and who can change that. */
export function PlaceWords({ jurisdiction, isChosen, mayChange }: PlaceWordsProps) {
	const name = JURISDICTION_NAMES[jurisdiction];
	if (isChosen) {
		return (
			<p className="small muted">
				By the rules of: {name}. {mayChange && <Link to="/practice#place">Change</Link>}
			</p>
		);
	}
	return (
		<p className="small muted">
			Nobody has said where you advertise, so the strictest rules hold: {name}.
			{!mayChange && ' The owner says it under Profile.'}
		</p>
	);
}
