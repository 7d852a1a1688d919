import { Field } from '../components/field';
import { REASON_LENGTH_MAX } from './team-limits';

/** Why, for whoever reads the record later. Optional everywhere. */
export function ReasonField({ reason, error }: { reason: string | undefined; error: string | undefined }) {
	return (
		<Field
			label="Reason (optional)"
			hint="It stands in the record of who did what, which the owner can read."
			name="reason"
			autoComplete="off"
			maxLength={REASON_LENGTH_MAX}
			defaultValue={reason}
			error={error}
		/>
	);
}
