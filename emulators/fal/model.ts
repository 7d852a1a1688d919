import type { z } from 'zod';
import type { ValidationDetail } from './failures';
import type { FileLink, StoredFile } from './file-store';

/** What a model may use while it runs. */
export interface ModelJob {
	readonly signal: AbortSignal;
	/** Says how far the job is, 0 to 1; each message becomes a log entry of the request. */
	report(fraction: number, message: string): void;
	/** Puts a file where the caller can download it. */
	keep(file: StoredFile): FileLink;
}

export type ModelAnswer =
	| { readonly ok: true; readonly output: Record<string, unknown>; readonly billableUnits: number }
	| { readonly ok: false; readonly detail: readonly ValidationDetail[] };

/** One endpoint that renders for real. Refusals are answers; throwing means the model itself is broken. */
export interface Model {
	readonly endpoint: string;
	run(input: unknown, job: ModelJob): Promise<ModelAnswer>;
}

/** A refusal of one input field, as fal words it. */
export function refuse(field: (string | number)[], type: string, message: string, input?: unknown): ModelAnswer {
	return {
		ok: false,
		detail: [{ loc: ['body', ...field], msg: message, type, ...(input === undefined ? {} : { input }) }],
	};
}

/** fal's validation list for what zod found wrong with a model's input. */
export function detailOf(error: z.ZodError, input: unknown): ValidationDetail[] {
	return error.issues.map((issue) => {
		const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
		const given = path.reduce<unknown>(valueAt, input);
		const isMissing = given === undefined;
		return {
			loc: ['body', ...path],
			msg: isMissing ? 'Field required' : issue.message,
			type: isMissing ? 'missing' : issue.code === 'invalid_value' ? 'literal_error' : issue.code,
			...(isMissing ? {} : { input: given }),
		};
	});
}

function valueAt(value: unknown, part: string | number): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
}
