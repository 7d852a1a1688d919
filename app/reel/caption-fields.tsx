import { Plus } from 'lucide-react';

import { CAPTION_LENGTH_MAX, CAPTIONS_MAX, type Caption } from '../../smile/reel/reel';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { nextCaption, type Settings } from './settings';

interface CaptionFieldsProps {
	readonly settings: Settings;
	readonly onChange: (change: Partial<Settings>) => void;
}

/** The captions, each with the seconds in which it is shown. */
export function CaptionFields({ settings, onChange }: CaptionFieldsProps) {
	const { captions } = settings;
	const change = (at: number, part: Partial<Caption>) =>
		onChange({ captions: captions.map((caption, index) => (index === at ? { ...caption, ...part } : caption)) });
	return (
		<section className="stack-2">
			<h2 className="h3">Captions</h2>
			{captions.map((caption, at) => (
				// A caption has no name of its own, and its fields hold nothing that React does not.
				// oxlint-disable-next-line react/no-array-index-key
				<fieldset key={at} className="reel-caption">
					<legend className="vh">Caption {at + 1}</legend>
					<Field
						label={`Caption ${at + 1}`}
						value={caption.text}
						maxLength={CAPTION_LENGTH_MAX}
						autoComplete="off"
						onChange={(event) => change(at, { text: event.currentTarget.value })}
					/>
					<div className="reel-times">
						<SecondField
							label="From second"
							value={caption.from}
							max={Number(settings.seconds)}
							onChange={(from) => change(at, { from })}
						/>
						<SecondField
							label="To second"
							value={caption.to}
							max={Number(settings.seconds)}
							onChange={(to) => change(at, { to })}
						/>
						<Button
							type="button"
							look="quiet"
							onClick={() => onChange({ captions: captions.filter((_, index) => index !== at) })}
						>
							Remove caption {at + 1}
						</Button>
					</div>
					{caption.to <= caption.from && <p className="small soft">It ends before it begins, so it is not shown.</p>}
				</fieldset>
			))}
			{captions.length < CAPTIONS_MAX && (
				<div className="row">
					<Button type="button" onClick={() => onChange({ captions: [...captions, nextCaption(settings)] })}>
						<Plus size={18} strokeWidth={1.75} aria-hidden="true" />
						Add caption
					</Button>
				</div>
			)}
		</section>
	);
}

interface SecondFieldProps {
	readonly label: string;
	readonly value: number;
	readonly max: number;
	readonly onChange: (seconds: number) => void;
}

function SecondField({ label, value, max, onChange }: SecondFieldProps) {
	return (
		<Field
			label={label}
			type="number"
			inputMode="decimal"
			min={0}
			max={max}
			step={0.5}
			value={value}
			onChange={(event) => {
				const seconds = event.currentTarget.valueAsNumber;
				if (Number.isFinite(seconds)) onChange(Math.min(max, Math.max(0, seconds)));
			}}
		/>
	);
}
