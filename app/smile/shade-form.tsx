import { Form } from '@remix-run/react';
import type { z } from 'zod';

import { BLEACH_WORDS, CLASSICAL_WORDS, VALUE_ORDER } from '../../smile/shades';
import { treatmentOf } from '../../studios/treatments';
import type { QuoteAnswer, UploadAnswer } from '../../workers/api/contract';
import type { Refusal } from '../api';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import { isPriceChange, PriceChangeNotice, ShortNotice, shortOf } from '../credits/order-notices';
import { useHydrated } from '../hydrated';
import { lighterThan, SHADES_TODAY, stepsWorthCaution } from './shade-choice';
import { ShadeRail } from './shade-rail';
import { EVENNESS, STRENGTH, type ShadeWish } from './shade-wish';
import { ChoiceFields, PerCentField, TreatmentField } from './treatment-fields';

interface ShadeFormProps {
	readonly id: string;
	readonly wish: ShadeWish;
	readonly onWish: (change: Partial<ShadeWish>) => void;
	readonly orderKey: string;
	readonly quote: z.infer<typeof QuoteAnswer> | null;
	readonly refusal: Refusal | null;
	/** What can be spent; `null` when unknown. */
	readonly credits: number | null;
	readonly upload: z.infer<typeof UploadAnswer>;
}

export function ShadeForm({ id, wish, onWish, orderKey, quote, refusal, credits, upload }: ShadeFormProps) {
	// Without script every tab stays open, since nothing could follow a new choice of the first; the server checks.
	const isLive = useHydrated();
	const { shades } = treatmentOf(wish.treatment);
	return (
		<Form id={id} method="post" className="ctl" preventScrollReset>
			<input key={orderKey} type="hidden" name="orderKey" value={orderKey} />
			{quote !== null && <input key={quote.credits} type="hidden" name="creditsMax" value={quote.credits} />}
			<TreatmentField wish={wish} onWish={onWish} />
			<ChoiceFields wish={wish} onWish={onWish} />
			{(shades !== 'kept' || !isLive) && <ShadeFields wish={wish} onWish={onWish} isLive={isLive} />}
			<Price quote={quote} refusal={refusal} credits={credits} upload={upload} />
		</Form>
	);
}

interface ShadeFieldsProps extends Pick<ShadeFormProps, 'wish' | 'onWish'> {
	readonly isLive: boolean;
}

function ShadeFields({ wish, onWish, isLive }: ShadeFieldsProps) {
	const { from, to } = wish;
	const isLighter = isLive && treatmentOf(wish.treatment).shades === 'lighter';
	const beyond = stepsWorthCaution(from, to);
	return (
		<>
			<ShadeRail
				name="from"
				legend="Shade today, held beside the teeth"
				hint={CLASSICAL_WORDS}
				shades={SHADES_TODAY}
				value={from}
				onChange={(shade) => onWish({ from: shade })}
			/>
			<ShadeRail
				name="to"
				legend="Shade to show"
				hint={BLEACH_WORDS}
				shades={isLighter ? lighterThan(from) : VALUE_ORDER}
				value={to}
				onChange={(shade) => onWish({ to: shade })}
				today={isLighter ? from : undefined}
			/>
			<PerCentField
				label="Strength"
				hint="How far the colour goes from the shade today to the shade to show."
				name="strength"
				range={STRENGTH}
				value={wish.strength}
				onChange={(strength) => onWish({ strength })}
				isLive={isLive}
			/>
			<PerCentField
				label="Evenness"
				hint="How much differences of colour between the teeth go. Light and shadow stay."
				name="evenness"
				range={EVENNESS}
				value={wish.evenness}
				onChange={(evenness) => onWish({ evenness })}
				isLive={isLive}
			/>
			{beyond === null ? (
				<Notice kind="plain" title="Approximate, not a measurement">
					The shade today is what you hold beside the teeth. The photo is not calibrated, and screens differ.
				</Notice>
			) : (
				<Notice kind="soon" title={`${from} to ${to} is ${beyond} tabs lighter`}>
					{treatmentOf(wish.treatment).name} may not reach that far; how far it goes differs from patient to patient.
					The picture is approximate, not a measurement.
				</Notice>
			)}
		</>
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
