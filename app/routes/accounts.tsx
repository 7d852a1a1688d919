import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';

import { STUDIOS } from '../../studios/all';
import type { Studio } from '../../studios/studio';
import { apiFor, refusalOrAway, turnedAway } from '../api';
import { LostAccount } from '../auth/lost-account';
import { accountErrors, accountNameLabel, accountOrder, ACCOUNT_NAME_LENGTH_MAX } from '../auth/new-account';
import { openedPath } from '../auth/opened';
import { StatementChoice } from '../auth/statement-choice';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Time } from '../components/time';
import { errorsOfRefusal, textOf, type Errors } from '../form';
import { pathOr } from '../paths';
import { roleWords } from '../roles';
import { useShell, useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Where you work');

interface Failed {
	readonly errors: Errors<'account' | 'statement'>;
	readonly name: string;
	readonly key: string;
	readonly next: string;
	/** Which part of the page it is about. */
	readonly part: 'choose' | 'open';
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { statement } = STUDIOS[context.studio];
	const api = apiFor(context, request);
	const [accounts, me] = await Promise.all([api.v1.accounts.$get(), api.v1.me.$get()]);
	if (!accounts.ok) throw await turnedAway(accounts, request);
	if (!me.ok) throw await turnedAway(me, request);
	const { name, statements } = await me.json();
	const { items } = await accounts.json();
	const isStated = statements.some(
		({ kind, textVersion }) => kind === statement?.kind && textVersion === statement.textVersion,
	);
	return { items, name, isStated, key: crypto.randomUUID() };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const studio = STUDIOS[context.studio];
	const form = await request.formData();
	const api = apiFor(context, request);
	const to = pathOr(studio.work.path, form.get('next'));
	const fields = { name: textOf(form, 'account'), key: textOf(form, 'key'), next: pathOr('', form.get('next')) };

	if (form.has('accountId')) {
		const answer = await api.v1.session.account.$put({ json: { accountId: textOf(form, 'accountId') } });
		if (answer.ok) return redirect(to);
		const errors = { form: (await refusalOrAway(answer, request)).message };
		return data<Failed>({ errors, ...fields, part: 'choose' }, 400);
	}
	const wrong = {
		...(fields.name.trim() === '' ? { account: `Type the name of your ${studio.tenancy.word}.` } : {}),
		...accountErrors(studio, form),
	};
	if (Object.keys(wrong).length > 0) return data<Failed>({ errors: wrong, ...fields, part: 'open' }, 400);
	const answer = await api.v1.accounts.$post({ json: accountOrder(studio, form, fields.name) });
	if (answer.ok) return redirect(openedPath(studio, await answer.json(), to));
	const errors = errorsOfRefusal(await refusalOrAway(answer, request), ['account', 'statement']);
	return data<Failed>({ errors, ...fields, part: 'open' }, 400);
}

export default function Accounts() {
	const { items } = useLoaderData<typeof loader>();
	const [search] = useSearchParams();
	const studio = useStudio();
	const answer = useActionData<typeof action>();
	const next = answer?.next ?? pathOr('', search.get('next'));
	const { word } = studio.tenancy;
	if (items.length === 0) {
		return (
			<Page>
				<div className="box">
					<h1>Name your {word}</h1>
					<p className="soft say-first">{whatItHolds(studio)}</p>
					<LostAccount />
					<OpenForm studio={studio} next={next} look="main" />
				</div>
			</Page>
		);
	}
	return (
		<Page width="narrow">
			<h1>Where you work</h1>
			<LostAccount />
			<Chooser next={next} />
			{studio.tenancy.kind !== 'personal' && (
				<section className="part">
					<h2>Open another {word}</h2>
					<p className="soft">
						The {studio.welcomeCredits} credits to start are given once to each person, with the first {word} they open.
					</p>
					<div className="box">
						<OpenForm studio={studio} next={next} look="line" />
					</div>
				</section>
			)}
		</Page>
	);
}

/** What everything belongs to from now on, said before it is named. */
function whatItHolds({ tenancy, work }: Studio): string {
	const owned = `${work.many}, credits and receipts`;
	if (tenancy.kind === 'personal') return `Your ${owned} are kept in it. Nobody else sees its name.`;
	return `Your ${owned} belong to it. You are its owner, and can invite others.`;
}

function Chooser({ next }: { next: string }) {
	const { items } = useLoaderData<typeof loader>();
	const { session } = useShell();
	const studio = useStudio();
	const answer = useActionData<typeof action>();
	const navigation = useNavigation();
	const chosen = navigation.formData?.get('accountId');
	const here = session.signedIn ? (session.account?.id ?? null) : null;
	return (
		<section className="part">
			<h2 className="vh">Choose one</h2>
			{answer?.part === 'choose' && answer.errors.form !== undefined && (
				<Notice kind="stop" title={answer.errors.form} isAlert />
			)}
			<ul className="rows">
				{items.map((account) => (
					<li key={account.id}>
						<div>
							<b>{account.name}</b>
							<span className="small muted">
								{studio.tenancy.kind !== 'personal' && <>{roleWords(account.role)}, </>}
								since <Time at={account.joinedAt} as="day" />
							</span>
						</div>
						{account.id === here ? (
							<span className="soft">You are here</span>
						) : (
							<Form method="post" action="/accounts">
								<input type="hidden" name="next" value={next} />
								<input type="hidden" name="accountId" value={account.id} />
								<Button look="line" isPending={chosen === account.id} pendingLabel="Opening…">
									Open<span className="vh"> {account.name}</span>
								</Button>
							</Form>
						)}
					</li>
				))}
			</ul>
		</section>
	);
}

function OpenForm({ studio, next, look }: { studio: Studio; next: string; look: 'main' | 'line' }) {
	const loaded = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const navigation = useNavigation();
	const isPending = navigation.formMethod === 'POST' && navigation.formData?.has('accountId') === false;
	const failed = answer?.part === 'open' ? answer : undefined;
	// The first one of a person alone, or of a workspace, has their name until they change it.
	const usualName = studio.tenancy.kind === 'practice' || loaded.items.length > 0 ? '' : loaded.name;
	return (
		<Form method="post" action="/accounts" noValidate={failed !== undefined}>
			<input type="hidden" name="next" value={next} />
			<input type="hidden" name="key" value={failed?.key ?? loaded.key} />
			{failed?.errors.form !== undefined && <Notice kind="stop" title={failed.errors.form} isAlert />}
			<Field
				label={accountNameLabel(studio)}
				name="account"
				autoComplete="organization"
				required
				maxLength={ACCOUNT_NAME_LENGTH_MAX}
				defaultValue={failed?.name ?? usualName}
				error={failed?.errors.account}
			/>
			{loaded.isStated ? (
				<input type="hidden" name="statement" value="yes" />
			) : (
				<StatementChoice isMade={false} error={failed?.errors.statement} />
			)}
			<Button look={look} big={look === 'main'} wide={look === 'main'} isPending={isPending} pendingLabel="Opening…">
				Open {studio.tenancy.word}
			</Button>
		</Form>
	);
}
