import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData } from '@remix-run/react';
import { useMemo, useState, type ReactNode } from 'react';

import { isTreatmentId, treatmentOf } from '../../studios/treatments';
import { apiFor, turnedAway } from '../api';
import { ButtonLink } from '../components/button';
import { ConsentMark } from '../components/consent-mark';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { useHydrated } from '../hydrated';
import { AfterAlone } from '../reel/after-alone';
import { ReelStudio } from '../reel/reel-studio';
import type { ReelSource } from '../reel/settings';
import { reelStyles } from '../reel/styles';
import { useMouthInPhoto } from '../reel/use-mouth-in-photo';
import { useReelPictures, type PictureUrls, type ReadyPictures } from '../reel/use-reel-pictures';
import { requireSmileTool } from '../smile/require-smile-tool';
import { AskToLoad } from '../smile-lab/ask-to-load';
import { treatmentWords } from '../smile/shade-choice';
import { titled } from '../title';

export const meta = titled('Make a reel');
export const links = reelStyles;

const APPROXIMATE = 'The picture is approximate: nothing was measured, and screens and prints differ.';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	requireSmileTool(context);
	const api = apiFor(context, request).v1;
	const id = params['id'] ?? '';
	const [answer, account] = await Promise.all([api.renders[':id'].view.$get({ param: { id } }), api.account.$get()]);
	if (!answer.ok) throw await turnedAway(answer, request);
	if (!account.ok) throw await turnedAway(account, request);
	const { render, source, assets } = await answer.json();
	const { name, phone, address, logoUrl, jurisdiction } = await account.json();
	const after = assets.find(({ kind }) => kind === 'after');
	return {
		id,
		madeOf: [source?.id, after?.id].filter((each) => each !== undefined),
		patient: render.subjectReference,
		consent: render.consent,
		input: render.input,
		jurisdiction,
		practice: { name, phone: phone ?? '', address: address ?? '' },
		refusal: after?.publish.find(({ place, isAllowed }) => place === 'patient_copy' && !isAllowed)?.rule ?? null,
		urls: after === undefined ? null : { before: source?.url ?? null, after: after.url, logo: logoUrl },
	};
}

type Answer = Awaited<ReturnType<typeof loader>>;

export default function ReelPage() {
	const answer = useLoaderData<typeof loader>();
	const { id, patient, input, urls, consent } = answer;
	const isLive = useHydrated();
	return (
		<Page>
			<div className="render-head">
				<div>
					<p className="muted">
						<Link className="tap" to={`/smiles/${id}`}>
							{patient ?? 'Patient deleted'}
						</Link>{' '}
						· {treatmentWords(input)}
					</p>
					<h1>Make a reel</h1>
					<ConsentMark consent={patient === null ? undefined : consent} />
				</div>
			</div>
			{urls === null ? (
				<Nothing id={id} title="There is no picture after">
					It was deleted or never made, so there is nothing to make a reel of.
				</Nothing>
			) : (
				<>
					<noscript>
						<Notice kind="plain" title="Reels need JavaScript, which is off in this browser">
							They are drawn and encoded on this device.
						</Notice>
					</noscript>
					{isLive ? <Loaded answer={answer} urls={urls} /> : <div className="reel-wait" />}
				</>
			)}
		</Page>
	);
}

function Loaded({ answer, urls }: { answer: Answer; urls: PictureUrls }) {
	const loaded = useReelPictures(urls);
	if (loaded.at === 'loading') return <div className="reel-wait" />;
	if (loaded.at === 'failed') {
		return (
			<Nothing id={answer.id} title="The pictures could not be loaded">
				Their addresses end after minutes, or the connection broke. Load this page again.
			</Nothing>
		);
	}
	const { before } = loaded;
	if (before === null || urls.before === null) return <WithoutPhoto answer={answer} loaded={loaded} />;
	return <WithPhoto answer={answer} urls={{ before: urls.before, after: urls.after }} loaded={{ ...loaded, before }} />;
}

interface WithPhotoProps {
	readonly answer: Answer;
	readonly urls: { readonly before: string; readonly after: string };
	readonly loaded: ReadyPictures & { readonly before: ImageBitmap };
}

function WithPhoto({ answer, urls, loaded: { before, after: generated, logo } }: WithPhotoProps) {
	const after = useMouthInPhoto({ urls, input: answer.input, before, generated });
	const picture = after.at === 'ready' ? after.picture : null;
	const source = useMemo(
		() => (picture === null ? null : sourceOf(answer, { before, after: picture, logo })),
		[answer, before, logo, picture],
	);
	if (source === null || after.at === 'working') {
		return (
			<div className="stack-2">
				<div className="reel-wait" />
				<AskToLoad without="The reel shows the patient’s own photo with nothing but the mouth changed, and needs it for that." />
				<p className="small muted">The mouth is being put into the photo on this device.</p>
			</div>
		);
	}
	return <ReelStudio source={source} note={after.sentence} />;
}

function WithoutPhoto({ answer, loaded: { after, logo } }: { answer: Answer; loaded: ReadyPictures }) {
	const [chosen, setChosen] = useState<ImageBitmap | null>(null);
	const source = useMemo(
		() => sourceOf(answer, { before: chosen ?? after, after, logo }),
		[after, answer, chosen, logo],
	);
	if (chosen === null) return <AfterAlone source={source} onBefore={setChosen} />;
	return <ReelStudio source={source} note="The picture before is the file you chose. It was not sent." />;
}

function sourceOf(
	{ id, madeOf, input, patient, practice, jurisdiction, refusal }: Answer,
	pictures: ReelSource['pictures'],
): ReelSource {
	const { stays, caveat } = treatmentOf(isTreatmentId(input['treatment']) ? input['treatment'] : 'whitening');
	return {
		assetClass: 'simulation',
		jurisdiction,
		refusal,
		treatment: treatmentWords(input),
		caveat: `${stays} ${caveat} ${APPROXIMATE}`,
		patient: patient ?? 'deleted',
		practice,
		pictures,
		keep: { renderId: id, madeOf, noun: 'smile' },
	};
}

function Nothing({ id, title, children }: { id: string; title: string; children: ReactNode }) {
	return (
		<Notice kind="plain" title={title} actions={<ButtonLink to={`/smiles/${id}`}>Back to the smile</ButtonLink>}>
			{children}
		</Notice>
	);
}
