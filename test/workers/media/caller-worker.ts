/** Stands where the api Worker stands: it holds no bucket, only a binding to the media Worker's entrypoint. */
interface Bindings {
	OBJECTS: { head: (objectKey: string) => Promise<unknown> };
}

export default {
	async fetch(request: Request, env: Bindings): Promise<Response> {
		return Response.json(await env.OBJECTS.head(new URL(request.url).searchParams.get('key') ?? ''));
	},
};
