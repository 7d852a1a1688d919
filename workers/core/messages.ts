import { z } from 'zod';

/**
 * What travels on the work queue: one fact a message, ids only. A message is a hint; the rows are the truth,
 * so the consumer reads them again, and the sweep tells what a lost message would have told.
 */
export const WorkMessage = z.discriminatedUnion('type', [
	z.object({ type: z.literal('render.advance'), renderId: z.string() }),
	z.object({ type: z.literal('attempt.notified'), attemptId: z.string() }),
	z.object({ type: z.literal('render.forget'), renderId: z.string() }),
	z.object({ type: z.literal('asset.delete'), assetId: z.string() }),
	z.object({ type: z.literal('upload.delete'), uploadId: z.string() }),
	z.object({ type: z.literal('mail.send'), mailId: z.string() }),
	z.object({ type: z.literal('mail.event'), eventId: z.string() }),
	z.object({ type: z.literal('erasure.advance'), erasureId: z.string() }),
	z.object({ type: z.literal('consent.revoked'), consentId: z.string() }),
	z.object({ type: z.literal('stripe.event'), eventId: z.string() }),
	z.object({ type: z.literal('conversion.send'), conversionId: z.string() }),
	/** `after`: the payment up to which money that came back has been compared; a message without it begins anew. */
	z.object({ type: z.literal('reconcile.day'), run: z.string(), day: z.string(), after: z.string().optional() }),
	z.object({ type: z.literal('reconcile.close'), run: z.string() }),
	/** Somebody asked for a copy of everything about them. */
	z.object({ type: z.literal('export.build'), exportId: z.string() }),
]);
export type WorkMessage = z.infer<typeof WorkMessage>;

/** Tells the queue; the caller's rows are already committed when it is called. */
export interface WorkQueue {
	send(message: WorkMessage, options?: { delaySeconds?: number }): Promise<void>;
}
