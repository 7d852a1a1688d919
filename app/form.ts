import type { z } from 'zod';

import type { Refusal } from './api';

/** Sentences beside the field they are about; `form` stands above the button. */
export type Errors<Field extends string> = { readonly [Key in Field | 'form']?: string | undefined };

/** The text of a field as it was sent; '' when it is missing or a file. */
export function textOf(form: FormData, name: string): string {
	const value = form.get(name);
	return typeof value === 'string' ? value : '';
}

/** Whether a box is ticked; an absent field is one that is not. */
export function isTicked(form: FormData, name: string): boolean {
	return form.get(name) === 'yes';
}

/** The first sentence for each field of what did not parse. */
export function errorsOfParse<Shape extends Record<string, unknown>>(
	error: z.ZodError<Shape>,
): Errors<Extract<keyof Shape, string>> {
	const sentences = new Map<string, string>();
	for (const { path, message } of error.issues) {
		const field = String(path[0] ?? 'form');
		if (!sentences.has(field)) sentences.set(field, message);
	}
	return toErrors([...sentences]);
}

/** The api's sentence beside the fields it names, when the form has them, or above the button. */
export function errorsOfRefusal<Field extends string>(refusal: Refusal, fields: readonly Field[]): Errors<Field> {
	const named = fields.filter((field) => refusal.details?.fields?.includes(field));
	return toErrors((named.length === 0 ? ['form'] : named).map((field) => [field, refusal.message]));
}

function toErrors<Field extends string>(sentences: readonly [string, string][]): Errors<Field> {
	// The names are those of the form; the compiler cannot see that through `fromEntries`.
	return Object.fromEntries(sentences) as Errors<Field>;
}
