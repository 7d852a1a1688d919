import { z } from 'zod';

import { isShade, VALUE_ORDER, type Shade } from '../../../smile/shades';
import { toolOf, type Studio, type Tool } from '../../../studios/studio';
import { AppError } from '../errors';

const shade = z.custom<Shade>((value) => typeof value === 'string' && isShade(value));

const SmileInput = z.strictObject({
	uploadId: z.string(),
	treatment: z.literal('whitening'),
	fromShade: shade,
	toShade: shade,
});
export type SmileInput = z.infer<typeof SmileInput>;

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
			const stored = parseSmile(order.input);
			return { tool, input: { kind: 'smile', ...stored }, stored };
		}
		case 'prompt': {
			const stored = parsePrompt(order.input, studio.limits.promptLengthMax);
			return { tool, input: { kind: 'prompt', ...stored }, stored };
		}
	}
}

function parseSmile(raw: Record<string, unknown>): SmileInput {
	const parsed = SmileInput.safeParse(raw);
	if (!parsed.success) {
		const fields = parsed.error.issues.map((issue) => issue.path.join('.') || issue.code);
		throw new AppError(
			'invalid_input',
			'This order is not complete. It needs a photo, the treatment, the shade today and the shade wanted.',
			{ details: { fields } },
		);
	}
	const { fromShade, toShade } = parsed.data;
	if (VALUE_ORDER.indexOf(toShade) >= VALUE_ORDER.indexOf(fromShade)) {
		throw new AppError('invalid_input', `Whitening goes lighter, and ${toShade} is not lighter than ${fromShade}.`);
	}
	return parsed.data;
}

function parsePrompt(raw: Record<string, unknown>, lengthMax: number): { prompt: string } {
	const parsed = z.strictObject({ prompt: z.string().trim().min(1).max(lengthMax) }).safeParse(raw);
	if (!parsed.success) {
		throw new AppError('invalid_input', `Say what the picture shows, in 1 to ${lengthMax} characters.`);
	}
	return parsed.data;
}
