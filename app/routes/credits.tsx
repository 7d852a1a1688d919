import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData } from '@remix-run/react';
import { Download } from 'lucide-react';

import { apiFor, turnedAway } from '../api';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Balance } from '../credits/balance';
import { BucketList } from '../credits/bucket-list';
import { EntryTable } from '../credits/entry-table';
import { creditsStyles } from '../credits/styles';
import { UsageChart } from '../credits/usage-chart';
import { titled } from '../title';

export const meta = titled('Credits');
export const links = creditsStyles;

const ENTRIES_A_PAGE = 20;
const USAGE_DAYS = '30';

export async function loader({ request, context }: LoaderFunctionArgs) {
	const cursor = new URL(request.url).searchParams.get('cursor');
	const { credits } = apiFor(context, request).v1;
	const [balance, entries, usage] = await Promise.all([
		cursor === null ? credits.$get() : null,
		credits.entries.$get({ query: { limit: String(ENTRIES_A_PAGE), ...(cursor === null ? {} : { cursor }) } }),
		cursor === null ? credits.usage.$get({ query: { days: USAGE_DAYS } }) : null,
	]);
	if (!entries.ok) throw await turnedAway(entries, request);
	if (balance !== null && !balance.ok) throw await turnedAway(balance, request);
	return {
		...(await entries.json()),
		credits: balance === null ? null : await balance.json(),
		// The chart may be missing without the rest being wrong.
		usage: usage?.ok === true ? await usage.json() : null,
	};
}

export default function CreditsPage() {
	const { items, nextCursor, credits, usage } = useLoaderData<typeof loader>();
	const isFirstPage = credits !== null;
	const holds = items.filter(({ kind }) => kind === 'hold');
	const isAllForWork = holds.reduce((sum, { amount }) => sum - amount, 0) === credits?.held;
	return (
		<Page>
			<h1 className="vh">Credits</h1>
			{credits !== null && (
				<>
					{credits.owed > 0 && <Owed credits={credits.owed} />}
					<div className="topg">
						<Balance credits={credits} holds={isAllForWork ? holds : []} />
						<BucketList credits={credits} isAllForWork={isAllForWork} />
					</div>
					<UsageChart usage={usage} />
				</>
			)}
			<section className="ent">
				<div className="row spread">
					<h2>{isFirstPage ? 'Every entry' : 'Older entries'}</h2>
					<a className="btn line" href="/credits/file" download>
						<Download size={18} strokeWidth={1.75} aria-hidden="true" />
						CSV<span className="vh"> of every entry</span>
					</a>
				</div>
				<EntryTable entries={items} />
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

function Owed({ credits }: { credits: number }) {
	return (
		<Notice kind="soon" title={`${credits} ${credits === 1 ? 'credit is' : 'credits are'} owed`}>
			A payment was given back after some of its credits were spent. The next credits that come pay for these first, and
			nothing else is asked of you.
		</Notice>
	);
}
