import { useStudio } from '../shell';

/** What the studio will do and does not yet, said as that. */
export function ToCome() {
	const { toCome } = useStudio();
	if (toCome.length === 0) return null;
	return (
		<section className="sec" id="to-come">
			<div className="head">
				<h2>To come</h2>
				<p className="lead">None of this works yet. It is listed so that you know where this goes.</p>
			</div>
			<ul className="price">
				{toCome.map((item) => (
					<li key={item} className="one">
						{item}
					</li>
				))}
			</ul>
		</section>
	);
}
