import { useStudio } from '../shell';
import { ageWords } from './age-words';
import { isInTable, promiseOf, whatOf } from './class-words';
import { countWords, type ClassEvidence, type Evidence } from './evidence-view';

/** Everything that has a time limit, each against its promise. */
export function ClassTable({ evidence }: { evidence: Evidence }) {
	const studio = useStudio();
	const order = Object.keys(studio.policy.data);
	const rankOf = ({ dataClass }: ClassEvidence) => (order.indexOf(dataClass) + order.length + 1) % (order.length + 1);
	const rows = evidence.classes
		.filter(({ dataClass }) => isInTable(dataClass))
		.toSorted((one, other) => rankOf(one) - rankOf(other));
	return (
		<table className="tbl cards">
			<caption className="vh">What is held now, against what was promised</caption>
			<thead>
				<tr>
					<th scope="col">What</th>
					<th scope="col">Promise</th>
					<th scope="col">Oldest now</th>
					<th scope="col" className="r hide-s">
						Held
					</th>
					<th scope="col" className="r">
						Late
					</th>
				</tr>
			</thead>
			<tbody>
				{rows.map(({ dataClass, promiseMs, held, oldestAgeMs, late }) => (
					<tr key={dataClass}>
						<th scope="row">{whatOf(studio, dataClass)}</th>
						<td className="soft">{promiseOf(studio, dataClass, promiseMs)}</td>
						<td className="oldest">{oldestAgeMs === null ? 'none' : ageWords(oldestAgeMs)}</td>
						<td className="r hide-s">{countWords(held)}</td>
						<td className="r late">{countWords(late)}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
