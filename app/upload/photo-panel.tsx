import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';

import { Notice } from '../components/notice';
import { Meter } from '../smile/meter';
import { isRefused, type CheckState } from './check-on-device';
import { sizeWords } from '../size-words';
import { PhotoVerdict } from './photo-verdict';
import type { PhotoStage } from './use-photo';

interface PhotoPanelProps {
	readonly stage: PhotoStage;
	readonly checked: CheckState;
	readonly picker: ReactNode;
	/** Where to go when the consent or the session has ended meanwhile. */
	readonly wayOut: (refusal: { isSignedOut: boolean; needsConsent: boolean }) => ReactNode;
}

/** The photo as it will be sent, large, with what was done to it, and every refusal where one is looking. */
export function PhotoPanel({ stage, checked, picker, wayOut }: PhotoPanelProps) {
	if (!('photo' in stage)) {
		return (
			<div className="photo-step">
				<div className="stack">
					{stage.at === 'refused' && (
						<>
							<Notice kind="stop" title={stage.refusal.heading} isAlert>
								{stage.refusal.sentence}
							</Notice>
							<p className="small muted">The file stayed on this device. Nothing was sent or charged.</p>
						</>
					)}
					{picker}
					<output className="small soft">
						{stage.at === 'preparing' && 'Preparing the photo on this device. HEIC takes a few seconds.'}
					</output>
				</div>
			</div>
		);
	}
	const { photo, preview, isSample } = stage;
	return (
		<div className="photo-step shown">
			<figure className="film" data-refused={stage.at === 'turned_back' || isRefused(checked)}>
				<img
					className="photo"
					src={preview}
					alt={isSample ? 'Drawn patient' : 'The patient, as it will be sent'}
					width={photo.width}
					height={photo.height}
				/>
				{isSample && <figcaption className="label-ai">Drawn patient, no real person</figcaption>}
			</figure>
			<div className="stack-5">
				{stage.at === 'turned_back' && (
					<div className="stack-2">
						<Notice kind="stop" title="The photo was not taken" isAlert actions={wayOut(stage.refusal)}>
							{stage.refusal.sentence}
						</Notice>
						<p className="small muted">{stage.refusal.whatBecame}</p>
					</div>
				)}
				{stage.at === 'sending' ? <Sending share={stage.share} /> : <PhotoVerdict checked={checked} />}
				<section>
					<h2 className="h3">Done on this device</h2>
					<ul className="done-here">
						{photo.done.map((words) => (
							<li key={words}>
								<CircleCheck size={18} strokeWidth={1.75} aria-hidden="true" />
								{words}
							</li>
						))}
					</ul>
					<p className="soft num">
						{photo.width} × {photo.height} pixels, {sizeWords(photo.blob.size)}
						{stage.at === 'ready' && checked.at !== 'checking' && '. Nothing has been sent yet.'}
					</p>
				</section>
				{stage.at !== 'sending' && picker}
			</div>
		</div>
	);
}

function Sending({ share }: { share: number }) {
	const perCent = Math.round(share * 100);
	return (
		<div className="stack-2">
			<output>{share < 1 ? 'Sending the photo' : 'Checking what arrived'}</output>
			<Meter perCent={perCent} label="Sending the photo" />
			<p className="small muted num">{perCent} %</p>
		</div>
	);
}
