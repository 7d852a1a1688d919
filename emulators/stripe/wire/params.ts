import { z } from 'zod';
import { invalid, type StripeRefusal } from './errors';
import type { FormRecord } from './form-body';

/** Building blocks of parameters: every leaf arrives as a string. */
export const int = z
	.string()
	.regex(/^-?\d{1,15}$/, { error: ({ input }) => `Invalid integer: ${String(input)}` })
	.transform(Number);

export const bool = z
	.enum(['true', 'false'], { error: ({ input }) => `Invalid boolean: ${String(input)}` })
	.transform((value) => value === 'true');

export const text = z
	.string()
	.min(1, 'You passed an empty string. We assume empty values are an attempt to unset it.')
	.max(5000);

/** An empty string clears the field. */
export function clearable<Schema extends z.ZodType>(schema: Schema) {
	return z.union([z.literal('').transform(() => null), schema]);
}

const METADATA_KEYS_MAX = 50;

/** Names of digits alone look like a list on the wire. An empty value takes the name away. */
export const metadata = z
	.preprocess(
		(value) => (Array.isArray(value) ? Object.fromEntries(value.entries()) : value === '' ? {} : value),
		z.record(z.string().max(40), z.string().max(500)),
	)
	.refine((record) => Object.keys(record).length <= METADATA_KEYS_MAX, 'You can have up to 50 metadata keys.');

export const currency = z
	.string()
	.regex(/^[a-z]{3}$/i, 'Invalid currency')
	.transform((value) => value.toLowerCase());

export const address = z.strictObject({
	city: z.string().optional(),
	country: z.string().max(2).optional(),
	line1: z.string().optional(),
	line2: z.string().optional(),
	postal_code: z.string().optional(),
	state: z.string().optional(),
});

/** `created=n` or `created[gte]=n` and so on. */
export const range = z.union([
	int.transform((value) => ({ gte: value, lte: value })),
	z.strictObject({ gt: int.optional(), gte: int.optional(), lt: int.optional(), lte: int.optional() }),
]);
export type Range = z.output<typeof range>;

/** What was there, with the new values over it; an empty value removes its name. */
export function mergeMetadata(
	before: Record<string, string>,
	change: Record<string, string> = {},
): Record<string, string> {
	return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ''));
}

/** The parameters as `schema` has them, or Stripe's refusal of the first that is wrong. */
export function parseParams<Output>(schema: z.ZodType<Output>, params: FormRecord): Output {
	const parsed = schema.safeParse(params);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw issue ? refusalOf(issue, params) : invalid('The parameters cannot be read.');
}

function refusalOf(issue: z.core.$ZodIssue, params: FormRecord): StripeRefusal {
	const path = issue.path.map(String);
	if (issue.code === 'unrecognized_keys') {
		const param = bracketed([...path, issue.keys[0] ?? '']);
		return invalid(`Received unknown parameter: ${param}`, { param, code: 'parameter_unknown' });
	}
	const [inner] =
		issue.code === 'invalid_union' ? issue.errors.flat().filter((one) => one.code !== 'invalid_value') : [];
	if (inner) return refusalOf({ ...inner, path: [...issue.path, ...inner.path] }, params);
	const param = bracketed(path);
	const given = valueAt(params, path);
	if (given === undefined) return invalid(`Missing required param: ${param}.`, { param, code: 'parameter_missing' });
	if (given === '')
		return invalid(`You passed an empty string for '${param}'.`, { param, code: 'parameter_invalid_empty' });
	if (issue.code !== 'invalid_value') return invalid(issue.message, { param, ...codeOf(issue.message) });
	const allowed = issue.values.map(String);
	return invalid(`Invalid ${param}: must be one of ${allowed.join(', ')}`, { param });
}

function codeOf(message: string): { code?: string } {
	return message.startsWith('Invalid integer') ? { code: 'parameter_invalid_integer' } : {};
}

function bracketed([root = '', ...rest]: readonly string[]): string {
	return root + rest.map((name) => `[${name}]`).join('');
}

function valueAt(value: unknown, [head, ...rest]: readonly string[]): unknown {
	if (head === undefined) return value;
	const entry = z.record(z.string(), z.unknown()).or(z.array(z.unknown())).safeParse(value);
	if (!entry.success) return value;
	return valueAt(Object.entries(entry.data).find(([name]) => name === head)?.[1], rest);
}
