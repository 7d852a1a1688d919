import { Chip } from '../components/chip';
import type { AssetAnswer } from './answers';

type Place = AssetAnswer['publish'][number]['place'];

const NAMES: Readonly<Record<Place, string>> = {
	show_in_room: 'Show in the room',
	patient_copy: 'Give the patient a copy',
	website: 'Website',
	social_media: 'Social media',
};

/** Where the video may be shown, each place with the rule that decides. */
export function PublishPlaces({ publish }: { publish: AssetAnswer['publish'] }) {
	return (
		<section>
			<h2 className="h3">Where it may be shown</h2>
			<ul className="places">
				{publish.map(({ place, isAllowed, rule }) => (
					<li key={place}>
						<b>{NAMES[place]}</b>
						<Chip state={isAllowed ? 'kept' : 'stop'}>{isAllowed ? 'Allowed' : 'Refused'}</Chip>
						<p>{rule}</p>
					</li>
				))}
			</ul>
		</section>
	);
}
