import { Chip } from '../components/chip';
import type { AssetAnswer } from './answers';

type Place = AssetAnswer['publish'][number]['place'];

const NAMES: Readonly<Record<Place, string>> = {
	show_in_room: 'Show in the room',
	patient_copy: 'Give the patient a copy',
	share_link: 'Share by link',
	website: 'Website',
	social_media: 'Social media',
};

/** Where something may be shown, each place with the rule that decides, its source, and the label that it takes. */
export function PublishPlaces({ publish }: { publish: AssetAnswer['publish'] }) {
	return (
		<section>
			<h2 className="h3">May I publish this?</h2>
			<ul className="places">
				{publish.map(({ place, isAllowed, rule, source, label }) => (
					<li key={place}>
						<b>{NAMES[place]}</b>
						<Chip state={isAllowed ? 'kept' : 'stop'}>{isAllowed ? 'Allowed' : 'Refused'}</Chip>
						<p>{rule}</p>
						{label !== null && <p>Label: “{label}”</p>}
						<p className="source">{source}</p>
					</li>
				))}
			</ul>
		</section>
	);
}
