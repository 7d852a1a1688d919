import { z } from 'zod';

import { isScope, KEY_NAME_LENGTH_MAX } from './key-choices';

/** Apart from the choices, so that the page which offers them does not bring zod to the browser. */
export const KeyForm = z.object({
	name: z
		.string()
		.trim()
		.min(1, 'Give the key a name, such as the program that will use it.')
		.max(KEY_NAME_LENGTH_MAX, `A name has ${KEY_NAME_LENGTH_MAX} characters at most.`),
	scopes: z
		.array(z.string())
		.transform((names) => names.filter(isScope))
		.refine((scopes) => scopes.length > 0, 'Choose at least one thing that the key may do.'),
	days: z.number(),
});
