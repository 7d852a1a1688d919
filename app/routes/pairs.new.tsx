import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';
import { ArrowLeft, Download } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';

import { apiFor, turnedAway } from '../api';
import { ActionBar } from '../components/action-bar';
import { Button, ButtonLink } from '../components/button';
import { Compare } from '../components/compare';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { saveFile } from '../reel/save-file';
import { reelStyles } from '../reel/styles';
import { PairScore } from '../smile/pair-score';
import { PairSlot } from '../smile/pair-slot';
import { AskToLoad } from '../smile-lab/ask-to-load';
import { requireSmileTool } from '../smile/require-smile-tool';
import { SIDES, usePair } from '../smile/use-pair';
import { titled } from '../title';

export const meta = titled('A before and a real after');
export const links: LinksFunction = reelStyles;

/* The reel and what writes it, only once there is a pair to make one of. */
const PairWork = lazy(async () => ({ default: (await import('../pairs/pair-work')).PairWork }));

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireSmileTool(context);
	const answer = await apiFor(context, request).v1.account.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	const { name, phone, address, logoUrl, jurisdiction } = await answer.json();
	return { name, phone: phone ?? '', address: address ?? '', logoUrl, jurisdiction };
}

/** Two photos of one patient become a pair that can be compared, and kept once somebody says so. Until then nothing is sent. */
export default function NewPair() {
	const practice = useLoaderData<typeof loader>();
	const { photos, stage, choose, still } = usePair();
	const isBusy = stage.at === 'aligning';
	const missing = SIDES.find((side) => photos[side] === undefined);
	return (
		<>
			<Page>
				<h1 className="wizard-title">A before and a real after</h1>
				<p className="lead">
					Two photos of one patient, brought to one place, size and light. Both stay on this device: nothing is sent or
					kept until you save the pair, and nothing is charged.
				</p>
				<noscript>
					<Notice kind="soon" title="This page needs JavaScript">
						The photos are aligned on your device, and that is done in script. Switch it on to align a pair.
					</Notice>
				</noscript>
				<div className="pair-step">
					{stage.at === 'refused' && (
						<Notice kind="stop" title={stage.title} isAlert>
							{stage.sentence}
						</Notice>
					)}
					<output className="small soft">{isBusy && 'Aligning the pair on this device.'}</output>
					<AskToLoad without="Without it no pair can be aligned." />
					{stage.at === 'aligned' && (
						<div className="shade-cols">
							<Compare
								before={{ src: stage.pictures.before, alt: 'The patient before the treatment' }}
								after={{ src: stage.pictures.after, alt: 'The patient after the treatment, aligned' }}
								width={stage.pictures.width}
								height={stage.pictures.height}
								label="Real before and after, aligned"
								isFirst
							/>
							<PairScore pair={stage.pair} />
						</div>
					)}
					<div className="slots">
						{SIDES.map((side) => (
							<PairSlot
								key={side}
								side={side}
								photo={photos[side]}
								isNext={side === missing}
								isBusy={isBusy}
								onPick={(file) => void choose(side, file)}
							/>
						))}
					</div>
					{stage.at === 'aligned' && (
						<Suspense fallback={<div className="reel-wait" />}>
							<PairWork key={stage.pictures.before} pair={stage.pair} practice={practice} />
						</Suspense>
					)}
				</div>
			</Page>
			<ActionBar
				back={
					<ButtonLink to="/smiles">
						<ArrowLeft size={18} strokeWidth={1.75} aria-hidden="true" />
						Smiles
					</ButtonLink>
				}
				reason={missing === undefined ? null : `Choose the ${missing} photo${missing === 'before' ? ' first' : ''}.`}
				next={<DownloadButton isReady={stage.at === 'aligned'} still={still} />}
			/>
		</>
	);
}

interface DownloadButtonProps {
	readonly isReady: boolean;
	readonly still: () => Promise<Blob | null>;
}

function DownloadButton({ isReady, still }: DownloadButtonProps) {
	const [isPending, setIsPending] = useState(false);
	const download = async () => {
		setIsPending(true);
		try {
			const blob = await still();
			// No reference and no day: a file's name travels further than the file was meant to.
			if (blob !== null) saveFile(blob, 'before-and-after.jpg');
		} finally {
			setIsPending(false);
		}
	};
	return (
		<Button
			type="button"
			look="line"
			aria-disabled={!isReady}
			isPending={isPending}
			pendingLabel="Drawing…"
			onClick={() => {
				if (isReady) void download();
			}}
		>
			<Download size={18} strokeWidth={1.75} aria-hidden="true" />
			Download pair
		</Button>
	);
}
