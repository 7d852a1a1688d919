import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useActionData, useLoaderData } from '@remix-run/react';
import { Plus } from 'lucide-react';

import { apiFor, refusalOrAway, turnedAway } from '../api';
import { ButtonLink } from '../components/button';
import { EmptyState } from '../components/empty-state';
import { Notice } from '../components/notice';
import { Toast } from '../components/toast';
import { errorsOfParse, textOf } from '../form';
import { CurlExample } from '../practice/curl-example';
import { KeyRows } from '../practice/key-rows';
import { PartFailure } from '../practice/part-failure';
import { requireApiKeys } from '../practice/require-api-keys';
import { ReasonForm } from '../practice/team-form';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('API keys');
export const ErrorBoundary = PartFailure;

interface Answered {
	readonly done?: string;
	readonly refused?: string | undefined;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireApiKeys(context);
	const answer = await apiFor(context, request).v1.keys.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	const { items, liveMax } = await answer.json();
	return {
		live: items.filter(({ state }) => state === 'live'),
		over: items.filter(({ state }) => state !== 'live'),
		liveMax,
		origin: new URL(request.url).origin,
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const order = ReasonForm.safeParse({ reason: textOf(form, 'reason') });
	if (!order.success) return data<Answered>({ refused: errorsOfParse(order.error).reason }, 400);
	const param = { id: textOf(form, 'id') };
	const answer = await apiFor(context, request).v1.keys[':id'].$delete({ param, json: order.data });
	if (answer.ok) return data<Answered>({ done: 'Key revoked. Its next request is refused.' });
	return data<Answered>({ refused: (await refusalOrAway(answer, request)).message }, answer.status);
}

export default function Keys() {
	const { live, over, liveMax, origin } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { tenancy } = useStudio();
	const makeOne = (
		<ButtonLink to="/practice/keys/new" look="main">
			<Plus size={18} strokeWidth={1.75} aria-hidden="true" />
			New key
		</ButtonLink>
	);
	return (
		<>
			<section className="part">
				{answer?.refused !== undefined && <Notice kind="stop" title={answer.refused} isAlert />}
				{live.length === 0 ? (
					<>
						<EmptyState title="No key works at the moment" hasGhosts={false} action={makeOne}>
							A key lets a program of yours act in this {tenancy.word}, with no more than you allow it and your role
							allows you.
						</EmptyState>
						<CurlExample origin={origin} label="With a key, this asks for the credits:" />
					</>
				) : (
					<>
						<div className="row spread">
							<h2>
								{live.length} of {liveMax} keys
							</h2>
							{makeOne}
						</div>
						<KeyRows keys={live} />
						<p className="small muted">
							A key does what its maker’s role allows at that moment, and ends when they leave.{' '}
							<a href="/docs">The API</a>
						</p>
					</>
				)}
			</section>
			{over.length > 0 && (
				<section className="part">
					<h2>Ended</h2>
					<KeyRows keys={over} />
				</section>
			)}
			{answer?.done !== undefined && <Toast key={live.length}>{answer.done}</Toast>}
		</>
	);
}
