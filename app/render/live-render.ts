import * as z from 'zod/mini';

const Stage = z.object({
	id: z.string(),
	title: z.string(),
	doing: z.string(),
	state: z.enum(['to_do', 'doing', 'done', 'failed']),
	tries: z.number(),
	startedAt: z.nullable(z.string()),
	finishedAt: z.nullable(z.string()),
	expectedSeconds: z.number(),
});

/** What moves while a render is under way; an event carries more, and a page needs no more. */
const LiveRender = z.object({
	state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired']),
	stage: z.nullable(z.string()),
	progress: z.number(),
	stages: z.array(Stage),
});
export type LiveRender = z.infer<typeof LiveRender>;

/** An event's data; `null` for what is not a render, which is then passed over. */
export function liveRenderOf(data: unknown): LiveRender | null {
	if (typeof data !== 'string') return null;
	try {
		const parsed = LiveRender.safeParse(JSON.parse(data));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}
