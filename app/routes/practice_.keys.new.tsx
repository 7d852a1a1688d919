import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';

import { STUDIOS } from '../../studios/all';
import { isAllowed, PERMISSION_TABLE } from '../../studios/roles';
import { apiFor, refusalOrAway, turnedAway } from '../api';
import { Button } from '../components/button';
import { Choice } from '../components/choice';
import { Field, SelectField } from '../components/field';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { errorsOfParse, errorsOfRefusal, type Errors } from '../form';
import { FieldError } from '../practice/field-error';
import {
	draftIn,
	KEY_DAYS,
	KEY_NAME_LENGTH_MAX,
	NEW_DRAFT,
	scopeGroups,
	type KeyDraft,
	type ScopeGroup,
} from '../practice/key-choices';
import { draftCookie, keptDraft } from '../practice/key-draft';
import { KeyForm } from '../practice/key-form';
import { MadeKey } from '../practice/made-key';
import { requireApiKeys } from '../practice/require-api-keys';
import { practiceStyles } from '../practice/styles';
import { titled } from '../title';

export const meta = titled('New API key');
export const links = practiceStyles;

type Answered =
	| { readonly made: { readonly name: string; readonly key: string; readonly expiresAt: string } }
	| { readonly made: null; readonly errors: Errors<'name' | 'scopes' | 'days'>; readonly draft: KeyDraft };

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireApiKeys(context);
	const answer = await apiFor(context, request).v1.members.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	const role = (await answer.json()).items.find(({ isYou }) => isYou)?.role;
	if (role === undefined || !isAllowed(role, 'keys:write')) {
		throw new Response('Your role does not make API keys. Ask the owner for one.', { status: 403 });
	}
	return {
		groups: scopeGroups(STUDIOS[context.studio], role),
		draft: keptDraft(request) ?? NEW_DRAFT,
		origin: new URL(request.url).origin,
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const draft = draftIn(await request.formData());
	const order = KeyForm.safeParse(draft);
	if (!order.success) return data<Answered>({ made: null, errors: errorsOfParse(order.error), draft }, 400);
	const { name, scopes, days } = order.data;
	const answer = await apiFor(context, request).v1.keys.$post({ json: { name, scopes, expiresInDays: days } });
	if (answer.ok) {
		const { key, expiresAt } = await answer.json();
		const headers = { 'set-cookie': draftCookie(null, request) };
		return data<Answered>({ made: { name, key, expiresAt } }, { headers });
	}
	try {
		const errors = errorsOfRefusal(await refusalOrAway(answer, request), ['name', 'scopes']);
		return data<Answered>({ made: null, errors, draft }, answer.status);
	} catch (away) {
		if (away instanceof Response) away.headers.append('set-cookie', draftCookie(draft, request));
		throw away;
	}
}

/** Showing the key loads nothing again: what the page needs is in the answer. */
export function shouldRevalidate() {
	return false;
}

export default function NewKey() {
	const { groups, draft, origin } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const made = answer?.made ?? null;
	return (
		<Page width="narrow">
			<h1 className="account-name">{made === null ? 'New API key' : made.name}</h1>
			{made === null ? (
				<KeyMaker
					groups={groups}
					draft={answer !== undefined && answer.made === null ? answer.draft : draft}
					errors={answer !== undefined && answer.made === null ? answer.errors : undefined}
				/>
			) : (
				<MadeKey made={made} origin={origin} />
			)}
		</Page>
	);
}

interface KeyMakerProps {
	readonly groups: readonly ScopeGroup[];
	readonly draft: KeyDraft;
	readonly errors: Errors<'name' | 'scopes' | 'days'> | undefined;
}

function KeyMaker({ groups, draft, errors }: KeyMakerProps) {
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<Form method="post" className="form wide" noValidate={errors !== undefined}>
			{errors?.form !== undefined && <Notice kind="stop" title={errors.form} isAlert />}
			<Field
				label="Name"
				hint="What will use it, so that you know later what stops when you revoke it."
				name="name"
				autoComplete="off"
				required
				maxLength={KEY_NAME_LENGTH_MAX}
				defaultValue={draft.name}
				error={errors?.name}
			/>
			<fieldset className="field" aria-describedby={errors?.scopes === undefined ? undefined : 'scopes-error'}>
				<legend className="legend">What it may do</legend>
				<FieldError id="scopes-error" error={errors?.scopes} />
				<div className="scopes">
					{groups.map((group) => (
						<Scopes key={group.title} group={group} draft={draft} />
					))}
				</div>
			</fieldset>
			<div className="short">
				<SelectField label="It ends after" name="days" defaultValue={String(draft.days)} error={errors?.days}>
					{KEY_DAYS.map((days) => (
						<option key={days} value={days}>
							{days === 365 ? '1 year' : `${days} days`}
						</option>
					))}
				</SelectField>
			</div>
			<p className="soft">The key is shown once, right after. Making one asks you to show that it is you.</p>
			<div className="row">
				<Button look="main" fill isPending={isPending} pendingLabel="Making…">
					Make key
				</Button>
				<Link className="tap" to="/practice/keys">
					Back to the keys
				</Link>
			</div>
		</Form>
	);
}

function Scopes({ group, draft }: { group: ScopeGroup; draft: KeyDraft }) {
	return (
		<fieldset className="scope-group">
			<legend>
				<b>{group.title}</b>
				<span className="small muted below">{group.sentence}</span>
			</legend>
			{group.scopes.map((scope) => (
				<Choice key={scope} type="checkbox" name="scopes" value={scope} defaultChecked={draft.scopes.includes(scope)}>
					{PERMISSION_TABLE[scope].allows}
				</Choice>
			))}
		</fieldset>
	);
}
