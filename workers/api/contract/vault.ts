import { z } from '@hono/zod-openapi';

const whole = z.int().min(0);
/** Keys of the vault are listed by a cursor of R2's, which may be long. */
const cursor = z.string().max(2_000).nullable();

export const WalkOrder = z.object({
	cursor: cursor.openapi({ description: 'Where the last answer stopped; null to begin.' }),
});

export const RotationAnswer = z.object({
	looked: whole,
	rewrapped: whole,
	unknown: whole.openapi({ description: 'Under a secret that is not configured.' }),
	cursor,
});

export const ReplayAnswer = z.object({ looked: whole, begun: whole, refused: whole, cursor });

export const SealingAnswer = z.object({ sealed: whole, left: whole });
