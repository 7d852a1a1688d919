import { useNavigation } from '@remix-run/react';

import type { Jurisdiction } from '../../studios/publish-rules';
import { useStudio } from '../shell';
import { PlaceForm, PlaceWords } from './place-form';

interface PlaceSectionProps {
	readonly jurisdiction: Jurisdiction;
	readonly isChosen: boolean;
	readonly mayChange: boolean;
	readonly error: string | undefined;
}

/** Where the account advertises, under its profile: whose rules decide what may be published. Not where nobody has patients. */
export function PlaceSection({ jurisdiction, isChosen, mayChange, error }: PlaceSectionProps) {
	const { tools } = useStudio();
	const isPending = useNavigation().formData?.get('intent') === 'jurisdiction';
	if (!tools.some(({ needsConsent }) => needsConsent)) return null;
	return (
		<section className="part" id="place">
			<h2>Where you advertise</h2>
			<p className="soft">
				What may be published, and with which label, follows the advertising rules of the place. A change holds at once,
				and the record says who made it.
			</p>
			{(!mayChange || !isChosen) && (
				<PlaceWords jurisdiction={jurisdiction} isChosen={isChosen} mayChange={mayChange} />
			)}
			{mayChange && (
				<PlaceForm
					key={jurisdiction}
					jurisdiction={jurisdiction}
					isPending={isPending}
					error={error}
					action="/practice?index"
				/>
			)}
		</section>
	);
}
