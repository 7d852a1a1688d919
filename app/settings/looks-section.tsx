import { Form, useLocation } from '@remix-run/react';

import { Button } from '../components/button';
import { SelectField } from '../components/field';
import { Segment } from '../components/segment';
import { DATES } from '../preferences';
import { useShell } from '../shell';

/** Colours and the language of dates: kept in this browser, so they need no account. */
export function LooksSection() {
	const { mode, dates } = useShell();
	const { pathname } = useLocation();
	return (
		<section className="part">
			<h2>On this device</h2>
			<Form method="post" action="/mode" className="row" preventScrollReset>
				<input type="hidden" name="next" value={pathname} />
				<Segment
					name="mode"
					legend="Colours"
					defaultValue={mode}
					options={[
						{ value: 'system', label: 'Like the system' },
						{ value: 'light', label: 'Light' },
						{ value: 'dark', label: 'Dark' },
					]}
				/>
				<Button look="line">Use these colours</Button>
			</Form>
			<Form method="post" action="/mode" className="one-line" preventScrollReset>
				<input type="hidden" name="next" value={pathname} />
				<SelectField
					label="Dates"
					name="dates"
					defaultValue={dates}
					hint="Clock times have 24 hours and are those of this device."
				>
					{Object.entries(DATES).map(([value, label]) => (
						<option key={value} value={value} lang={value}>
							{label}
						</option>
					))}
				</SelectField>
				<Button look="line">Write dates so</Button>
			</Form>
		</section>
	);
}
