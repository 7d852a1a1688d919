import type { LoaderFunctionArgs } from '@remix-run/cloudflare';

import { ButtonLink } from '../components/button';
import { EmptyState } from '../components/empty-state';
import { Page } from '../components/page';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Pieces');

export function loader({ context }: LoaderFunctionArgs) {
	if (context.studio !== 'media') throw new Response(null, { status: 404 });
	return null;
}

export default function Pieces() {
	const { toCome } = useStudio();
	return (
		<Page>
			<h1>Pieces</h1>
			<div className="ask">
				<EmptyState
					title="Nothing can be made here yet"
					action={
						<ButtonLink to="/#to-come" look="line">
							What this will be
						</ButtonLink>
					}
				>
					The tools are being built. Your account and its credits are kept until they work.
				</EmptyState>
			</div>
			{toCome.length > 0 && (
				<section className="part">
					<h2>To come</h2>
					<ul className="stack-2">
						{toCome.map((item) => (
							<li key={item}>{item}</li>
						))}
					</ul>
				</section>
			)}
		</Page>
	);
}
