import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { data, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { z } from 'zod';

import { treatmentOf, type Treatment } from '../../studios/treatments';
import type { QuoteAnswer } from '../../workers/api/contract';
import { apiFor, turnedAway, type Refusal } from '../api';
import { ActionBar } from '../components/action-bar';
import { Button, ButtonLink } from '../components/button';
import { Page } from '../components/page';
import { isPriceChange } from '../credits/order-notices';
import { keyAfter, newOrderKey } from '../order-key';
import { useHydrated } from '../hydrated';
import { GoneFrame } from '../render/gone-frame';
import { useFreshMedia } from '../render/use-fresh-media';
import { useShell } from '../shell';
import { orderFormOf, type OrderForm } from '../smile/order-form';
import { refusalHere } from '../smile/refusal-here';
import { requireSmileTool } from '../smile/require-smile-tool';
import { lighterOr } from '../smile/shade-choice';
import { ShadeForm } from '../smile/shade-form';
import { ShadePreviewPane } from '../smile/shade-preview';
import { inputOf, wishOf, type ShadeWish } from '../smile/shade-wish';
import { smileStyles } from '../smile/styles';
import { useShadePreview } from '../smile/use-shade-preview';
import { WizardSteps, wizardPaths } from '../smile/wizard-steps';
import { titled } from '../title';

export const meta = titled('Treatment and shade, new smile');
export const links = smileStyles;

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireSmileTool(context);
	const search = new URL(request.url).searchParams;
	const id = search.get('upload');
	if (id === null) throw redirect(wizardPaths.patient);
	const answer = await apiFor(context, request).v1.uploads[':id'].$get({ param: { id } });
	if (!answer.ok) throw await turnedAway(answer, request);
	return {
		upload: await answer.json(),
		wish: wishOf(search),
		// One key stands for one wish: it travels with the form, so that a second click is not a second order.
		orderKey: newOrderKey(),
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const tool = requireSmileTool(context);
	const uploadId = new URL(request.url).searchParams.get('upload');
	if (uploadId === null) throw redirect(wizardPaths.patient);
	const form = orderFormOf(await request.formData());
	if (!form.ok) return data({ ...form.kept, quote: null, refusal: form.refusal }, 400);

	const { orderKey, wish } = form.order;
	const order = { tool: tool.id, input: inputOf(uploadId, wish) };
	const api = apiFor(context, request);
	const askPrice = () => api.v1.quotes.$post({ json: order });
	if (form.order.intent === 'quote') {
		const answer = await askPrice();
		if (answer.ok) return data({ orderKey, wish, quote: await answer.json(), refusal: null });
		return refuse(answer, request, form.order);
	}
	const { creditsMax } = form.order;
	const answer = await api.v1.renders.$post({
		json: { ...order, creditsMax },
		header: { 'idempotency-key': orderKey },
	});
	if (answer.ok) return redirect(`/smiles/${(await answer.json()).id}`);
	return refuse(answer, request, form.order, askPrice);
}

interface Priced {
	readonly ok: boolean;
	json(): Promise<z.infer<typeof QuoteAnswer>>;
}

/** Where the price has changed the new one is asked for, so that the page can show it and ask again. */
async function refuse(
	answer: { status: number; json(): Promise<unknown> },
	request: Request,
	{ orderKey, wish }: OrderForm,
	askPrice?: () => Promise<Priced>,
) {
	const refusal = await refusalHere(answer, request);
	const priced = isPriceChange(refusal) ? await askPrice?.() : undefined;
	const quote = priced?.ok === true ? await priced.json() : null;
	return data({ orderKey: keyAfter(refusal.code, orderKey), wish, quote, refusal }, answer.status);
}

export default function ShadeStep() {
	const { upload, wish: start, orderKey } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { session } = useShell();
	const navigation = useNavigation();
	const fresh = useFreshMedia();
	const quote = answer?.quote ?? null;
	const back = upload.consentId === null ? wizardPaths.patient : wizardPaths.photo(upload.consentId);
	const isHere = upload.state === 'ready' && upload.url !== null;
	const available = session.signedIn ? session.credits.available : 0;
	const { wish, change } = useWish(answer?.wish ?? start);
	const treatment = treatmentOf(wish.treatment);
	const isWished = treatment.shades !== 'kept';
	const preview = useShadePreview(isHere && upload.url !== null ? { id: upload.id, url: upload.url } : null, {
		wish,
		isWished,
	});
	return (
		<>
			<Page>
				<WizardSteps
					now={quote === null ? 'Smile' : 'Price'}
					hrefs={{
						Patient: wizardPaths.patient,
						...(upload.subjectId === null ? {} : { Consent: wizardPaths.consent(upload.subjectId) }),
						Photo: back,
					}}
				/>
				<h1 className="wizard-title">How should it look?</h1>
				<div className="shade-cols">
					<div className="shade-photo" onErrorCapture={fresh}>
						{isHere && upload.url !== null ? (
							<ShadePreviewPane
								photo={{ url: upload.url, width: upload.width, height: upload.height }}
								name={upload.subjectReference ?? 'The patient'}
								preview={preview}
								limit={limitOf(treatment)}
								isWished={isWished}
							/>
						) : (
							<GoneFrame title="This photo is gone" receiptId={upload.receiptId} />
						)}
					</div>
					<ShadeForm
						id="order"
						wish={wish}
						onWish={change}
						orderKey={answer?.orderKey ?? orderKey}
						quote={quote}
						refusal={answer?.refusal ?? null}
						credits={session.signedIn ? session.credits.available : null}
						upload={upload}
					/>
				</div>
			</Page>
			<ActionBar
				back={
					<ButtonLink to={back}>
						<ArrowLeft size={18} strokeWidth={1.75} aria-hidden="true" />
						Back
					</ButtonLink>
				}
				reason={
					isHere
						? quote !== null && (
								<span className="nb">{priceWords(quote.credits, available, answer?.refusal ?? null)}</span>
							)
						: 'This photo is gone. Take a new one.'
				}
				next={
					<NextButton
						isPossible={isHere}
						price={quote?.credits ?? null}
						available={available}
						pendingIntent={navigation.formData?.get('intent') ?? null}
					/>
				}
			/>
		</>
	);
}

/**
 * The wish as it stands. Whitening goes lighter: where a new shade of today leaves the one to show behind, the next lighter
 * tab takes its place. Only once script runs, so that what a form without it brought is shown as it was.
 */
function useWish(start: ShadeWish) {
	const [wish, setWish] = useState(start);
	const isLive = useHydrated();
	const isLighter = treatmentOf(wish.treatment).shades === 'lighter';
	const to = isLive && isLighter ? lighterOr(wish.from, wish.to) : wish.to;
	const change = useCallback((changed: Partial<ShadeWish>) => setWish((now) => ({ ...now, ...changed })), []);
	return { wish: { ...wish, to }, change };
}

/** What of the treatment a preview on the device cannot show. */
function limitOf({ mayChange, shades }: Treatment): string | null {
	if (shades === 'kept') return 'This treatment changes no colour, so there is no preview here. The video shows it.';
	return mayChange.length > 1
		? 'The preview shows the colour alone. Shape and place of teeth come with the video.'
		: null;
}

/** In credits: what it costs, what it cost a moment ago, or why it cannot be ordered. */
function priceWords(price: number, available: number, refusal: Refusal | null): string {
	const before = isPriceChange(refusal) ? refusal.details?.creditsMax : undefined;
	if (before !== undefined && available >= price) return `${price} credits now, not ${before}`;
	return available < price ? `${price} credits are needed, ${available} are left` : `${price} credits`;
}

interface NextButtonProps {
	readonly isPossible: boolean;
	/** In credits; `null` before it was asked. */
	readonly price: number | null;
	readonly available: number;
	/** What was posted and is not answered yet: the price that just came must not look like an order under way. */
	readonly pendingIntent: FormDataEntryValue | null;
}

function NextButton({ isPossible, price, available, pendingIntent }: NextButtonProps) {
	const arrow = <ArrowRight size={18} strokeWidth={1.75} aria-hidden="true" />;
	if (!isPossible || (price !== null && available < price)) {
		return (
			<Button type="button" look="main" aria-disabled>
				Make the video
				{arrow}
			</Button>
		);
	}
	if (price === null) {
		return (
			<Button
				look="main"
				form="order"
				name="intent"
				value="quote"
				isPending={pendingIntent === 'quote'}
				pendingLabel="Asking…"
			>
				Price
				{arrow}
			</Button>
		);
	}
	return (
		<Button
			look="main"
			form="order"
			name="intent"
			value="order"
			isPending={pendingIntent === 'order'}
			pendingLabel="Ordering…"
		>
			Make the video
			{arrow}
		</Button>
	);
}
