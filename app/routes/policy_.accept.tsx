import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';

import { apiFor, refusalOrAway, turnedAway } from '../api';
import { Button } from '../components/button';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { pathOr } from '../paths';
import { policyStyles } from '../policy/styles';
import { VersionRow } from '../policy/version-row';
import { titled } from '../title';

export const meta = titled('The privacy policy has changed');

export const links = policyStyles;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.policy.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	const { version } = await answer.json();
	return { version };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const version = form.get('version');
	const answer = await apiFor(context, request).v1.policy.acceptances.$post({
		json: { version: typeof version === 'string' ? version : '' },
	});
	if (!answer.ok) return { refusal: await refusalOrAway(answer, request) };
	return redirect(pathOr('/', new URL(request.url).searchParams.get('next')));
}

export default function AcceptPolicy() {
	const { version } = useLoaderData<typeof loader>();
	const said = useActionData<typeof action>();
	return (
		<Page width="narrow">
			<h1>The privacy policy has changed</h1>
			<p className="lead">
				Read <Link to="/policy">what we promise</Link>. Nothing new is made until you accept it. What you have stays
				yours to see, download and delete.
			</p>
			{said !== undefined && (
				<Notice kind="stop" title="Not accepted" isAlert>
					{said.refusal.message}
				</Notice>
			)}
			<VersionRow version={version} />
			<Form method="post">
				<input type="hidden" name="version" value={version.version} />
				<Button look="main" fill>
					Accept the policy
				</Button>
			</Form>
			<p className="soft">
				You do not agree? Take a copy of everything, or delete the account, under <Link to="/privacy">Privacy</Link>.
			</p>
		</Page>
	);
}
