import { Link } from '@remix-run/react';
import { BookmarkPlus } from 'lucide-react';

import { Button } from '../components/button';
import { Notice } from '../components/notice';
import { Meter } from '../smile/meter';
import type { Keep } from './settings';
import { useKeep, type KeptKind } from './use-keep';

interface KeepItProps {
	readonly blob: Blob;
	readonly kind: KeptKind;
	readonly keep: Keep;
	/** Which of several, for whoever hears the button without its row. */
	readonly about: string;
}

/** Keeps an exported file with its smile or pair: how far it is, how to stop it, and where it then is. */
export function KeepIt({ blob, kind, keep, about }: KeepItProps) {
	const { state, begin, cancel } = useKeep(blob, kind, keep);
	const home = keep.noun === 'pair' ? `/pairs/${keep.renderId}` : `/smiles/${keep.renderId}`;
	return (
		<div className="reel-keep">
			{state.at === 'failed' && (
				<Notice kind="failed" title="It was not kept" isAlert>
					{state.sentence}
				</Notice>
			)}
			{state.at === 'sending' && (
				<>
					<Meter perCent={Math.round(100 * state.share)} label={`Sending the ${about} file`} />
					<Button type="button" onClick={cancel}>
						Stop sending
					</Button>
				</>
			)}
			{(state.at === 'rest' || state.at === 'failed') && (
				<Button type="button" onClick={() => void begin()}>
					<BookmarkPlus size={18} strokeWidth={1.75} aria-hidden="true" />
					{state.at === 'failed' ? 'Try again to keep it' : `Keep it with this ${keep.noun}`}
					<span className="vh"> {about}</span>
				</Button>
			)}
			<output className="small soft">
				{state.at === 'rest' && state.isCancelled && 'Stopped. Nothing of it is kept.'}
				{state.at === 'kept' && (
					<>
						Kept with this {keep.noun}.{' '}
						<Link className="tap" to={home} reloadDocument>
							Open the {keep.noun}
						</Link>
					</>
				)}
			</output>
		</div>
	);
}
