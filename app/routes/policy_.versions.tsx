import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData } from '@remix-run/react';

import { apiFor, turnedAway } from '../api';
import { Page } from '../components/page';
import { policyStyles } from '../policy/styles';
import { VersionRow } from '../policy/version-row';
import { STILL } from '../still';
import { titled } from '../title';

export const handle = STILL;

export const meta = titled('What changed in our promises', { isPublic: true });

export const links = policyStyles;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.policy.versions.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	return answer.json();
}

export default function PolicyVersions() {
	const { items } = useLoaderData<typeof loader>();
	return (
		<Page width="narrow">
			<div>
				<h1>What changed</h1>
				<p className="lead">
					Every text of <Link to="/policy">what we promise</Link>, the newest first.
				</p>
				{items.map((version) => (
					<VersionRow key={version.version} version={version} />
				))}
			</div>
		</Page>
	);
}
