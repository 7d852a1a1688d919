import { useMay } from '../may';
import type { AssetAnswer } from '../render/answers';
import { PublishPlaces } from '../render/publish-places';
import { PlaceForm, PlaceWords } from './place-form';
import { useSharingForm } from './use-sharing-answer';

/** For every use whether it is allowed, by which rule, and by the rules of which place, which is asked for once. */
export function MayPublish({ asset }: { asset: AssetAnswer }) {
	const { jurisdiction, isJurisdictionChosen: isChosen } = asset;
	const mayChange = useMay('account:write');
	const { isPending, errorOf } = useSharingForm('jurisdiction');
	return (
		<div className="stack">
			<PublishPlaces publish={asset.publish} />
			<PlaceWords jurisdiction={jurisdiction} isChosen={isChosen} mayChange={mayChange} />
			{!isChosen && mayChange && (
				<PlaceForm
					jurisdiction={jurisdiction}
					isPending={isPending}
					error={errorOf('jurisdiction') ?? errorOf('form')}
				/>
			)}
		</div>
	);
}
