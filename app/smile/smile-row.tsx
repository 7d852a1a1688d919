import { Link } from '@remix-run/react';
import type { z } from 'zod';

import type { RenderList } from '../../workers/api/contract';
import { Chip, type ChipState } from '../components/chip';
import { ConsentMark } from '../components/consent-mark';
import { Time } from '../components/time';
import { useLiveRender } from '../render/use-live-render';
import { Meter } from './meter';
import { useClock } from '../zone';
import { treatmentWords } from './shade-choice';

export type Smile = z.infer<typeof RenderList>['items'][number];

const FACES: Readonly<Record<Smile['state'], { state: ChipState; word: string }>> = {
	queued: { state: 'hand', word: 'In hand' },
	running: { state: 'hand', word: 'In hand' },
	succeeded: { state: 'kept', word: 'Ready' },
	failed: { state: 'stop', word: 'Failed, not charged' },
	cancelled: { state: 'gone', word: 'Cancelled, not charged' },
	expired: { state: 'stop', word: 'Out of time, not charged' },
};

/** Two photographs of one patient, which nobody made. */
export const PAIR = 'pair';

/** One smile in the list: the picture when there is one, whose it is, how far it is, when the photo leaves. */
export function SmileRow({ smile, isLive }: { smile: Smile; isLive: boolean }) {
	const face = FACES[smile.state];
	const name = smile.subjectReference ?? 'Patient deleted';
	const isPair = smile.tool === PAIR;
	return (
		<li className="smile">
			<div className="thumb" data-empty={smile.pictureUrl === null}>
				{smile.pictureUrl !== null && <img src={smile.pictureUrl} alt="" width={72} height={90} loading="lazy" />}
			</div>
			<div className="what">
				<h2>
					<Link to={isPair ? `/pairs/${smile.id}` : `/smiles/${smile.id}`}>{name}</Link>
				</h2>
				<p className="soft small">
					{treatmentWords(smile.input)}, <Time at={smile.createdAt} />
				</p>
				<ConsentMark consent={smile.subjectReference === null ? undefined : smile.consent} />
				{isLive && <LiveLine renderId={smile.id} name={name} />}
				<PhotoLine smile={smile} />
			</div>
			<Chip state={face.state}>{isPair ? 'Real pair' : face.word}</Chip>
		</li>
	);
}

function PhotoLine({ smile }: { smile: Smile }) {
	const { nowMs } = useClock();
	if (smile.sourceDeletedAt !== null) {
		return (
			<p className="small muted">
				Photo deleted <Time at={smile.sourceDeletedAt} />
			</p>
		);
	}
	if (smile.sourceDeleteAt === null) return null;
	if (smile.state === 'queued' || smile.state === 'running') {
		return <p className="small muted">The photo leaves 24 hours after the video is ready</p>;
	}
	if (Date.parse(smile.sourceDeleteAt) <= nowMs) return <p className="small muted">The photo is being deleted</p>;
	return (
		<p className="small muted">
			The photo leaves at <Time at={smile.sourceDeleteAt} />
		</p>
	);
}

function LiveLine({ renderId, name }: { renderId: string; name: string }) {
	const { live } = useLiveRender(renderId, null);
	if (live === null) return null;
	const perCent = Math.round(live.progress * 100);
	return (
		<div className="live">
			<Meter perCent={perCent} label={`The smile of ${name}`} />
			<span className="num small">{perCent} %</span>
		</div>
	);
}
