import { LOWER_SMILE, universalOfFdi, UPPER_SMILE } from '../../smile/teeth-numbers';
import { fieldOf } from './shade-wish';
import type { Treatment } from '../../studios/treatments';

interface TeethPickerProps {
	readonly treatment: Treatment;
	readonly teeth: readonly number[];
	readonly onChange: (teeth: readonly number[]) => void;
}

/** The teeth that show, as they stand in the photo, by both numbers. Native boxes: no script is needed to mark them. */
export function TeethPicker({ treatment, teeth, onChange }: TeethPickerProps) {
	const usual = treatment.usualTeeth.length === 0 ? 'the number chosen above' : treatment.usualTeeth.join(', ');
	return (
		<fieldset className="teeth-picker">
			<legend className="legend">Teeth</legend>
			<p className="small muted">
				As in the photo, the patient&rsquo;s right on the left. FDI number above, Universal below. None marked: {usual}.
			</p>
			{[UPPER_SMILE, LOWER_SMILE].map((row) => (
				<div className="row-of-teeth" key={row[0]}>
					{row.map((fdi) => (
						<label key={fdi}>
							<input
								type="checkbox"
								name={fieldOf(treatment, 'tooth')}
								value={fdi}
								checked={teeth.includes(fdi)}
								aria-label={`Tooth ${fdi}, Universal ${universalOfFdi(fdi)}`}
								onChange={(event) =>
									onChange(event.currentTarget.checked ? [...teeth, fdi] : teeth.filter((one) => one !== fdi))
								}
							/>
							<span>
								<b>{fdi}</b>
								<small>{universalOfFdi(fdi)}</small>
							</span>
						</label>
					))}
				</div>
			))}
		</fieldset>
	);
}
