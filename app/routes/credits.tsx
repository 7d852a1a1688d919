import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData } from '@remix-run/react';

import type { Studio } from '../../studios/studio';
import { apiFor, turnedAway } from '../api';
import { ButtonLink } from '../components/button';
import { Page } from '../components/page';
import { Table, type Column } from '../components/table';
import { Time } from '../components/time';
import { useShell, useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Credits');

const ENTRIES_A_PAGE = 20;

/** Entries alone: the balance is part of the session, which the root has. */
export async function loader({ request, context }: LoaderFunctionArgs) {
	const cursor = new URL(request.url).searchParams.get('cursor');
	const answer = await apiFor(context, request).v1.credits.entries.$get({
		query: { limit: String(ENTRIES_A_PAGE), ...(cursor === null ? {} : { cursor }) },
	});
	if (!answer.ok) throw await turnedAway(answer, request);
	return { ...(await answer.json()), isFirstPage: cursor === null };
}

type Entry = Awaited<ReturnType<typeof loader>>['items'][number];

export default function Credits() {
	const { items, nextCursor, isFirstPage } = useLoaderData<typeof loader>();
	const studio = useStudio();
	return (
		<Page>
			<h1 className="vh">Credits</h1>
			{isFirstPage && <Balance studio={studio} />}
			<section className="ent">
				<h2>{isFirstPage ? 'Every entry' : 'Older entries'}</h2>
				<Table
					caption="Entries, newest first"
					rows={items}
					keyOf={(entry) => entry.id}
					empty={emptyWords(studio)}
					columns={columnsOf(studio)}
				/>
				<div className="row">
					{!isFirstPage && (
						<Link className="tap" to="/credits">
							Newest entries
						</Link>
					)}
					{nextCursor !== null && (
						<Link className="tap" to={`/credits?cursor=${encodeURIComponent(nextCursor)}`}>
							Older entries
						</Link>
					)}
				</div>
			</section>
		</Page>
	);
}

/** An account without a single entry is one that began without the welcome credits, which are an entry. */
function emptyWords({ tenancy, welcomeCredits }: Studio): string {
	const who = tenancy.kind === 'personal' ? 'you' : 'the owner';
	return `Nothing was added or spent yet. The ${welcomeCredits} credits to start are given once to each person, and ${who} had them before.`;
}

function columnsOf(studio: Studio): readonly Column<Entry>[] {
	return [
		{ key: 'when', head: 'When', isSpare: true, cell: (entry) => <Time at={entry.createdAt} /> },
		{ key: 'what', head: 'What', cell: (entry) => <What entry={entry} studio={studio} /> },
		{ key: 'credits', head: 'Credits', isNumber: true, cell: (entry) => <Amount entry={entry} /> },
	];
}

function Balance({ studio }: { studio: Studio }) {
	const { session } = useShell();
	if (!session.signedIn) return null;
	const { available, held } = session.credits;
	const total = available + held;
	const price = studio.tools.at(0)?.credits;
	const canAffordOne = price !== undefined && available >= price;
	return (
		<div className="topg">
			<section className="bigfig" aria-label="Balance">
				<p className="soft">Free to use</p>
				<span className="n">{available}</span>
				<p className="soft">{balanceWords(studio, available, held)}</p>
				{canAffordOne && (
					<div className="row">
						<ButtonLink to={studio.slug === 'dental' ? `${studio.work.path}/new` : studio.work.path} look="main" fill>
							New {studio.work.one}
						</ButtonLink>
					</div>
				)}
			</section>
			<section>
				<h2 className="h3">Where they are</h2>
				<div className="meter multi tall" aria-hidden="true">
					{available > 0 && <i style={{ width: `${(available / total) * 100}%` }} />}
					{held > 0 && <i className="held" style={{ width: `${(held / total) * 100}%` }} />}
				</div>
				<ul className="bk">
					<li>
						<i />
						<b>Free to use</b>
						<b className="num">{available}</b>
					</li>
					<li>
						<i className="h" />
						<b>Held</b>
						<b className="num">{held}</b>
						<p>spent when the {studio.work.one} is ready, given back if it is not</p>
					</li>
				</ul>
				<p className="small muted gap">Buying more is not open yet.</p>
			</section>
		</div>
	);
}

function balanceWords({ tools, work }: Studio, available: number, held: number): string {
	const price = tools.at(0)?.credits;
	const inHand = held === 0 ? '' : `and ${held} held for what is being made. `;
	if (price === undefined) return `${inHand}There is nothing to spend them on yet.`;
	const count = Math.floor(available / price);
	if (count === 0) return `${inHand}Not enough for a ${work.one}, which costs ${price}.`;
	return `${inHand}Enough for ${count} ${count === 1 ? work.one : work.many}.`;
}

function What({ entry, studio }: { entry: Entry; studio: Studio }) {
	return (
		<>
			{entry.renderId === null ? (
				entry.sentence
			) : (
				<Link to={`${studio.work.path}/${entry.renderId}`}>{entry.sentence}</Link>
			)}
			<p className="small muted only-s">
				<Time at={entry.createdAt} />
			</p>
		</>
	);
}

const MINUS = '\u2212';

function Amount({ entry: { kind, amount } }: { entry: Entry }) {
	if (kind === 'hold') return <span className="heldn">{Math.abs(amount)} held</span>;
	return <span className="amt-cell">{amount < 0 ? `${MINUS}${-amount}` : amount > 0 ? `+${amount}` : 0}</span>;
}
