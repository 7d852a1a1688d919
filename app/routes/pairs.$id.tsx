import { redirect, type ActionFunctionArgs, type LinksFunction, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { data, Link, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';

import { apiFor, turnedAway } from '../api';
import { ButtonLink } from '../components/button';
import { Chip } from '../components/chip';
import { EmptyState } from '../components/empty-state';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Toast } from '../components/toast';
import { KEPT_NOUNS } from '../pairs/kept-nouns';
import { KeptSection } from '../pairs/kept-section';
import { RenderHeading } from '../render/render-heading';
import { MayPublish } from '../share/may-publish';
import { readOutside } from '../share/read-outside';
import { Sharing } from '../share/sharing';
import { sharingAction } from '../share/sharing-action';
import { shareStyles } from '../share/styles';
import { refusalHere } from '../smile/refusal-here';
import { requireSmileTool } from '../smile/require-smile-tool';
import { PAIR } from '../smile/smile-row';
import { smileStyles } from '../smile/styles';
import { titled } from '../title';

export const meta = titled('A real pair');
export const links: LinksFunction = () => [...smileStyles(), ...shareStyles()];

const Wish = z.object({ intent: z.literal('delete-asset'), assetId: z.string(), noun: z.enum(KEPT_NOUNS) });

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	requireSmileTool(context);
	const api = apiFor(context, request);
	const answer = await api.v1.renders[':id'].view.$get({ param: { id: params['id'] ?? '' } });
	if (!answer.ok) throw await turnedAway(answer, request);
	const view = await answer.json();
	if (view.render.tool !== PAIR) throw redirect(`/smiles/${view.render.id}`);
	return { ...view, outside: await readOutside(api, view.render.id) };
}

export async function action({ request, context }: ActionFunctionArgs) {
	requireSmileTool(context);
	const form = await request.formData();
	const shared = await sharingAction(context, request, form);
	if (shared !== null) return shared;
	const wish = Wish.safeParse(Object.fromEntries(form));
	if (!wish.success) {
		return data({ done: null, receiptId: null, refusal: 'This button is not known here. Load the page again.' }, 400);
	}
	const { assetId, noun } = wish.data;
	const answer = await apiFor(context, request).v1.assets[':id'].$delete({ param: { id: assetId } });
	if (!answer.ok) {
		const { message } = await refusalHere(answer, request);
		return data({ done: null, receiptId: null, refusal: message }, answer.status);
	}
	const done = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} deleted.`;
	return data({ done, receiptId: (await answer.json()).receiptId, refusal: null }, 200);
}

/** A genuine pair: two photographs, as somebody attested, with what was made of them and where that may be shown. */
export default function PairPage() {
	const view = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { render, assets, outside } = view;
	const [first] = assets;
	return (
		<Page>
			{answer?.refusal != null && (
				<Notice kind="stop" title="Nothing was changed" isAlert>
					{answer.refusal}
				</Notice>
			)}
			<RenderHeading
				render={render}
				title="A before and a real after"
				action={<Chip state="kept">Real pair, attested</Chip>}
			/>
			{first === undefined && <NothingKept hasGone={render.assets.length > 0} />}
			<div className="ready-cols">
				<div className="ready-main">
					<KeptSection view={view} />
				</div>
				{first !== undefined && (
					<aside className="render-side">
						<MayPublish asset={first} />
					</aside>
				)}
			</div>
			<Sharing view={view} outside={outside} />
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

function NothingKept({ hasGone }: { hasGone: boolean }) {
	return (
		<EmptyState
			title={hasGone ? 'Everything of this pair is deleted' : 'Nothing of this pair was kept'}
			action={
				<ButtonLink to="/pairs/new" reloadDocument>
					Align the pair again
				</ButtonLink>
			}
		>
			The two photos never left the device they were aligned on. Whoever has them can align and save the pair again.
		</EmptyState>
	);
}
