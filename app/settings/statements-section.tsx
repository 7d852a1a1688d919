import { Time } from '../components/time';
import { useStudio } from '../shell';
import type { Me } from './read-me';

/** What the person stated about themselves, which text it was, and when. */
export function StatementsSection({ statements }: { statements: Me['statements'] }) {
	const { statement, name } = useStudio();
	if (statement === null && statements.length === 0) return null;
	return (
		<section className="part">
			<h2>What you stated</h2>
			{statements.length === 0 ? (
				<p className="soft">Nothing yet. {name} asks for one statement before the first work begins.</p>
			) : (
				<ul className="rows">
					{statements.map(({ kind, textVersion, madeAt }) => (
						<li key={`${kind}.${textVersion}`}>
							<div>
								<b>
									{kind === statement?.kind && textVersion === statement.textVersion ? statement.text : KINDS[kind]}
								</b>
								<span className="small muted">
									Stated on <Time at={madeAt} as="document" />, in the words of version {textVersion}
								</span>
							</div>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

const KINDS: Readonly<Record<Me['statements'][number]['kind'], string>> = {
	professional: 'You work in dentistry, in the words of an earlier text.',
	age: 'You are old enough, in the words of an earlier text.',
};
