import { isFdi, SMILE_ZONE, universalOfFdi, upperTeeth } from '../../../smile/teeth-numbers';
import { treatmentOf, type Treatment } from '../../../studios/treatments';
import type { SmileInput } from './render-input';

/** What the picture model is told and which part of its answer belongs to the treatment. */
export interface SmileEdit {
	/** Made of sentences of our own and checked tabs, numbers and ids alone: nothing a caller wrote stands in it. */
	readonly prompt: string;
	readonly region: Treatment['region'];
	/** FDI numbers, in the order of a photo; empty: all teeth that show. */
	readonly teeth: readonly number[];
}

/** The edit that an order asks for. `input` has gone through `parseRenderInput`. */
export function smileEditOf(input: SmileInput): SmileEdit {
	const treatment = treatmentOf(input.treatment);
	const options = treatment.choices.map(({ id, options: all, usual }) => {
		const chosen = input.choices?.[id] ?? usual;
		return all.find((option) => option.id === chosen);
	});
	const units = options.find((option) => option?.units !== undefined)?.units;
	const teeth = teethOf(treatment, input.teeth, units);
	// Who names single teeth has said which they are: a number beside them would be another answer.
	const told = options.flatMap((option) =>
		option === undefined || (option.units !== undefined && input.teeth !== undefined) ? [] : [option.prompt],
	);
	const sentences = [
		`${treatment.prompt.task}${shadeWords(input)}.`,
		...(teeth.length === 0 ? [] : [`Only these teeth, by FDI number and Universal number: ${listTeeth(teeth)}.`]),
		...told,
		...(input.strength === undefined ? [] : [`Go about ${input.strength} percent of the way to the new colour.`]),
		...(input.evenness === undefined || input.evenness === 0
			? []
			: [`Even out differences of colour between the teeth by about ${input.evenness} percent.`]),
		treatment.prompt.keep,
	];
	return { prompt: sentences.join(' '), region: treatment.region, teeth };
}

function shadeWords({ fromShade, toShade }: SmileInput): string {
	return fromShade === undefined || toShade === undefined ? '' : `, from VITA classical ${fromShade} to ${toShade}`;
}

function teethOf(
	treatment: Treatment,
	named: readonly number[] | undefined,
	units: number | undefined,
): readonly number[] {
	if (named !== undefined) return SMILE_ZONE.filter((fdi) => named.includes(fdi));
	return units === undefined ? treatment.usualTeeth : upperTeeth(units);
}

function listTeeth(teeth: readonly number[]): string {
	return teeth
		.filter(isFdi)
		.map((fdi) => `${fdi} (${universalOfFdi(fdi)})`)
		.join(', ');
}
