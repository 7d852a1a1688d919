import { useId } from 'react';

import { Choice } from '../components/choice';
import { roleWords } from '../roles';
import { useStudio } from '../shell';
import { FieldError } from './field-error';
import { GIVEN_ROLES, roleSentence } from './role-sentence';

/** The roles that can be given, each with what it is for. */
export function RoleChoice({ chosen, error }: { chosen: string; error?: string | undefined }) {
	const studio = useStudio();
	const id = useId();
	return (
		<fieldset className="field" aria-describedby={error === undefined ? undefined : id}>
			<legend className="legend">Role</legend>
			{GIVEN_ROLES.map((role) => (
				<Choice key={role} type="radio" name="role" value={role} required defaultChecked={role === chosen}>
					<b>{roleWords(role)}</b>
					<span className="below">{roleSentence(role, studio)}</span>
				</Choice>
			))}
			<FieldError id={id} error={error} />
		</fieldset>
	);
}
