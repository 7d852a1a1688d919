import type { Studio } from '../../studios/studio';
import { useShell, useStudio } from '../shell';
import { shortDayWords } from '../times';
import { ageChart, CHART } from './age-chart';
import { ageWords } from './age-words';
import { byDay, CHART_DAYS, chartPoints, countWords, type Evidence } from './evidence-view';

const DAY_MS = 86_400_000;

export function photoOf({ subjectWord }: Pick<Studio, 'subjectWord'>): string {
	return subjectWord === '' ? 'photo' : `${subjectWord} photo`;
}

/** The chart of ages, what to see in it, and the same as a table. */
export function OldestPhoto({ evidence, promiseMs }: { evidence: Evidence; promiseMs: number }) {
	const studio = useStudio();
	const { nowMs } = useShell();
	const points = chartPoints(evidence.history, nowMs);
	const hours = promiseMs / 3_600_000;
	const isKept = points.every(({ late }) => late === 0);
	return (
		<figure>
			<figcaption>
				<h2>{`Age of the oldest ${photoOf(studio)}`}</h2>
				<p className="soft">
					{`Every four hours for ${CHART_DAYS} days. Where the line breaks, nothing was measured. `}
					{isKept
						? `No photo stayed later than a quarter of an hour past its ${hours} hours.`
						: `Photos stayed longer than ${hours} hours: the table says on which days.`}
				</p>
			</figcaption>
			{points.length < 2 ? (
				<p className="soft">The line begins with the second measurement, an hour after the first.</p>
			) : (
				<Plot points={points} promiseMs={promiseMs} nowMs={nowMs} />
			)}
			<Days evidence={evidence} nowMs={nowMs} />
		</figure>
	);
}

function Plot({ points, promiseMs, nowMs }: { points: Evidence['history']; promiseMs: number; nowMs: number }) {
	const { dates } = useShell();
	const fromMs = nowMs - CHART_DAYS * DAY_MS;
	const chart = ageChart(points, { fromMs, untilMs: nowMs, promiseMs });
	const top = chart.ticks.at(-1)?.share ?? 0;
	const dayAt = (days: number) => new Date(fromMs + days * DAY_MS).toISOString().slice(0, 10);
	return (
		<>
			<p className="vh">{chart.words}</p>
			<div className="plot">
				<svg
					viewBox={`0 0 ${CHART.width} ${CHART.height}`}
					preserveAspectRatio="none"
					width={CHART.width}
					height={CHART.height}
					aria-hidden="true"
				>
					<path className="chart-a" d={chart.area} />
					<path
						className="chart-g"
						d={chart.ticks
							.slice(0, -1)
							.map(({ share }) => `M0 ${CHART.height * share}H${CHART.width}`)
							.join('')}
					/>
					<path className="chart-l" d={chart.line} />
					<path className="chart-p" d={`M0 ${chart.promiseY}H${CHART.width}`} />
				</svg>
				{chart.ticks.map(({ hours, share }) => (
					<span key={hours} className="y" style={{ top: `${share * 100}%` }} aria-hidden="true">
						{hours} h
					</span>
				))}
				<span className="pl" style={{ top: `${top * 100}%` }} aria-hidden="true">
					the promise
				</span>
			</div>
			<div className="x" aria-hidden="true">
				<span>{shortDayWords(dayAt(0), dates)}</span>
				<span>{shortDayWords(dayAt(CHART_DAYS / 2), dates)}</span>
				<span>now</span>
			</div>
		</>
	);
}

function Days({ evidence, nowMs }: { evidence: Evidence; nowMs: number }) {
	const { dates } = useShell();
	const days = byDay(chartPoints(evidence.history, nowMs));
	return (
		<details>
			<summary>The same as a table</summary>
			<table className="tbl">
				<caption className="vh">Each day’s oldest photo, and how many were late at once</caption>
				<thead>
					<tr>
						<th scope="col">Day</th>
						<th scope="col">Oldest</th>
						<th scope="col" className="r">
							Late
						</th>
					</tr>
				</thead>
				<tbody>
					{days.map(({ day, oldestAgeMs, late }) => (
						<tr key={day}>
							<th scope="row">{shortDayWords(day, dates)}</th>
							<td>{oldestAgeMs === null ? 'none held' : ageWords(oldestAgeMs)}</td>
							<td className="r">{countWords(late)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</details>
	);
}
