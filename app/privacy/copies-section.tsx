import { Form, useNavigation } from '@remix-run/react';
import { Download } from 'lucide-react';

import { Button } from '../components/button';
import { Chip } from '../components/chip';
import { Time } from '../components/time';
import { useStudio } from '../shell';
import { sizeWords } from '../size-words';
import type { Privacy } from './read-privacy';

type Copy = Privacy['exports'][number];

/** One file with everything: asked for here, made elsewhere, there for a day. */
export function CopiesSection({ copies, hasAccount }: { copies: readonly Copy[]; hasAccount: boolean }) {
	const { tenancy } = useStudio();
	const isPending = useNavigation().formData?.get('intent') === 'copy';
	const isMade = copies.some(({ state }) => state === 'queued');
	return (
		<section className="part">
			<h2>Take it with you</h2>
			<p className="soft">
				One ZIP file with {hasAccount ? `everything about you and in the ${tenancy.word}` : 'everything about you'}:
				tables as JSON, pictures and videos as they are, and a list that names what is not in it and why. It is there
				for a day.
			</p>
			{copies.length > 0 && (
				<ul className="rows">
					{copies.map((copy) => (
						<CopyRow key={copy.id} copy={copy} />
					))}
				</ul>
			)}
			{isMade ? (
				<p className="soft">You can close this page. We mail you when the copy is ready.</p>
			) : (
				<Form method="post">
					<Button look="main" fill name="intent" value="copy" isPending={isPending} pendingLabel="Asking…">
						Make a copy
					</Button>
				</Form>
			)}
		</section>
	);
}

function CopyRow({ copy }: { copy: Copy }) {
	const { id, state, requestedAt, deleteAt, byteLength } = copy;
	return (
		<li>
			<div>
				<b>
					Copy of <Time at={requestedAt} />
				</b>
				<span className="small muted">
					{state === 'ready' && byteLength !== null ? sizeWords(byteLength) : WORDS[state]}
				</span>
			</div>
			{state === 'ready' ? (
				<>
					<Chip state="soon">
						<span>
							until <Time at={deleteAt} />
						</span>
					</Chip>
					<a className="btn line" href={`/privacy/copies/${id}`}>
						<Download size={18} strokeWidth={1.75} aria-hidden="true" />
						Download
						<span className="vh">
							{' '}
							the copy of <Time at={requestedAt} />
						</span>
					</a>
				</>
			) : (
				<Chip state={CHIPS[state]}>{STATES[state]}</Chip>
			)}
		</li>
	);
}

const STATES = { queued: 'being made', failed: 'failed', gone: 'deleted' } as const;
const CHIPS = { queued: 'hand', failed: 'stop', gone: 'gone' } as const;
const WORDS: Readonly<Record<Copy['state'], string>> = {
	queued: 'Usually ready within a minute.',
	ready: '',
	failed: 'It could not be made. Ask for another, or ask us below.',
	gone: 'Its day is over, or something in it was deleted.',
};
