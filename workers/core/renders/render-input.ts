import { z } from 'zod';

import { isShade, VALUE_ORDER, type Shade } from '../../../smile/shades';
import { SMILE_ZONE } from '../../../smile/teeth-numbers';
import { toolOf, type Studio, type Tool } from '../../../studios/studio';
import { namesTeeth, type Treatment, type TreatmentId } from '../../../studios/treatments';
import { AppError } from '../errors';

const shade = z.custom<Shade>((value) => typeof value === 'string' && isShade(value));
const perCent = z.int().min(0).max(100);
const absent = z.never().optional();

/** An order of a smile as it is kept: what was not said is not there, and its usual value holds. */
export interface SmileInput {
	readonly uploadId: string;
	readonly treatment: TreatmentId;
	/** Both there, or neither where the treatment leaves the colour. */
	readonly fromShade?: Shade | undefined;
	readonly toShade?: Shade | undefined;
	/** Per cent of the way from shade to shade, 10 to 100. */
	readonly strength?: number | undefined;
	/** Per cent by which differences of colour between the teeth go, 0 to 100. */
	readonly evenness?: number | undefined;
	/** By the id of the choice the id of the option, in the treatment's order. */
	readonly choices?: Readonly<Record<string, string | undefined>> | undefined;
	/** FDI numbers, each once, in the order of a photo. */
	readonly teeth?: readonly number[] | undefined;
}

/** What an order of `treatment` may hold; all else is refused, so that nothing unknown is kept or passed on. */
function schemaOf(treatment: Treatment) {
	const choices = Object.fromEntries(
		treatment.choices.map(({ id, options }) => [id, z.enum(options.map((option) => option.id)).optional()]),
	);
	const teeth = z
		.array(z.int().refine((fdi) => SMILE_ZONE.includes(fdi)))
		.min(1)
		.max(32)
		.transform((named) => SMILE_ZONE.filter((fdi) => named.includes(fdi)));
	const hasShades = treatment.shades !== 'kept';
	return z.strictObject({
		uploadId: z.string(),
		treatment: z.literal(treatment.id),
		fromShade: hasShades ? shade : absent,
		toShade: hasShades ? shade : absent,
		strength: hasShades ? perCent.min(10).optional() : absent,
		evenness: hasShades ? perCent.optional() : absent,
		choices: treatment.choices.length === 0 ? absent : z.strictObject(choices).optional(),
		teeth: namesTeeth(treatment) ? teeth.optional() : absent,
	});
}

export type RenderInput = ({ kind: 'smile' } & SmileInput) | { kind: 'prompt'; prompt: string };

export interface ParsedOrder {
	tool: Tool;
	input: RenderInput;
	/** The same as a render's row keeps it: what was checked, not what was sent, so that limits hold for it too. */
	stored: Record<string, unknown>;
}

/** What an order asks, proved against the studio's tool; refuses an unknown tool, parameter or shade with a sentence. */
export function parseRenderInput(studio: Studio, order: { tool: string; input: Record<string, unknown> }): ParsedOrder {
	const tool = toolOf(studio, order.tool);
	if (tool === undefined) {
		const known = studio.tools.map(({ id }) => id);
		const choice = known.length === 0 ? 'It has none yet.' : `It has ${known.join(', ')}.`;
		throw new AppError('invalid_input', `${studio.name} has no tool of this name. ${choice}`);
	}
	switch (tool.input) {
		case 'smile': {
			const stored = parseSmile(tool, order.input);
			return { tool, input: { kind: 'smile', ...stored }, stored: { ...stored } };
		}
		case 'prompt': {
			const stored = parsePrompt(order.input, studio.limits.promptLengthMax);
			return { tool, input: { kind: 'prompt', ...stored }, stored };
		}
	}
}

function parseSmile(tool: Tool, raw: Record<string, unknown>): SmileInput {
	const treatment = tool.treatments?.find(({ id }) => id === raw['treatment']);
	if (treatment === undefined) {
		const known = (tool.treatments ?? []).map(({ id }) => id).join(', ');
		throw new AppError('invalid_input', `This order names no treatment that is offered. There are ${known}.`, {
			details: { fields: ['treatment'] },
		});
	}
	const parsed = schemaOf(treatment).safeParse(raw);
	if (!parsed.success) {
		const fields = parsed.error.issues.map((issue) => issue.path.join('.') || issue.code);
		throw new AppError('invalid_input', INCOMPLETE[treatment.shades === 'kept' ? 'kept' : 'shades'], {
			details: { fields },
		});
	}
	const { fromShade, toShade } = parsed.data;
	if (treatment.shades === 'lighter' && fromShade !== undefined && toShade !== undefined) {
		if (VALUE_ORDER.indexOf(toShade) >= VALUE_ORDER.indexOf(fromShade)) {
			throw new AppError('invalid_input', `Whitening goes lighter, and ${toShade} is not lighter than ${fromShade}.`);
		}
	}
	return parsed.data;
}

const INCOMPLETE = {
	shades:
		'This order is not complete. It needs a photo, the treatment, the shade today and the shade wanted, and holds nothing that the treatment does not know.',
	kept: 'This order is not complete. It needs a photo and the treatment, and holds nothing that the treatment does not know.',
};

function parsePrompt(raw: Record<string, unknown>, lengthMax: number): { prompt: string } {
	const parsed = z.strictObject({ prompt: z.string().trim().min(1).max(lengthMax) }).safeParse(raw);
	if (!parsed.success) {
		throw new AppError('invalid_input', `Say what the picture shows, in 1 to ${lengthMax} characters.`);
	}
	return parsed.data;
}
