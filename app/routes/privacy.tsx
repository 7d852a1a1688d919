import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useActionData, useLoaderData, useSearchParams } from '@remix-run/react';

import { apiFor, refusalOrAway } from '../api';
import { ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Toast } from '../components/toast';
import { textOf } from '../form';
import { CopiesSection } from '../privacy/copies-section';
import { HeldSection } from '../privacy/held-section';
import { readPrivacy } from '../privacy/read-privacy';
import { ReceiptsSection } from '../privacy/receipts-section';
import { RequestsSection } from '../privacy/requests-section';
import { RestrictSection } from '../privacy/restrict-section';
import { useStudio } from '../shell';
import { titled } from '../title';
import { useWatch } from '../use-watch';

export const meta = titled('Privacy');

interface Answered {
	readonly done?: string;
	readonly refused?: string;
}

/** A copy is made in seconds; whoever waits longer is mailed. */
const LOOKS_MAX = 30;

export function loader({ request, context }: LoaderFunctionArgs) {
	return readPrivacy(context, request);
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const { rights, subjects } = apiFor(context, request).v1;
	const param = { id: textOf(form, 'id') };
	switch (textOf(form, 'intent')) {
		case 'copy':
			return answered(await rights.exports.$post(), request, 'The copy is being made. We mail you when it is ready.');
		case 'restrict':
			return answered(await rights.restriction.$post(), request, 'Processing is restricted from now on.');
		case 'lift':
			return answered(await rights.restriction.$delete(), request, 'The restriction is lifted.');
		case 'restrict-subject':
			return answered(await subjects[':id'].restriction.$post({ param }), request, 'Restricted from now on.');
		case 'lift-subject':
			return answered(await subjects[':id'].restriction.$delete({ param }), request, 'The restriction is lifted.');
		default:
			return data<Answered>({ refused: 'This form is not known here. Load the page again.' }, 400);
	}
}

async function answered(
	answer: { readonly ok: boolean } & Parameters<typeof refusalOrAway>[0],
	request: Request,
	done: string,
) {
	if (answer.ok) return data<Answered>({ done });
	return data<Answered>({ refused: (await refusalOrAway(answer, request)).message }, answer.status);
}

export default function PrivacyCentre() {
	const privacy = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { work } = useStudio();
	const [search] = useSearchParams();
	useWatch(
		privacy.exports.some(({ state }) => state === 'queued'),
		undefined,
		LOOKS_MAX,
	);
	return (
		<Page width="narrow">
			<h1>Privacy</h1>
			<p className="soft say-first">What we hold about you, until when, and what you can do about it.</p>
			{answer?.done !== undefined && <Toast key={answer.done}>{answer.done}</Toast>}
			{answer === undefined && search.get('done') === 'objected' && (
				<Toast>All of it is off. A person looks at the rest.</Toast>
			)}
			{answer?.refused !== undefined && (
				<div className="above">
					<Notice kind="stop" title={answer.refused} isAlert />
				</div>
			)}
			<CopiesSection copies={privacy.exports} hasAccount={privacy.hasAccount} />
			<HeldSection held={privacy.held} hasAccount={privacy.hasAccount} />
			<section className="part">
				<h2>Correct it</h2>
				<p className="soft">
					Your name and address are under <Link to="/settings">Settings</Link>
					{privacy.hasAccount && (
						<>
							, the profile under <Link to="/practice">its own page</Link>
						</>
					)}
					. Something else is wrong? <Link to="/privacy/request?right=correct">Tell us</Link>.
				</p>
			</section>
			<RestrictSection privacy={privacy} />
			<section className="part">
				<h2>Object</h2>
				<p className="soft">
					What we measure and mail you is <Link to="/choices">yours to choose</Link>, one by one. You can also object to
					all of it at once.
				</p>
				<div className="row">
					<ButtonLink to="/privacy/object" look="line">
						Object to all of it
					</ButtonLink>
				</div>
			</section>
			<ReceiptsSection receipts={privacy.receipts} />
			<RequestsSection requests={privacy.requests} />
			<section className="part">
				<h2>Delete</h2>
				<p className="soft">
					Single {work.many} are deleted on <Link to={work.path}>their pages</Link>, each with a receipt. Or delete the
					account and everything in it.
				</p>
				<div className="row">
					<ButtonLink to="/privacy/delete" look="end-it">
						Delete account
					</ButtonLink>
				</div>
			</section>
		</Page>
	);
}
