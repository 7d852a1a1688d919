import { Form, useNavigation } from '@remix-run/react';

import { Button, ButtonLink } from '../components/button';
import { Field, SelectField } from '../components/field';
import type { Errors } from '../form';
import { FILTER_ACTIONS } from './entry-sentence';
import { isFiltered, type AuditFilter } from './read-filter';

interface FilterFormProps {
	readonly filter: AuditFilter;
	readonly errors: Errors<'from' | 'until'>;
	readonly people: readonly { readonly id: string; readonly name: string }[];
}

/** A form whose answer is a page of its own, with an address to keep. */
export function FilterForm({ filter, errors, people }: FilterFormProps) {
	const { location } = useNavigation();
	const isPending = location?.pathname === '/practice/audit' && location.search !== '';
	return (
		<Form method="get" action="/practice/audit" className="form wide" aria-label="Filter the record">
			<div className="pair four">
				<SelectField label="Who" name="who" defaultValue={filter.who}>
					<option value="">Everybody</option>
					{people.map((person) => (
						<option key={person.id} value={person.id}>
							{person.name}
						</option>
					))}
				</SelectField>
				<SelectField label="What" name="what" defaultValue={filter.what}>
					<option value="">Everything</option>
					{FILTER_ACTIONS.map(({ action, title }) => (
						<option key={action} value={action}>
							{title}
						</option>
					))}
				</SelectField>
				<Field label="From" name="from" type="date" defaultValue={filter.from} error={errors.from} />
				<Field label="Until" name="until" type="date" defaultValue={filter.until} error={errors.until} />
			</div>
			<div className="row">
				<Button look="line" fill isPending={isPending} pendingLabel="Filtering…">
					Filter
				</Button>
				{isFiltered(filter) && (
					<ButtonLink to="/practice/audit" look="quiet">
						Show everything
					</ButtonLink>
				)}
			</div>
		</Form>
	);
}
