import { z } from '@hono/zod-openapi';

import { AppError } from '../core/errors';

// zod's own words are for programmers; a sentence that a schema brings goes before these.
z.config({ customError: sentenceOf });

const NOT_ASKED_FOR = 'This is not what was asked for.';

const KINDS: Readonly<Record<string, string>> = {
	string: 'text',
	number: 'a number',
	int: 'a whole number',
	boolean: 'true or false',
	array: 'a list',
	object: 'an object',
	record: 'an object',
};

function sentenceOf(issue: z.core.$ZodRawIssue): string {
	switch (issue.code) {
		case 'invalid_type':
			if (issue.input === undefined) return 'This is missing. Send it.';
			return `This has to be ${KINDS[issue.expected] ?? issue.expected}.`;
		case 'invalid_value':
			return `This has to be ${issue.values?.map(String).join(', or ') ?? 'another value'}.`;
		case 'too_small':
			return `This is too small. It has to be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}.`;
		case 'too_big':
			return `This is too large. It has to be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}.`;
		case 'invalid_format':
			return issue.format === 'datetime'
				? 'Write the time in UTC, such as 2026-11-21T09:00:00Z.'
				: 'This is not in the form that is asked for.';
		case 'unrecognized_keys':
			return `Nothing is known by the name ${issue.keys.join(', ')}. Leave it out.`;
		case 'invalid_key':
		case 'invalid_element':
		case 'invalid_union':
		case 'not_multiple_of':
		case 'custom':
			return NOT_ASKED_FOR;
	}
}

/** What does not parse is refused by the first sentence that says why, with the fields named. */
export function refuseInvalid(result: { success: true } | { success: false; error: z.ZodError }): void {
	if (result.success) return;
	const [first] = result.error.issues;
	const fields = [...new Set(result.error.issues.map((issue) => issue.path.join('.')))].filter((field) => field !== '');
	const where = fields[0] === undefined ? '' : `${fields[0]}: `;
	throw new AppError('invalid_input', `${where}${first?.message ?? NOT_ASKED_FOR}`, {
		details: { fields },
	});
}
