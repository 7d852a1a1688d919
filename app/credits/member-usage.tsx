import { capitalised } from '../components/navigation';
import { Table, type Column } from '../components/table';
import { useStudio } from '../shell';
import type { MemberUsage } from './answers';

/** Who spent what in the last 30 days; null when it cannot be said just now. */
export function MemberUsageSection({ members }: { members: readonly MemberUsage[] | null }) {
	const { work } = useStudio();
	return (
		<section className="part">
			<h2>Who used them, last 30 days</h2>
			{members === null ? (
				<p className="soft">This cannot be shown just now. Load the page again.</p>
			) : (
				<Table
					caption="Credits used by each person in the last 30 days"
					rows={members}
					keyOf={({ userId }) => userId}
					empty={`No ${work.one} was paid for in the last 30 days.`}
					columns={columnsOf(work.many)}
				/>
			)}
		</section>
	);
}

function columnsOf(many: string): readonly Column<MemberUsage>[] {
	return [
		{ key: 'who', head: 'Who', cell: nameOf },
		{ key: 'works', head: capitalised(many), isNumber: true, cell: ({ works }) => works },
		{ key: 'credits', head: 'Credits', isNumber: true, cell: ({ credits }) => credits },
	];
}

function nameOf({ name }: MemberUsage) {
	return <span className="address">{name ?? 'Somebody who is gone'}</span>;
}
