import { useStudio } from '../shell';
import { Hero } from './hero';
import { Prices } from './prices';
import { Scene } from './scene';
import { StartLinks } from './start-links';
import { ToCome } from './to-come';

export function ImageLanding() {
	const { welcomeCredits, tools } = useStudio();
	const price = tools.at(0)?.credits;
	return (
		<div className="wrap landing">
			<Hero
				actions={<StartLinks first="Make a first picture" second={{ to: '#prices', label: 'What it costs' }} />}
				note={`${welcomeCredits} credits to start, no card.${price === undefined ? '' : ` A picture costs ${price}.`}`}
				picture={<Scene label="Cut from paper, in code. Not made by AI." />}
			/>
			<section className="sec proof">
				<div className="head">
					<h2>Yours until you say so</h2>
					<p className="lead">
						Nobody else can open your pictures. Delete one and it is gone from our store, with a signed receipt that
						says so.
					</p>
				</div>
			</section>
			<Prices />
			<ToCome />
		</div>
	);
}
