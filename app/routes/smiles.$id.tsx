import { redirect, type ActionFunctionArgs, type LinksFunction, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { data, Link, useActionData, useLoaderData } from '@remix-run/react';
import { lazy, Suspense } from 'react';
import { z } from 'zod';

import { apiFor, turnedAway } from '../api';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Toast } from '../components/toast';
import { KEPT_NOUNS } from '../pairs/kept-nouns';
import type { RenderView } from '../render/answers';
import type { Outside } from '../share/answers';
import { readOutside } from '../share/read-outside';
import { sharingAction } from '../share/sharing-action';
import { shareStyles } from '../share/styles';
import { refusalHere } from '../smile/refusal-here';
import { requireSmileTool } from '../smile/require-smile-tool';
import { PAIR } from '../smile/smile-row';
import { smileStyles } from '../smile/styles';
import { titled } from '../title';

export const meta = titled('A smile');
export const links: LinksFunction = () => [...smileStyles(), ...shareStyles()];

/* A page shows one of three, and loads that one; until it is there, what the server wrote stands and its forms post as without script. */
const MakingView = lazy(async () => ({ default: (await import('../render/making-view')).MakingView }));
const FinishedView = lazy(async () => ({ default: (await import('../render/finished-view')).FinishedView }));
const EndedView = lazy(async () => ({ default: (await import('../render/ended-view')).EndedView }));

const DELETED_NOUNS = ['video', 'after picture', ...KEPT_NOUNS] as const;

const Wish = z.discriminatedUnion('intent', [
	z.object({ intent: z.literal('cancel') }),
	z.object({ intent: z.literal('delete-photo'), uploadId: z.string() }),
	z.object({ intent: z.literal('delete-asset'), assetId: z.string(), noun: z.enum(DELETED_NOUNS) }),
]);

/** With what left of it, once there is something; null where that cannot be read now. */
type SmileView = RenderView & { readonly outside?: Outside | null };

export async function loader({ request, context, params }: LoaderFunctionArgs): Promise<SmileView> {
	requireSmileTool(context);
	const api = apiFor(context, request);
	const answer = await api.v1.renders[':id'].view.$get({ param: { id: params['id'] ?? '' } });
	if (!answer.ok) throw await turnedAway(answer, request);
	const view = await answer.json();
	if (view.render.tool === PAIR) throw redirect(`/pairs/${view.render.id}`);
	return view.render.state === 'succeeded' ? { ...view, outside: await readOutside(api, view.render.id) } : view;
}

export async function action({ request, context, params }: ActionFunctionArgs) {
	requireSmileTool(context);
	const form = await request.formData();
	const shared = await sharingAction(context, request, form);
	if (shared !== null) return shared;
	const wish = Wish.safeParse(Object.fromEntries(form));
	if (!wish.success) {
		return data({ done: null, receiptId: null, refusal: 'This button is not known here. Load the page again.' }, 400);
	}
	const api = apiFor(context, request);
	const id = params['id'] ?? '';
	switch (wish.data.intent) {
		case 'cancel': {
			const answer = await api.v1.renders[':id'].cancel.$post({ param: { id } });
			return answer.ok ? done('Cancelled. The credits are back.', null) : refuse(answer, request);
		}
		case 'delete-photo': {
			const answer = await api.v1.uploads[':id'].$delete({ param: { id: wish.data.uploadId } });
			return answer.ok ? done('The photo is being deleted.', (await answer.json()).receiptId) : refuse(answer, request);
		}
		case 'delete-asset': {
			const { assetId, noun } = wish.data;
			const answer = await api.v1.assets[':id'].$delete({ param: { id: assetId } });
			const sentence = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} deleted.`;
			return answer.ok ? done(sentence, (await answer.json()).receiptId) : refuse(answer, request);
		}
	}
}

function done(sentence: string, receiptId: string | null) {
	return data({ done: sentence, receiptId, refusal: null }, 200);
}

async function refuse(answer: { status: number; json(): Promise<unknown> }, request: Request) {
	const { message } = await refusalHere(answer, request);
	return data({ done: null, receiptId: null, refusal: message }, answer.status);
}

export default function SmilePage() {
	const view = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	return (
		<Page>
			{answer?.refusal != null && (
				<Notice kind="stop" title="Nothing was changed" isAlert>
					{answer.refusal}
				</Notice>
			)}
			<Suspense fallback={null}>
				<StateView view={view} outside={view.outside ?? null} />
			</Suspense>
			{answer?.done != null && (
				<Toast
					key={`${answer.done} ${answer.receiptId}`}
					action={answer.receiptId === null ? undefined : <Link to={`/receipts/${answer.receiptId}`}>Receipt</Link>}
				>
					{answer.done}
				</Toast>
			)}
		</Page>
	);
}

function StateView({ view, outside }: { view: RenderView; outside: Outside | null }) {
	const { state } = view.render;
	switch (state) {
		case 'queued':
		case 'running':
			return <MakingView key={view.render.id} view={view} />;
		case 'succeeded':
			return <FinishedView view={view} outside={outside} />;
		case 'failed':
		case 'cancelled':
		case 'expired':
			return <EndedView view={view} state={state} />;
	}
}
