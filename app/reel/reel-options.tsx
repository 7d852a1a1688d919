import { labelOf } from '../../smile/reel/label';
import { MUSIC_IDS, PIECES } from '../../smile/music/pieces';
import { FORMAT_IDS, SCENE_KINDS, type Reel, type SceneKind } from '../../smile/reel/reel';
import { JURISDICTION_NAMES } from '../../studios/publish-rules';
import { Choice } from '../components/choice';
import { Field, SelectField } from '../components/field';
import { Segment } from '../components/segment';
import { CaptionFields } from './caption-fields';
import { LENGTHS, type Settings } from './settings';

const KIND_NAMES: Readonly<Record<SceneKind, string>> = {
	wipe: 'Wipe',
	sweep: 'Slider',
	split: 'Split',
	zoom: 'Zoom',
};

interface ReelOptionsProps {
	readonly settings: Settings;
	readonly reel: Reel;
	readonly hasLogo: boolean;
	readonly onChange: (change: Partial<Settings>) => void;
}

/** Everything that can be chosen about a reel. Nothing here is sent or kept. */
export function ReelOptions({ settings, reel, hasLogo, onChange }: ReelOptionsProps) {
	return (
		<div className="reel-options">
			<section className="stack-2">
				<h2 className="h3">Motion</h2>
				<Segment
					name="kind"
					legend="Motion"
					options={SCENE_KINDS.map((value) => ({ value, label: KIND_NAMES[value] }))}
					value={settings.kind}
					onChange={(kind) => onChange({ kind })}
				/>
				{settings.kind === 'zoom' && <FocusFields settings={settings} onChange={onChange} />}
				<Segment
					name="seconds"
					legend="Length"
					options={LENGTHS.map((value) => ({ value, label: `${value} seconds` }))}
					value={settings.seconds}
					onChange={(seconds) => onChange({ seconds })}
				/>
			</section>
			<section className="stack-2">
				<h2 className="h3">Format</h2>
				<Segment
					name="format"
					legend="Format"
					options={FORMAT_IDS.map((value) => ({ value, label: value }))}
					value={settings.format}
					onChange={(format) => onChange({ format })}
				/>
			</section>
			<LabelFacts reel={reel} />
			<CaptionFields settings={settings} onChange={onChange} />
			<BrandFields settings={settings} hasLogo={hasLogo} onChange={onChange} />
			<section className="stack-2">
				<h2 className="h3">Music</h2>
				<SelectField
					label="Piece"
					hint="Made by this page note by note, so nobody else has rights in it."
					value={settings.music ?? ''}
					onChange={(event) => onChange({ music: MUSIC_IDS.find((id) => id === event.currentTarget.value) ?? null })}
				>
					<option value="">No music</option>
					{MUSIC_IDS.map((id) => (
						<option key={id} value={id}>
							{PIECES[id].title}
						</option>
					))}
				</SelectField>
			</section>
		</div>
	);
}

type FieldsProps = Pick<ReelOptionsProps, 'settings' | 'onChange'>;

function FocusFields({ settings: { focus }, onChange }: FieldsProps) {
	const fields = [
		{ label: 'Zoom to, from the left', value: focus.x, change: (x: number) => onChange({ focus: { ...focus, x } }) },
		{ label: 'Zoom to, from the top', value: focus.y, change: (y: number) => onChange({ focus: { ...focus, y } }) },
	];
	return fields.map(({ label, value, change }) => (
		<label key={label} className="reel-range">
			<span>{label}</span>
			<input
				type="range"
				className="reel-scrub"
				min={0}
				max={100}
				value={Math.round(value * 100)}
				aria-valuetext={`${Math.round(value * 100)} %`}
				onChange={(event) => change(event.currentTarget.valueAsNumber / 100)}
			/>
		</label>
	));
}

/** Said, not chosen: what must stand in the picture follows from what it is and where the practice is. */
function LabelFacts({ reel }: { reel: Reel }) {
	const { text, source } = labelOf(reel.label);
	return (
		<section className="stack-2">
			<h2 className="h3">Label</h2>
			<p className="reel-label-text">{text}</p>
			<p className="small muted">
				It stands in every frame and cannot be left out. {JURISDICTION_NAMES[reel.label.jurisdiction]}: {source}.
			</p>
		</section>
	);
}

function BrandFields({ settings, hasLogo, onChange }: FieldsProps & { hasLogo: boolean }) {
	return (
		<section className="stack-2">
			<h2 className="h3">Practice</h2>
			<Field
				label="Name in the picture"
				value={settings.name}
				maxLength={60}
				autoComplete="off"
				onChange={(event) => onChange({ name: event.currentTarget.value })}
			/>
			{hasLogo && (
				<Choice
					type="checkbox"
					checked={settings.showsLogo}
					onChange={(event) => onChange({ showsLogo: event.currentTarget.checked })}
				>
					Show the logo
				</Choice>
			)}
			<div className="reel-colours">
				<ColourField label="Cut and tags" value={settings.accent} onChange={(accent) => onChange({ accent })} />
				<ColourField label="Behind words" value={settings.ground} onChange={(ground) => onChange({ ground })} />
			</div>
		</section>
	);
}

function ColourField(props: { label: string; value: string; onChange: (hex: string) => void }) {
	const { label, value, onChange } = props;
	return (
		<label className="reel-colour">
			<span>{label}</span>
			<input type="color" value={value} onChange={(event) => onChange(event.currentTarget.value)} />
		</label>
	);
}
