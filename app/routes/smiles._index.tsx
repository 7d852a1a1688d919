import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData } from '@remix-run/react';
import { Plus } from 'lucide-react';

import { toolOf } from '../../studios/studio';
import { apiFor, turnedAway } from '../api';
import { ButtonLink } from '../components/button';
import { EmptyState } from '../components/empty-state';
import { Figure } from '../components/figure';
import { Page } from '../components/page';
import { useFreshMedia } from '../render/use-fresh-media';
import { useShell, useStudio } from '../shell';
import { requireSmileTool, SMILE_TOOL } from '../smile/require-smile-tool';
import { SmileRow } from '../smile/smile-row';
import { smileStyles } from '../smile/styles';
import { wizardPaths } from '../smile/wizard-steps';
import { titled } from '../title';

const PAGE_LENGTH = 20;
/** In the address: only smiles whose consent is missing, not in force, or about to end. */
const ATTENTION = 'attention';
/** A browser keeps six connections to one host under HTTP/1.1; half of them stay free for the next page. */
const LIVE_ROWS_MAX = 3;

export const meta = titled('Smiles');
export const links = smileStyles;

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireSmileTool(context);
	const search = new URL(request.url).searchParams;
	const cursor = search.get('cursor');
	const isFiltered = search.get('show') === ATTENTION;
	const answer = await apiFor(context, request).v1.renders.$get({
		query: {
			limit: `${PAGE_LENGTH}`,
			...(cursor === null ? {} : { cursor }),
			...(isFiltered ? { needsAttention: 'yes' as const } : {}),
		},
	});
	if (!answer.ok) throw await turnedAway(answer, request);
	return { ...(await answer.json()), isFirstPage: cursor === null, isFiltered };
}

export default function SmilesPage() {
	const { items, nextCursor, isFirstPage, isFiltered } = useLoaderData<typeof loader>();
	const fresh = useFreshMedia();
	const live = new Set(
		items
			.filter(({ state }) => state === 'queued' || state === 'running')
			.slice(0, LIVE_ROWS_MAX)
			.map(({ id }) => id),
	);
	return (
		<Page>
			<div className="smiles-head">
				<h1>Smiles</h1>
				{(items.length > 0 || isFiltered) && <NewSmile />}
			</div>
			<div className="smiles-cols">
				<section aria-label="Recent smiles">
					{(items.length > 0 || isFiltered) && <Filter isFiltered={isFiltered} />}
					{items.length === 0 && isFirstPage && isFiltered && (
						<p className="soft">Nothing needs attention: every smile that is here rests on a consent in force.</p>
					)}
					{items.length === 0 && isFirstPage && !isFiltered && (
						<EmptyState title="No smiles yet" action={<NewSmile />}>
							You need a patient who agrees, and one photo with the teeth showing. It takes about two minutes.
						</EmptyState>
					)}
					{items.length === 0 && !isFirstPage && <p className="soft">There are no earlier smiles.</p>}
					<ul className="smiles" onErrorCapture={fresh}>
						{items.map((smile) => (
							<SmileRow key={smile.id} smile={smile} isLive={live.has(smile.id)} />
						))}
					</ul>
					{nextCursor !== null && <ButtonLink to={listPath(isFiltered, nextCursor)}>Earlier smiles</ButtonLink>}
					<p className="soft below">
						{/* That page compiles WebAssembly, which the policy of this document forbids: it comes as its own. */}
						<Link className="tap" to="/pairs/new" reloadDocument>
							Align a before and a real after
						</Link>
					</p>
				</section>
				<Balance />
			</div>
		</Page>
	);
}

/** Every smile, or those alone whose consent somebody has to look after. */
function Filter({ isFiltered }: { isFiltered: boolean }) {
	return (
		<nav className="smiles-filter" aria-label="Which smiles">
			<Link to={listPath(false, null)} aria-current={isFiltered ? undefined : 'page'}>
				All
			</Link>
			<Link to={listPath(true, null)} aria-current={isFiltered ? 'page' : undefined}>
				Needs attention
			</Link>
		</nav>
	);
}

function listPath(isFiltered: boolean, cursor: string | null): string {
	const search = new URLSearchParams({
		...(isFiltered ? { show: ATTENTION } : {}),
		...(cursor === null ? {} : { cursor }),
	}).toString();
	return search === '' ? '/smiles' : `/smiles?${search}`;
}

function NewSmile() {
	return (
		<ButtonLink to={wizardPaths.patient} look="main" fill>
			<Plus size={18} strokeWidth={1.75} aria-hidden="true" />
			New smile
		</ButtonLink>
	);
}

function Balance() {
	const { session } = useShell();
	const price = toolOf(useStudio(), SMILE_TOOL)?.credits ?? 1;
	if (!session.signedIn) return null;
	const { available, held } = session.credits;
	const enough = Math.floor(available / price);
	return (
		<aside>
			<Figure value={available} unit=" credits">
				{enough === 0 && `A video costs ${price}.`}
				{enough === 1 && `Enough for 1 video at ${price} credits.`}
				{enough > 1 && `Enough for ${enough} videos at ${price} credits each.`}
				{held > 0 && ` ${held} more are held until the video in hand is ready.`}
			</Figure>
		</aside>
	);
}
