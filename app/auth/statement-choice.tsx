import { CircleAlert } from 'lucide-react';
import { useId } from 'react';

import { Choice } from '../components/choice';
import { useStudio } from '../shell';

/** What the studio asks people to state about themselves, as a box to tick; nothing where it asks nothing. */
export function StatementChoice({ isMade, error }: { isMade: boolean; error?: string | undefined }) {
	const { statement } = useStudio();
	const id = useId();
	if (statement === null) return null;
	return (
		<div className="field">
			<Choice
				type="checkbox"
				name="statement"
				value="yes"
				required
				defaultChecked={isMade}
				aria-invalid={error !== undefined}
				aria-describedby={error === undefined ? undefined : id}
			>
				{statement.text}
			</Choice>
			{error !== undefined && (
				<p className="err" id={id}>
					<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
					<span>{error}</span>
				</p>
			)}
		</div>
	);
}
