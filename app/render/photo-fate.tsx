import { ScrollText } from 'lucide-react';

import { retentionHours } from '../../studios/policy/policy';
import { ButtonLink } from '../components/button';
import { ConfirmForm } from '../components/confirm-form';
import { Countdown } from '../components/countdown';
import { Time } from '../components/time';
import { useStudio } from '../shell';
import type { RenderAnswer } from './answers';

/** When the photo leaves, the way to send it off sooner, and afterwards its receipt. */
export function PhotoFate({ render }: { render: RenderAnswer }) {
	const hasVideo = render.assets.some(({ state }) => state === 'ready');
	const studio = useStudio();
	const { source } = render;
	if (source === null) return null;
	if (source.deletedAt !== null) {
		return (
			<section className="stack-2">
				<h2 className="h3">This photo is gone</h2>
				<p className="soft">
					Deleted on <Time at={source.deletedAt} as="document" />, as promised.
				</p>
				<ReceiptLink receiptId={source.receiptId} />
			</section>
		);
	}
	if (source.state !== 'ready') {
		return (
			<section className="stack-2">
				<h2 className="h3">The photo is being deleted</h2>
				<p className="soft">
					Nobody can open it any more. Both places are read again, then the receipt is signed, usually within ten
					minutes.
				</p>
				<ReceiptLink receiptId={source.receiptId} />
			</section>
		);
	}
	return (
		<section>
			<h2 className="h3">The photo leaves in</h2>
			<Countdown until={source.deleteAt} ofHours={retentionHours(studio.policy, 'source')}>
				Deleted at <Time at={source.deleteAt} />, here and wherever it was worked on.
				{hasVideo && ' The video stays until you delete it or the patient revokes.'}
			</Countdown>
			<DeletePhoto uploadId={source.uploadId} />
		</section>
	);
}

function DeletePhoto({ uploadId }: { uploadId: string }) {
	return (
		<ConfirmForm
			fields={{ intent: 'delete-photo', uploadId }}
			look="quiet"
			label="Delete the photo now"
			pendingLabel="Deleting…"
			question="Delete the photo now?"
			consequence="It goes at once, here and wherever it was worked on. Nobody can bring it back, and neither can we. A video that was made stays until you delete it or the patient revokes."
		/>
	);
}

function ReceiptLink({ receiptId }: { receiptId: string }) {
	return (
		<ButtonLink to={`/receipts/${receiptId}`}>
			<ScrollText size={18} strokeWidth={1.75} aria-hidden="true" />
			Receipt
		</ButtonLink>
	);
}
