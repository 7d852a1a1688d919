import type { Comparability } from '../../smile/comparability';
import { Figure } from '../components/figure';
import type { AlignedPair } from '../smile-lab/smile-work';

const ASPECTS = { pose: 'How the head is held', framing: 'Framing', light: 'Light' } as const;

/** How comparable the two photos are as they came, why not more, and what was done to the second one. */
export function PairScore({ pair }: { pair: AlignedPair }) {
	const { comparability, gain, missPx } = pair;
	return (
		<div className="stack-5">
			<section>
				<h2 className="h3">How comparable they are</h2>
				<Figure value={comparability.score} unit="of 100">
					{verdictOf(comparability)}
				</Figure>
				<dl className="pay">
					{comparability.aspects.map(({ aspect, points, most, reasons }) => (
						<div key={aspect} className="aspect">
							<dt>
								{ASPECTS[aspect]}
								{reasons.map((reason) => (
									<span key={reason} className="small muted reason">
										{reason}
									</span>
								))}
							</dt>
							<dd className="num">
								{Math.round(points)} of {most}
							</dd>
						</div>
					))}
				</dl>
			</section>
			<section>
				<h2 className="h3">What was done to the after photo</h2>
				<p className="soft">
					Moved, turned and scaled as a whole, to {missPx.toFixed(1)} pixels of the before photo at the eyes and the
					nose.
					{lightWords(gain)} Nothing was bent, and no tooth was recoloured.
				</p>
			</section>
		</div>
	);
}

/** A score says whether the two can be shown beside each other as they are. */
function verdictOf({ score }: Comparability): string {
	if (score >= 85) return 'Shown beside each other, they let teeth be compared.';
	if (score >= 65) return 'Part of what one sees is the photo and not the treatment. Say so where you show them.';
	return 'What one sees here is mostly the photo. Take the after photo again, in the light and pose of the before one.';
}

function lightWords(gain: number): string {
	const perCent = Math.round((gain - 1) * 100);
	if (perCent === 0) return ' Its light was left as it is.';
	return ` Its light was made ${Math.abs(perCent)} % ${perCent > 0 ? 'brighter' : 'darker'}, by the skin around the mouth.`;
}
