import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData } from '@remix-run/react';

import { apiFor, turnedAway } from '../api';
import { EntryRows } from '../audit/entry-rows';
import { FilterForm } from '../audit/filter-form';
import { auditPath, isFiltered, readFilter, RECORD_MONTHS } from '../audit/read-filter';
import { EmptyState } from '../components/empty-state';
import { PartFailure } from '../practice/part-failure';
import { zoneOf } from '../preferences';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Who did what');
export const ErrorBoundary = PartFailure;

const ENTRIES_A_PAGE = '30';

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { searchParams } = new URL(request.url);
	const { filter, errors, query } = readFilter(searchParams, zoneOf(request));
	const cursor = searchParams.get('cursor');
	const api = apiFor(context, request);
	const [audit, members] = await Promise.all([
		api.v1.audit.$get({ query: { limit: ENTRIES_A_PAGE, ...query, ...(cursor === null ? {} : { cursor }) } }),
		api.v1.members.$get(),
	]);
	if (!audit.ok) throw await turnedAway(audit, request);
	if (!members.ok) throw await turnedAway(members, request);
	const { items, nextCursor } = await audit.json();
	const people = (await members.json()).items.map(({ id, name }) => ({ id, name }));
	return {
		items,
		nextCursor,
		isFirstPage: cursor === null,
		filter,
		errors,
		people: withThoseWhoLeft(people, items, filter.who),
	};
}

interface Person {
	readonly id: string;
	readonly name: string;
}

/** Members, and whoever did something on this page, or is asked about, without being one any more. */
function withThoseWhoLeft(
	members: readonly Person[],
	entries: readonly { readonly who: { readonly id: string; readonly name: string | null } }[],
	asked: string,
): readonly Person[] {
	const people = new Map(members.map(({ id, name }) => [id, name]));
	for (const { who } of entries) {
		if (!people.has(who.id)) people.set(who.id, `${who.name ?? 'Somebody who is gone'} (not a member)`);
	}
	if (asked !== '' && !people.has(asked)) people.set(asked, 'Somebody who is not a member');
	return [...people].map(([id, name]) => ({ id, name }));
}

export default function Audit() {
	const { items, nextCursor, isFirstPage, filter, errors, people } = useLoaderData<typeof loader>();
	const { tenancy } = useStudio();
	return (
		<>
			<section className="part">
				<h2>{isFirstPage ? 'Who did what' : 'Who did what, older entries'}</h2>
				<p className="soft">
					Only the owner reads this, and reading it leaves an entry too. Entries are never changed, and are kept for{' '}
					{RECORD_MONTHS} months. They name the network that was used, not the address.
				</p>
				<FilterForm key={auditPath(filter, null)} filter={filter} errors={errors} people={people} />
			</section>
			<section className="part" aria-label="Entries">
				{items.length > 0 ? (
					<EntryRows entries={items} word={tenancy.word} />
				) : (
					<EmptyState title={isFiltered(filter) ? 'Nothing fits this filter' : 'No entries yet'} hasGhosts={false}>
						{isFiltered(filter)
							? 'Choose another person, another thing or more days, or show everything.'
							: 'Invitations, roles, keys and the profile leave an entry here when they change.'}
					</EmptyState>
				)}
				<div className="row">
					{!isFirstPage && (
						<Link className="tap" to={auditPath(filter, null)}>
							Newest entries
						</Link>
					)}
					{nextCursor !== null && (
						<Link className="tap" to={auditPath(filter, nextCursor)}>
							Older entries
						</Link>
					)}
				</div>
			</section>
		</>
	);
}
