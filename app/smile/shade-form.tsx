import { Form } from '@remix-run/react';
import { useState } from 'react';
import type { z } from 'zod';

import { VALUE_ORDER, type Shade } from '../../smile/shades';
import type { QuoteAnswer, UploadAnswer } from '../../workers/api/contract';
import type { Refusal } from '../api';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import { isPriceChange, PriceChangeNotice, ShortNotice, shortOf } from '../credits/order-notices';
import { useHydrated } from '../hydrated';
import { lighterOr, lighterThan, SHADES_TODAY, stepsWorthCaution } from './shade-choice';
import { ShadeRail } from './shade-rail';

interface ShadeFormProps {
	readonly id: string;
	readonly start: { readonly from: Shade; readonly to: Shade };
	readonly orderKey: string;
	readonly quote: z.infer<typeof QuoteAnswer> | null;
	readonly refusal: Refusal | null;
	/** What can be spent; `null` when unknown. */
	readonly credits: number | null;
	readonly upload: z.infer<typeof UploadAnswer>;
}

export function ShadeForm({ id, start, orderKey, quote, refusal, credits, upload }: ShadeFormProps) {
	const [from, setFrom] = useState(start.from);
	const [to, setTo] = useState(start.to);
	// Without script every tab stays open, since nothing could follow a new choice of the first; the server checks.
	const isLive = useHydrated();
	const shown = isLive ? lighterOr(from, to) : to;
	const beyond = stepsWorthCaution(from, shown);
	return (
		<Form id={id} method="post" className="ctl" preventScrollReset>
			<input key={orderKey} type="hidden" name="orderKey" value={orderKey} />
			{quote !== null && <input key={quote.credits} type="hidden" name="creditsMax" value={quote.credits} />}
			<div>
				<p className="legend">Treatment</p>
				<p>Whitening</p>
				<p className="small muted">Changes colour only. Shape and gums stay. Crowns and fillings do not bleach.</p>
			</div>
			<ShadeRail
				name="from"
				legend="Shade today, held beside the teeth"
				shades={SHADES_TODAY}
				value={from}
				onChange={setFrom}
			/>
			<ShadeRail
				name="to"
				legend="Shade to show"
				shades={isLive ? lighterThan(from) : VALUE_ORDER}
				value={shown}
				onChange={setTo}
				today={isLive ? from : undefined}
			/>
			{beyond === null ? (
				<Notice kind="plain" title="Approximate, not a measurement">
					The shade today is what you hold beside the teeth. The photo is not calibrated, and screens differ.
				</Notice>
			) : (
				<Notice kind="soon" title={`${from} to ${shown} is ${beyond} tabs lighter`}>
					Whitening may not reach that far; how far it goes differs from patient to patient. The picture is approximate,
					not a measurement.
				</Notice>
			)}
			<Price quote={quote} refusal={refusal} credits={credits} upload={upload} />
		</Form>
	);
}

type PriceProps = Pick<ShadeFormProps, 'quote' | 'refusal' | 'credits' | 'upload'>;

function Price({ quote, refusal, credits, upload }: PriceProps) {
	const short = shortOf(credits, quote?.credits ?? null, refusal);
	return (
		<div className="stack" aria-live="polite">
			{quote !== null && (
				<dl className="pay">
					{quote.breakdown.map(({ item, credits: cost }) => (
						<div key={item}>
							<dt>{item}</dt>
							<dd className="num">{cost}</dd>
						</div>
					))}
					<div className="sum">
						<dt>Smile video</dt>
						<dd className="num">{quote.credits} credits</dd>
					</div>
					{credits !== null && credits >= quote.credits && (
						<div>
							<dt className="soft">Left afterwards</dt>
							<dd className="num soft">
								{credits - quote.credits} of {credits}
							</dd>
						</div>
					)}
				</dl>
			)}
			{short !== null && (
				<ShortNotice {...short} what="this video">
					{upload.deleteAt !== null && (
						<>
							The photo waits here until <Time at={upload.deleteAt} />.
						</>
					)}
				</ShortNotice>
			)}
			{isPriceChange(refusal) && <PriceChangeNotice refusal={refusal} what="the video" />}
			{refusal !== null && short === null && !isPriceChange(refusal) && (
				<Notice kind="stop" title="The video was not ordered" isAlert>
					{refusal.message} Nothing was charged.
				</Notice>
			)}
		</div>
	);
}
