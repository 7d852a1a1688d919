import { CircleAlert } from 'lucide-react';

/** What is wrong with a group of choices, as a field says it. */
export function FieldError({ id, error }: { id: string; error: string | undefined }) {
	if (error === undefined) return null;
	return (
		<p className="err" id={id}>
			<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
			<span>{error}</span>
		</p>
	);
}
