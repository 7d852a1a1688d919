import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { data, Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { CircleDashed, Loader, TriangleAlert } from 'lucide-react';
import { z } from 'zod';

import { LIMITS, toolOf } from '../../studios/studio';
import { apiFor, isSignedOut, refusalOf, turnedAway, type Refusal } from '../api';
import { Button } from '../components/button';
import { EmptyState } from '../components/empty-state';
import { TextField } from '../components/field';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { isPriceChange, PriceChangeNotice, ShortNotice, shortOf } from '../credits/order-notices';
import { keyAfter, newOrderKey, orderKeyOr } from '../order-key';
import { promptWords } from '../render/prompt-words';
import { useShell, useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Pictures');

const TOOL = 'image.generate';
const PICTURES_A_PAGE = 24;

export async function loader({ request, context }: LoaderFunctionArgs) {
	if (context.studio !== 'image') throw new Response(null, { status: 404 });
	const cursor = new URL(request.url).searchParams.get('cursor');
	const answer = await apiFor(context, request).v1.renders.$get({
		query: { limit: String(PICTURES_A_PAGE), ...(cursor === null ? {} : { cursor }) },
	});
	if (!answer.ok) throw await turnedAway(answer, request);
	const { items, nextCursor } = await answer.json();
	return {
		nextCursor,
		// Made with the form, so that sending it twice, from two taps or a reload, orders one picture.
		orderKey: newOrderKey(),
		pictures: items.map(({ id, state, input, pictureUrl }) => ({ id, state, pictureUrl, prompt: promptWords(input) })),
	};
}

const Order = z.object({
	orderKey: z.uuid(),
	/** The price that was shown: nothing is ordered at a higher one. */
	creditsMax: z.coerce.number().int().min(1),
	prompt: z
		.string()
		.trim()
		.min(1, 'Write what you want to see.')
		.max(LIMITS.promptLengthMax, `This is too long. ${LIMITS.promptLengthMax} characters are the most.`),
});

interface Refused {
	/** For the next try. */
	readonly orderKey: string;
	readonly prompt: string;
	readonly field?: string | undefined;
	readonly refusal?: Refusal | undefined;
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const prompt = form.get('prompt');
	const refused = (why: Omit<Refused, 'prompt'>, status: number) =>
		data<Refused>({ ...why, prompt: typeof prompt === 'string' ? prompt : '' }, status);

	const order = Order.safeParse(Object.fromEntries(form));
	if (!order.success) {
		const { fieldErrors } = z.flattenError(order.error);
		const orderKey = orderKeyOr(form.get('orderKey'));
		return refused(
			{
				orderKey,
				field: fieldErrors.prompt?.[0],
				...(fieldErrors.orderKey === undefined && fieldErrors.creditsMax === undefined ? {} : { refusal: INCOMPLETE }),
			},
			400,
		);
	}
	const answer = await apiFor(context, request).v1.renders.$post({
		header: { 'idempotency-key': order.data.orderKey },
		json: { tool: TOOL, input: { prompt: order.data.prompt }, creditsMax: order.data.creditsMax },
	});
	if (isSignedOut(answer)) throw await turnedAway(answer, request);
	if (!answer.ok) {
		const refusal = await refusalOf(answer);
		return refused({ orderKey: keyAfter(refusal.code, order.data.orderKey), refusal }, answer.status);
	}
	return redirect(`/pictures/${(await answer.json()).id}`);
}

const INCOMPLETE: Refusal = { code: 'invalid_input', message: 'The form came incomplete. Send it again.' };

export default function Pictures() {
	const { pictures, nextCursor, orderKey } = useLoaderData<typeof loader>();
	return (
		<Page>
			<h1>Pictures</h1>
			<Ask orderKey={orderKey} />
			<section className="part">
				<h2>Yours</h2>
				{pictures.length === 0 ? (
					<EmptyState title="No pictures yet">Write what you want to see. It takes about twenty seconds.</EmptyState>
				) : (
					<ul className="gallery">
						{pictures.map((picture) => (
							<li key={picture.id}>
								<Link to={`/pictures/${picture.id}`} prefetch="intent">
									<span className="frame">
										<Frame state={picture.state} url={picture.pictureUrl} />
									</span>
									<span className="words small soft">{picture.prompt}</span>
								</Link>
							</li>
						))}
					</ul>
				)}
				{nextCursor !== null && (
					<Link className="tap" to={`/pictures?cursor=${encodeURIComponent(nextCursor)}`}>
						Older pictures
					</Link>
				)}
			</section>
		</Page>
	);
}

function Ask({ orderKey }: { orderKey: string }) {
	const studio = useStudio();
	const { session } = useShell();
	const refused = useActionData<typeof action>();
	// After a refusal the loader does not run again, so its key may be the one that was used up.
	const key = refused?.orderKey ?? orderKey;
	const isPending = useNavigation().formAction?.startsWith('/pictures') === true;
	const refusal = refused?.refusal ?? null;
	// Then buying is the thing to do.
	const isShort = shortOf(null, null, refusal) !== null;
	// What the api says it costs now is newer than what this page was built with.
	const price = refusal?.details?.credits ?? toolOf(studio, TOOL)?.credits;
	return (
		<Form method="post" action="/pictures?index" className="ask">
			<input key={key} type="hidden" name="orderKey" value={key} />
			{price !== undefined && <input key={price} type="hidden" name="creditsMax" value={price} />}
			<OrderRefusal refusal={refusal} />
			<TextField
				label="What do you want to see?"
				name="prompt"
				required
				maxLength={LIMITS.promptLengthMax}
				rows={4}
				hint="Say what, where, in which light, in which style."
				defaultValue={refused?.prompt}
				error={refused?.field}
			/>
			<div className="row">
				<Button look={isShort ? 'line' : 'main'} big fill isPending={isPending} pendingLabel="Ordering…">
					Make the picture
				</Button>
				{price !== undefined && (
					<p className="small muted">
						{price} credits{session.signedIn ? `, you have ${session.credits.available}` : ''}
					</p>
				)}
			</div>
		</Form>
	);
}

function OrderRefusal({ refusal }: { refusal: Refusal | null }) {
	const short = shortOf(null, null, refusal);
	if (refusal === null) return null;
	if (isPriceChange(refusal)) return <PriceChangeNotice refusal={refusal} what="the picture" />;
	if (short !== null) {
		return (
			<ShortNotice {...short} what="a picture">
				Your words are still here.
			</ShortNotice>
		);
	}
	return (
		<Notice kind="stop" title={refusal.message} isAlert>
			Nothing was charged. Your words are still here.
		</Notice>
	);
}

function Frame({ state, url }: { state: string; url: string | null }) {
	if (url !== null) return <img src={url} alt="" width={512} height={512} loading="lazy" />;
	if (state === 'queued' || state === 'running') {
		return (
			<span className="chip hand">
				<Loader size={15} strokeWidth={1.75} aria-hidden="true" />
				being made
			</span>
		);
	}
	if (state === 'succeeded') {
		return (
			<span className="chip">
				<CircleDashed size={15} strokeWidth={1.75} aria-hidden="true" />
				deleted
			</span>
		);
	}
	return (
		<span className="chip stop">
			<TriangleAlert size={15} strokeWidth={1.75} aria-hidden="true" />
			not made
		</span>
	);
}
