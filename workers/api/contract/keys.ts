import { z } from '@hono/zod-openapi';

import { SCOPES } from '../../../studios/roles';
import { KEY_DAYS_DEFAULT, KEY_DAYS_MAX, LIVE_KEYS_MAX } from '../../core/keys/make-key';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const scope = z.enum(SCOPES);

export const KeyOrder = z
	.object({
		name: z
			.string()
			.trim()
			.min(1, 'Give the key a name, such as the program that will use it.')
			.max(60, 'A name has 60 characters at most.'),
		scopes: z.array(scope).min(1, 'Choose at least one thing that the key may do.').max(SCOPES.length),
		expiresInDays: z
			.number()
			.int()
			.min(1, 'A key runs for at least 1 day.')
			.max(KEY_DAYS_MAX, `A key runs for ${KEY_DAYS_MAX} days at most.`)
			.default(KEY_DAYS_DEFAULT),
	})
	.openapi('KeyOrder');

export const MadeKeyAnswer = z
	.object({
		id: z.string(),
		name: z.string(),
		ending: z.string().openapi({ description: 'The key’s last four characters, to tell keys apart.' }),
		scopes: z.array(scope),
		createdAt: time,
		expiresAt: time,
		key: z.string().openapi({ description: 'The key itself. It is shown here once and is not kept.' }),
	})
	.openapi('MadeKey');

export const KeyList = z
	.object({
		items: z.array(
			z.object({
				id: z.string(),
				name: z.string(),
				ending: z.string(),
				scopes: z.array(scope),
				dormantScopes: z.array(scope).openapi({
					description: 'Those of its scopes that its maker’s role does not include any more.',
				}),
				state: z.enum(['live', 'expired', 'revoked', 'maker_left']),
				maker: z.object({ id: z.string(), name: z.string() }),
				createdAt: time,
				expiresAt: time,
				lastUsedAt: time.nullable().openapi({ description: 'To the hour.' }),
				revokedAt: time.nullable(),
			}),
		),
		liveMax: z.literal(LIVE_KEYS_MAX),
	})
	.openapi('KeyList');

export const RevokedKey = z.object({ id: z.string(), revokedAt: time }).openapi('RevokedKey');
