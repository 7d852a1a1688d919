import { namesTeeth, TREATMENTS, treatmentOf, isTreatmentId } from '../../studios/treatments';
import { SelectField } from '../components/field';
import { fieldOf, type ShadeWish } from './shade-wish';
import { TeethPicker } from './teeth-picker';

interface WishProps {
	readonly wish: ShadeWish;
	readonly onWish: (change: Partial<ShadeWish>) => void;
}

/** Which treatment, what it leaves alone and what no picture can show of it. */
export function TreatmentField({ wish, onWish }: WishProps) {
	const treatment = treatmentOf(wish.treatment);
	return (
		<div className="stack">
			<SelectField
				label="Treatment"
				name="treatment"
				value={wish.treatment}
				onChange={(event) => {
					const { value } = event.currentTarget;
					// Choices and teeth belong to the treatment that they were made for.
					if (isTreatmentId(value)) onWish({ treatment: value, choices: {}, teeth: [] });
				}}
			>
				{TREATMENTS.map(({ id, name }) => (
					<option key={id} value={id}>
						{name}
					</option>
				))}
			</SelectField>
			<p className="small muted">{treatment.stays}</p>
			<p className="small muted">{treatment.caveat}</p>
		</div>
	);
}

/** What the treatment asks besides the shade. */
export function ChoiceFields({ wish, onWish }: WishProps) {
	const treatment = treatmentOf(wish.treatment);
	return (
		<>
			{treatment.choices.map(({ id, label, options, usual }) => (
				<fieldset key={`${treatment.id}.${id}`}>
					<legend className="legend">{label}</legend>
					<div className="seg">
						{options.map((option) => (
							<label key={option.id}>
								<input
									type="radio"
									name={fieldOf(treatment, id)}
									value={option.id}
									checked={(wish.choices[id] ?? usual) === option.id}
									onChange={() => onWish({ choices: { ...wish.choices, [id]: option.id } })}
								/>
								<span>{option.label}</span>
							</label>
						))}
					</div>
				</fieldset>
			))}
			{namesTeeth(treatment) && (
				<TeethPicker treatment={treatment} teeth={wish.teeth} onChange={(teeth) => onWish({ teeth })} />
			)}
		</>
	);
}

interface PerCentFieldProps {
	readonly label: string;
	readonly hint: string;
	readonly name: string;
	readonly range: { readonly min: number; readonly max: number; readonly step: number };
	readonly value: number;
	readonly onChange: (value: number) => void;
	/** Without script the number beside it would not follow. */
	readonly isLive: boolean;
}

export function PerCentField({ label, hint, name, range, value, onChange, isLive }: PerCentFieldProps) {
	return (
		<div className="per-cent">
			<div className="label-row">
				<label htmlFor={name}>{label}</label>
				{isLive && (
					<output className="num soft" htmlFor={name}>
						{value} %
					</output>
				)}
			</div>
			<input
				className="range"
				type="range"
				id={name}
				name={name}
				min={range.min}
				max={range.max}
				step={range.step}
				value={value}
				aria-valuetext={`${value} %`}
				aria-describedby={`${name}-hint`}
				onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
			/>
			<p className="small muted" id={`${name}-hint`}>
				{hint}
			</p>
		</div>
	);
}
