import { shortDayWords } from '../times';
import { useShell, useStudio } from '../shell';
import type { Usage } from './answers';

type Day = Usage['days'][number];

/** What was spent each day, solid, and what is held, hatched; the same as a table below it. */
export function UsageChart({ usage }: { usage: Usage | null }) {
	const { work } = useStudio();
	return (
		<section className="use">
			<div className="row spread">
				<h2>Last 30 days</h2>
				{usage !== null && usage.spent > 0 && (
					<p className="soft num">
						{usage.spent} credits, {usage.works} {usage.works === 1 ? work.one : work.many}
					</p>
				)}
			</div>
			{usage === null ? (
				<p className="soft gap">
					This cannot be shown just now. Your credits and entries are right. Load the page again.
				</p>
			) : (
				<Days days={usage.days} />
			)}
		</section>
	);
}

function Days({ days }: { days: readonly Day[] }) {
	const { dates } = useShell();
	const most = Math.max(0, ...days.map(({ spent, held }) => spent + held));
	if (most === 0) return <p className="soft gap">Nothing was spent in the last 30 days.</p>;
	const first = days.at(0);
	const middle = days.at(Math.floor(days.length / 2));
	return (
		<>
			<figure>
				<div className="bars" aria-hidden="true">
					<span className="top">{most} credits</span>
					{days.map((day) => (
						<Bar key={day.day} day={day} most={most} />
					))}
				</div>
				<div className="x" aria-hidden="true">
					<span>{first !== undefined && shortDayWords(first.day, dates)}</span>
					<span>{middle !== undefined && shortDayWords(middle.day, dates)}</span>
					<span>today</span>
				</div>
				<figcaption className="key">
					<span>
						<i />
						spent
					</span>
					<span>
						<i className="h" />
						held
					</span>
					<span className="muted">each day</span>
				</figcaption>
			</figure>
			<DayTable days={days} />
		</>
	);
}

function Bar({ day: { spent, held }, most }: { day: Day; most: number }) {
	if (spent + held === 0) return <i className="z" />;
	return (
		<span>
			{held > 0 && <i className="h" style={{ height: share(held, most) }} />}
			{spent > 0 && <i style={{ height: share(spent, most) }} />}
		</span>
	);
}

function share(part: number, most: number): string {
	return `${(part / most) * 100}%`;
}

/** Only the days on which something happened: thirty rows of nothing would hide them. */
function DayTable({ days }: { days: readonly Day[] }) {
	const { dates } = useShell();
	const busy = days.filter(({ spent, held }) => spent + held > 0);
	return (
		<details className="same">
			<summary>The same as a table</summary>
			<table className="tbl">
				<caption className="vh">Credits a day, on days with any</caption>
				<thead>
					<tr>
						<th scope="col">Day</th>
						<th scope="col" className="r">
							Spent
						</th>
						<th scope="col" className="r">
							Held
						</th>
					</tr>
				</thead>
				<tbody>
					{busy.map(({ day, spent, held }) => (
						<tr key={day}>
							<th scope="row" className="plain">
								{shortDayWords(day, dates)}
							</th>
							<td className="r">{spent}</td>
							<td className="r">{held}</td>
						</tr>
					))}
				</tbody>
			</table>
		</details>
	);
}
