import type { ZodType } from 'zod';

import { Refusal } from './contract';

/** What every route may answer besides its own: one shape for all refusals (design §4). */
const REFUSED = {
	default: { description: 'Refused, with a sentence', content: { 'application/json': { schema: Refusal } } },
} as const;

export function answers<const Status extends number, Schema extends ZodType>(
	status: Status,
	schema: Schema,
	description: string,
): Answers<Status, Schema> {
	const own = { [status]: { description, content: { 'application/json': { schema } } } };
	// TypeScript widens a computed key to `number`; it is exactly `status`. Refusals are thrown, so handlers do not return them.
	return { ...REFUSED, ...own } as unknown as Answers<Status, Schema>;
}

type Answers<Status extends number, Schema extends ZodType> = {
	[Key in Status]: { description: string; content: { 'application/json': { schema: Schema } } };
};

export function takes<Schema extends ZodType>(schema: Schema) {
	return { body: { required: true, content: { 'application/json': { schema } } } } as const;
}
