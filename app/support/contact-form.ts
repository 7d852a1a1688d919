import { z } from 'zod';

import { SUBJECT_LENGTH_MAX, WORDS_LENGTH_MAX } from './message-limits';

const words = z
	.string()
	.trim()
	.min(1, 'Write what it is about.')
	// A form's line breaks are two characters, which are one here.
	.transform((text) => text.replaceAll('\r\n', '\n'))
	.pipe(z.string().max(WORDS_LENGTH_MAX, `A message has ${WORDS_LENGTH_MAX.toLocaleString('en')} characters at most.`));

export const Message = z.object({
	subject: z
		.string()
		.trim()
		.min(1, 'Say in a few words what it is about.')
		.max(SUBJECT_LENGTH_MAX, `A subject has ${SUBJECT_LENGTH_MAX} characters at most.`),
	words,
});

export const MessageWithAddress = Message.extend({
	email: z
		.string()
		.trim()
		.min(1, 'Where should the answer go? Type your e-mail address.')
		.pipe(z.email('This is no e-mail address. Type one that you read.')),
});

export const Answer = z.object({ words });
