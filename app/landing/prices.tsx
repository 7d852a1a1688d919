import { Link } from '@remix-run/react';

import { useStudio } from '../shell';

/** What each tool costs, in credits, with its parts; and what a new account starts with. */
export function Prices() {
	const { tools, welcomeCredits, work } = useStudio();
	return (
		<section className="sec" id="prices">
			<div className="head">
				<h2>{`Pay for the ${work.many} you make`}</h2>
			</div>
			<ul className="price">
				{tools.map((tool) => (
					<li key={tool.id}>
						<b>{tool.title}</b>
						<span className="soft">
							{tool.breakdown.map((part) => `${part.item}: ${part.credits} credits`).join('. ')}.
						</span>
						<span className="amt">
							{tool.credits}
							<small> credits</small>
						</span>
					</li>
				))}
				<li>
					<b>To start</b>
					<span className="soft">Once for each account, without a card.</span>
					<span className="amt">
						{welcomeCredits}
						<small> credits</small>
					</span>
				</li>
			</ul>
			<p className="small muted">
				{`Credits are set aside when a ${work.one} starts and spent when it is ready. If it fails, they come back by themselves.`}{' '}
				<Link to="/pricing">Plans and packs</Link>
			</p>
		</section>
	);
}
