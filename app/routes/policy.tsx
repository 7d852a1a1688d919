import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData } from '@remix-run/react';
import type { ReactNode } from 'react';

import { apiFor, turnedAway } from '../api';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import type { Claim, Policy } from '../policy/answers';
import { ClaimRow } from '../policy/claim-row';
import { ProcessorList, ResidueList, RetentionTable, TrackerList } from '../policy/policy-tables';
import { brokenOf, counted, tallyWords } from '../policy/policy-words';
import { policyStyles } from '../policy/styles';
import { reviewWords } from '../policy/version-row';
import { useShell } from '../shell';
import { MEASURED } from '../still';
import { calendarWords } from '../times';
import { titled } from '../title';

export const handle = MEASURED;

export const meta = titled('What we promise', { isPublic: true });

export const links = policyStyles;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.policy.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	return answer.json();
}

const PARTS: readonly { topic: Claim['topic']; title: string }[] = [
	{ topic: 'content', title: 'What you give us' },
	{ topic: 'data', title: 'What we hold' },
	{ topic: 'helpers', title: 'Who helps us' },
	{ topic: 'tracking', title: 'What measures' },
	{ topic: 'money', title: 'Money' },
	{ topic: 'security', title: 'Safety' },
	{ topic: 'rights', title: 'Your rights' },
	{ topic: 'changes', title: 'Changes' },
];

export default function PolicyPage() {
	const policy = useLoaderData<typeof loader>();
	const broken = brokenOf(policy.claims);
	return (
		<div className="wrap page promises">
			<nav className="toc" aria-label="In this policy">
				{PARTS.map(({ topic, title }) => (
					<a key={topic} href={`#${topic}`}>
						{title}
					</a>
				))}
				<a href="#people">Who answers for it</a>
			</nav>
			<div>
				<Head policy={policy} />
				{broken.length > 0 && (
					<section>
						<h2 id="broken">What is not kept</h2>
						{broken.map((claim) => (
							<ClaimRow key={claim.id} claim={claim} />
						))}
					</section>
				)}
				{PARTS.map(({ topic, title }) => (
					<section key={topic} aria-labelledby={topic}>
						<h2 id={topic}>{title}</h2>
						{policy.claims
							.filter((claim) => claim.topic === topic && !broken.includes(claim))
							.map((claim) => (
								<ClaimRow key={claim.id} claim={claim} />
							))}
						<More topic={topic} policy={policy} />
					</section>
				))}
				<People policy={policy} />
			</div>
		</div>
	);
}

function Head({ policy }: { policy: Policy }) {
	const { dates } = useShell();
	const { version, announced, claims, isTextChanged, provedAt } = policy;
	const tally = tallyWords(claims);
	return (
		<>
			<h1>What we promise</h1>
			<div className="meta small">
				<span>
					Policy of {calendarWords(version.version, dates)}, in force since{' '}
					{version.effectiveAt === null ? (
						calendarWords(version.effective, dates)
					) : (
						<Time at={version.effectiveAt} as="day" />
					)}
				</span>
				<span>{reviewWords(version.review, dates)}</span>
				<Link to="/policy/versions">What changed</Link>
				<a href="/policy.json">For machines</a>
			</div>
			{isTextChanged && (
				<Notice kind="stop" title="These words are not the ones that were published under this date">
					Somebody changed them without a new version. What holds is what was published; ask us for it.
				</Notice>
			)}
			{announced !== null && (
				<Notice
					kind="soon"
					title={`Another version holds from ${calendarWords(announced.effective, dates)} at the earliest`}
					actions={<Link to="/policy/versions">What changes</Link>}
				>
					{announced.changes.join(' ')}
				</Notice>
			)}
			<div className="tally" aria-hidden="true">
				{claims.map(({ id, state }) => (
					<i key={id} className={state} />
				))}
			</div>
			<p className="small soft tally-words">
				{tally}{' '}
				{provedAt === null ? (
					'The proofs of this build have not been run yet, and without them nothing is called kept.'
				) : (
					<>
						Proofs of this build ended <Time at={provedAt} />.
					</>
				)}
			</p>
		</>
	);
}

function More({ topic, policy }: { topic: Claim['topic']; policy: Policy }): ReactNode {
	if (topic === 'data') return <RetentionTable data={policy.data} />;
	if (topic === 'helpers') {
		return (
			<>
				<ProcessorList processors={policy.processors} />
				<p className="said">{policy.location.claim}</p>
			</>
		);
	}
	if (topic === 'tracking') {
		return (
			<>
				{policy.trackers.length === 0 ? (
					<p className="said">Nothing measures you here.</p>
				) : (
					<TrackerList trackers={policy.trackers} />
				)}
				<p className="said">
					What you allow is up to you on the page of <Link to="/choices">choices</Link>, on every visit anew.
				</p>
			</>
		);
	}
	if (topic === 'rights') return <Rights policy={policy} />;
	return null;
}

function Rights({ policy }: { policy: Policy }) {
	const { responseDays, extensionDays } = policy.rights;
	return (
		<>
			<h3>What you can ask for</h3>
			<ul className="changes serif">
				<li>
					A copy of everything, a correction, a restriction, an objection, an erasure: under{' '}
					<Link to="/privacy">Privacy</Link>, signed in.
				</li>
				<li>
					The same without an account, for a patient, a parent or anybody in a picture:{' '}
					<Link to="/privacy/request">ask here</Link>.
				</li>
				<li>
					We answer within {counted(responseDays, 'day')}. Where it takes longer, at most{' '}
					{counted(extensionDays, 'day')} more, we say why before.
				</li>
				<li>
					To complain about us, turn to the data protection authority where you live or work, or where it happened. In
					the European Union the{' '}
					<a href="https://www.edpb.europa.eu/about-edpb/about-edpb/members_en" rel="noreferrer">
						list of authorities
					</a>{' '}
					has its address.
				</li>
			</ul>
			<h3>What an erasure leaves</h3>
			<ResidueList erasure={policy.erasure} />
			<p className="said">{policy.history}</p>
		</>
	);
}

function People({ policy }: { policy: Policy }) {
	const { name, address, email, dataProtectionOfficer, euRepresentative } = policy.controller;
	return (
		<section aria-labelledby="people">
			<h2 id="people">Who answers for it</h2>
			<dl className="helpers">
				<div>
					<dt>Controller</dt>
					<dd>
						<p>{name}</p>
						<p>{address}</p>
						<p>
							<a href={`mailto:${email}`}>{email}</a>
						</p>
					</dd>
				</div>
				<div>
					<dt>Data protection officer</dt>
					<dd>{dataProtectionOfficer}</dd>
				</div>
				<div>
					<dt>Representative in the European Union</dt>
					<dd>{euRepresentative}</dd>
				</div>
				<div>
					<dt>Children</dt>
					<dd>{policy.children}</dd>
				</div>
				<div>
					<dt>Our own staff</dt>
					<dd>
						{policy.staffAccess === 'none'
							? 'Has no way to look at what you upload or have made.'
							: 'Looks at what you have made only with a reason that you can read, for half an hour, and you are told at once.'}
					</dd>
				</div>
			</dl>
		</section>
	);
}
