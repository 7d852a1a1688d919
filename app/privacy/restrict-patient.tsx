import { ConfirmForm } from '../components/confirm-form';

/** For a patient who wants their pictures kept and nothing else done with them (Art. 18). It is lifted under Privacy. */
export function RestrictPatient({ id, reference }: { id: string; reference: string }) {
	return (
		<ConfirmForm
			fields={{ intent: 'restrict-subject', id }}
			action="/privacy"
			label={`Restrict ${reference}`}
			pendingLabel="Restricting…"
			look="quiet"
			question={`Keep everything of ${reference}, and do nothing else with it?`}
			consequence="No order takes their photos any more, nothing of theirs is shown to others, and what is being made ends with its credits back. You lift it under Privacy."
			keepLabel="Leave it as it is"
		/>
	);
}
