import { Form, Link, useLocation } from '@remix-run/react';

import type { Mode } from '../preferences';
import { useShell, useStudio } from '../shell';

const MODES: readonly { value: Mode; label: string }[] = [
	{ value: 'system', label: 'Like the system' },
	{ value: 'light', label: 'Light' },
	{ value: 'dark', label: 'Dark' },
];

export function Footer() {
	const studio = useStudio();
	const { mode } = useShell();
	const { pathname, search } = useLocation();
	return (
		<footer className="foot">
			<div className="wrap">
				<Link to="/policy">Privacy</Link>
				<Link to="/evidence">Evidence</Link>
				<Link to="/verify">Check a file</Link>
				<Link to="/choices">Choices</Link>
				<Link to="/contact">Contact</Link>
				<Link to="/pricing">Prices</Link>
				<a href="/docs">API</a>
				<Form method="post" action="/mode" className="modes" aria-label="Colours" preventScrollReset>
					<input type="hidden" name="next" value={pathname + search} />
					{MODES.map(({ value, label }) => (
						<button key={value} type="submit" name="mode" value={value} aria-pressed={value === mode}>
							{label}
						</button>
					))}
				</Form>
				<span className="end">{studio.name}</span>
			</div>
		</footer>
	);
}
