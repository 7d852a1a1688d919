import { CircleAlert } from 'lucide-react';
import { useId } from 'react';

import type { Shade } from '../../smile/shades';
import { Tooth } from './tooth';

interface ShadeRailProps {
	readonly name: string;
	readonly legend: string;
	/** What the letters of the tabs mean. */
	readonly hint: string;
	readonly shades: readonly Shade[];
	readonly value: Shade;
	readonly onChange: (shade: Shade) => void;
	/** The tooth as it is, shown at the end and not to be chosen. */
	readonly today?: Shade | undefined;
	readonly error?: string | undefined;
}

/** Drawn teeth in value order, eight a row. Native radios: arrow keys move along the guide, and no script is needed. */
export function ShadeRail({ name, legend, hint, shades, value, onChange, today, error }: ShadeRailProps) {
	const id = useId();
	return (
		<fieldset className="rail" aria-describedby={error === undefined ? `${id}-hint` : `${id}-hint ${id}-error`}>
			<legend className="legend">{legend}</legend>
			<p className="small muted" id={`${id}-hint`}>
				{hint}
			</p>
			<div className="tabs">
				{shades.map((shade) => (
					<label key={shade}>
						<input type="radio" name={name} value={shade} checked={shade === value} onChange={() => onChange(shade)} />
						<span>
							<Tooth shade={shade} />
							<b>{shade}</b>
						</span>
					</label>
				))}
				{today !== undefined && (
					<div className="today">
						<Tooth shade={today} />
						<b>today</b>
					</div>
				)}
			</div>
			{error !== undefined && (
				<p className="err" id={`${id}-error`}>
					<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
					<span>{error}</span>
				</p>
			)}
		</fieldset>
	);
}
