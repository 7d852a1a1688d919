import { Hero } from './hero';
import { Scene } from './scene';
import { StartLinks } from './start-links';
import { ToCome } from './to-come';

export function MediaLanding() {
	return (
		<div className="wrap landing">
			<Hero
				actions={<StartLinks first="Create account" second={{ to: '#to-come', label: 'What is to come' }} />}
				note="The tools are being built. An account can be opened now."
				picture={<Scene label="Cut from paper, in code." />}
			/>
			<ToCome />
		</div>
	);
}
