import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData } from '@remix-run/react';

import { apiFor, turnedAway } from '../api';
import { Chip } from '../components/chip';
import { Page } from '../components/page';
import { Time } from '../components/time';
import type { WholeClaim } from '../policy/answers';
import { chipOf, counted, oldestWords } from '../policy/policy-words';
import { policyStyles } from '../policy/styles';
import { STILL } from '../still';
import { titled } from '../title';

export const handle = STILL;

export const meta = titled('How we check', { isPublic: true });

export const links = policyStyles;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.policy.claims[':id'].$get({ param: { id: params['id'] ?? '' } });
	if (!answer.ok) throw await turnedAway(answer, request);
	return answer.json();
}

const GRADES: Readonly<Record<WholeClaim['grade'], string>> = {
	E1: 'Checked in schema, configuration and code, each time that we build.',
	E2: 'Tried against a real database, store and queue, each time that we build.',
	E3: 'Tried in a browser, with all that leaves it and all that it keeps.',
	E4: 'Tried each time that we build, and looked at again every hour where it runs.',
	E5: 'Vouched for by a person until a date: no machine can prove a contract.',
};

export default function ClaimPage() {
	const claim = useLoaderData<typeof loader>();
	const { chip, word } = chipOf(claim);
	return (
		<Page width="narrow">
			<div className="claim-page">
				<p className="small">
					<Link to={`/policy#${claim.id}`}>What we promise</Link>
				</p>
				<h1>{claim.sentence}</h1>
				<p className="row">
					<Chip state={chip}>{word}</Chip> <span className="small soft">{claim.id}</span>
				</p>
				<p>
					{oldestWords(claim)} {claim.why}{' '}
					{claim.at !== null && (
						<>
							Known since <Time at={claim.at} as="document" />.
						</>
					)}
				</p>
				<p className="soft">{GRADES[claim.grade]}</p>
				<Proof claim={claim} />
				{claim.evidence !== null && (
					<p>
						The newest look and all before it are on the page of <Link to="/evidence">evidence</Link>.
					</p>
				)}
			</div>
		</Page>
	);
}

function Proof({ claim: { enforcedBy, tests, ran, passed } }: { claim: WholeClaim }) {
	if (enforcedBy.length === 0 && tests.length === 0) return null;
	return (
		<>
			<h2>What keeps it</h2>
			<ul className="proof-list">
				{enforcedBy.map((file) => (
					<li key={file}>
						<code>{file}</code>
					</li>
				))}
			</ul>
			<h2>What shows it</h2>
			<p className="soft">
				{ran === null || ran === 0
					? 'These tests have not been run on this build yet.'
					: `${passed ?? 0} of ${counted(ran, 'test')} passed on this build.`}
			</p>
			<ul className="proof-list">
				{tests.map(({ file, title }) => (
					<li key={`${file} ${title}`}>
						<p className="serif">{title}</p>
						<code className="small soft">{file}</code>
					</li>
				))}
			</ul>
		</>
	);
}
