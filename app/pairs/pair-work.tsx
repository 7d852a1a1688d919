import { useCallback, useMemo, useState } from 'react';

import type { TreatmentId } from '../../studios/treatments';
import { Button } from '../components/button';
import { ReelStudio } from '../reel/reel-studio';
import { firstSettings, reelOf } from '../reel/settings';
import { drawPair } from '../reel/stills';
import type { AlignedPair } from '../smile-lab/smile-work';
import { pairSource, usePairReelPictures, type PairPractice } from './pair-source';
import { SavePairForm } from './save-pair-form';
import { useSavePair } from './use-save-pair';

interface PairWorkProps {
	readonly pair: AlignedPair;
	readonly practice: PairPractice;
}

/** What can be made of an aligned pair while it is in memory: it is saved, and a reel is made of it, with or without saving. */
export function PairWork({ pair, practice }: PairWorkProps) {
	const [treatment, setTreatment] = useState<TreatmentId>('whitening');
	const [isReel, setReel] = useState(false);
	const saving = useSavePair();
	const pictures = usePairReelPictures(pair, practice.logoUrl);
	const saved = saving.state.at === 'saved' ? saving.state : null;
	const source = useMemo(() => {
		if (pictures === null) return null;
		const keep = saved === null ? null : { renderId: saved.renderId, madeOf: [], noun: 'pair' };
		return pairSource(pictures, practice, { treatment, patient: saved?.reference ?? 'not saved', keep });
	}, [pictures, practice, saved, treatment]);
	const still = useCallback(async () => {
		if (source === null) throw new Error('The pictures are not decoded yet.');
		return drawPair(reelOf(firstSettings(source), source), source.pictures, 'image/jpeg');
	}, [source]);
	if (source === null) return <div className="reel-wait" />;
	return (
		<>
			<section className="part">
				<h2>Save this pair</h2>
				<p className="soft">
					The pair is sent as one picture with its label, and costs no credits. The two photos themselves stay on this
					device.
				</p>
				<SavePairForm saving={saving} treatment={treatment} onTreatment={setTreatment} still={still} isMain={!isReel} />
			</section>
			<section className="part">
				<h2>Make a reel</h2>
				<p className="soft">
					{saved === null
						? 'It is made on this device. Save the pair first if the reel is to be kept with it.'
						: 'It is made on this device, and can be kept with the pair.'}
				</p>
				{isReel ? (
					<ReelStudio source={source} note="Both pictures are the photographs, aligned and brought to one light." />
				) : (
					<div className="row">
						<Button type="button" onClick={() => setReel(true)}>
							Make a reel
						</Button>
					</div>
				)}
			</section>
		</>
	);
}
