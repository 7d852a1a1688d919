import { useLocation } from '@remix-run/react';

import { askWords } from './ask-words';
import type { PagePlan } from './plan-page';

/** The same question as a plain form, at the end of the page, for a browser that runs no script. */
export function AskForm({ asks }: { asks: PagePlan['asks'] }) {
	const { pathname } = useLocation();
	const { title, text } = askWords(asks);
	return (
		<form className="ck" method="post" action="/choices" aria-label="Choice about measurement">
			<h2 className="h3">{title}</h2>
			<p className="soft">{text}</p>
			<input type="hidden" name="next" value={pathname} />
			{[...new Set(asks.map(({ purpose }) => purpose))].map((purpose) => (
				<input key={purpose} type="hidden" name="purpose" value={purpose} />
			))}
			<div className="row">
				<button className="btn line" type="submit" name="answer" value="no">
					No
				</button>
				<button className="btn line" type="submit" name="answer" value="yes">
					Yes
				</button>
				<a className="btn quiet" href="/choices">
					Choose one by one
				</a>
			</div>
		</form>
	);
}
