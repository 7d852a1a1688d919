import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';

const Checkbox = z
	.enum(['on', 'true', ''])
	.default('')
	.transform((value) => value !== '');

const Email = z.email('Write an e-mail address, such as ada@practice.test.').max(254);

/**
 * What the consent page posts, whichever the provider. Checkboxes are `on` or absent. A test without a browser posts the same
 * to the authorize address with its query: `email` and `name` are enough, with `email_verified=on` for a verified address.
 */
export const ConsentForm = z.object({
	decision: z.enum(['continue', 'cancel']).default('continue'),
	name: z.string().trim().max(200).default(''),
	email: Email,
	email_verified: Checkbox,
	/** Google: the Workspace domain, for the claim `hd`. */
	hd: z.string().trim().max(253).default(''),
	/** Apple: "Hide My Email". */
	hide_email: Checkbox,
	/** GitHub: show the address on the public profile; without it `email` of `/user` is null. */
	public_email: Checkbox,
	/** GitHub: further addresses, one a line, each followed by ` unverified` where it is not verified. */
	other_emails: z.string().max(4000).default(''),
});
export type ConsentForm = z.output<typeof ConsentForm>;

/** Somebody as the consent page described them. */
export type Person = Omit<ConsentForm, 'decision'>;

/** A number of so many decimal digits that is always the same for the same words. */
export function stableDigits(words: string, count: number): string {
	const number = BigInt(`0x${createHash('sha256').update(words).digest('hex')}`);
	return `1${number
		.toString()
		.slice(0, count - 1)
		.padEnd(count - 1, '0')}`;
}

/** Pictures of people, drawn here so that no page that shows them asks another machine. Below the provider's path. */
export function pictureRoutes(): Hono {
	return new Hono().get('/:id', (c) => {
		const hue = Number(stableDigits(c.req.param('id'), 4)) % 360;
		const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96"><rect width="96" height="96" fill="hsl(${hue} 45% 40%)"/><circle cx="48" cy="38" r="16" fill="#fff"/><path d="M16 90a32 32 0 0 1 64 0z" fill="#fff"/></svg>`;
		return c.body(svg, 200, { 'content-type': 'image/svg+xml' });
	});
}
