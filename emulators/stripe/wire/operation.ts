import { z } from 'zod';
import { answerList, type ListQuery, listParams } from './answer-list';
import type { FormRecord } from './form-body';
import { parseParams } from './params';

/** One call of the API. */
export interface Operation {
	readonly method: 'GET' | 'POST' | 'DELETE';
	/** As Hono has it: `/v1/customers/:id`. */
	readonly path: string;
	/** The answer, or a `StripeRefusal` thrown. `id` is the path's. */
	run(params: FormRecord, id: string): object;
}

/** A call with these parameters; any other parameter is refused. */
export function operation<Shape extends z.core.$ZodShape>(
	method: Operation['method'],
	path: string,
	shape: Shape,
	run: (params: z.output<z.ZodObject<Shape, z.core.$strict>>, id: string) => object,
): Operation {
	const schema = z.strictObject(shape);
	return { method, path, run: (params, id) => run(parseParams(schema, params), id) };
}

/** A list: `find` answers what the filters leave, the newest first. */
export function listOperation<Shape extends z.core.$ZodShape>(
	path: string,
	filters: Shape,
	find: (filters: z.output<z.ZodObject<Shape, z.core.$strict>>, id: string) => readonly { id: string }[],
): Operation {
	const paging = z.object(listParams);
	const pagingNames = Object.keys(listParams);
	const schema = z.strictObject(filters);
	return {
		method: 'GET',
		path,
		run(params, id) {
			const query: ListQuery = parseParams(paging, params);
			const rest = Object.fromEntries(Object.entries(params).filter(([name]) => !pagingNames.includes(name)));
			return answerList(find(parseParams(schema, rest), id), query, path.replace(':id', id));
		},
	};
}

/** Whether an object passes filters that are absent or equal: `matches({customer}, object)`. */
export function matches<T extends object>(filters: { [Key in keyof T]?: T[Key] | undefined }, object: T): boolean {
	const fields = new Map(Object.entries(object));
	return Object.entries(filters).every(([name, wanted]) => wanted === undefined || fields.get(name) === wanted);
}
