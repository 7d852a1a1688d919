import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import { LogOut } from 'lucide-react';
import { z } from 'zod';

import { apiFor, isSignedOut, refusalOrAway, turnedAway } from '../api';
import { Button, ButtonLink } from '../components/button';
import { EmptyState } from '../components/empty-state';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { Toast } from '../components/toast';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import { LooksSection } from '../settings/looks-section';
import { MailProblem } from '../settings/mail-problem';
import type { Me } from '../settings/read-me';
import { StatementsSection } from '../settings/statements-section';
import { titled } from '../title';

export const meta = titled('Settings');

const NAME_LENGTH_MAX = 120;

const Profile = z.object({
	name: z
		.string()
		.trim()
		.min(1, 'Type your name.')
		.max(NAME_LENGTH_MAX, `A name has ${NAME_LENGTH_MAX} characters at most.`),
});

interface Answered {
	readonly errors: Errors<'name'>;
	readonly name: string;
	readonly isDone: boolean;
}

const NOBODY = { me: null, problem: null };

/** Colours and dates are this browser's, so the page is there for visitors too. */
export async function loader({ request, context }: LoaderFunctionArgs) {
	const hasSession = (request.headers.get('cookie') ?? '').includes('afterglow_session=');
	if (!hasSession) return NOBODY;
	const { me } = apiFor(context, request).v1;
	const [answer, mail] = await Promise.all([me.$get(), me.mail.$get()]);
	if (answer.ok && mail.ok) return { me: await answer.json(), problem: (await mail.json()).problem };
	const refused = answer.ok ? mail : answer;
	if (isSignedOut(refused)) return NOBODY;
	throw await turnedAway(refused, request);
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const name = textOf(form, 'name');
	const failed = (errors: Answered['errors'], status: number) =>
		data<Answered>({ errors, name, isDone: false }, status);

	const typed = Profile.safeParse({ name });
	if (!typed.success) return failed(errorsOfParse(typed.error), 400);
	const answer = await apiFor(context, request).v1.me.$patch({ json: typed.data });
	if (!answer.ok) return failed(errorsOfRefusal(await refusalOrAway(answer, request), ['name']), 400);
	return data<Answered>({ errors: {}, name: typed.data.name, isDone: true });
}

export default function SettingsOfPerson() {
	const { me, problem } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const [search] = useSearchParams();
	return (
		<>
			{answer?.isDone === true && <Toast key={answer.name}>Your name is {answer.name} from now on.</Toast>}
			{answer === undefined && me !== null && search.get('done') === 'email' && (
				<Toast>Your address is {me.email} from now on.</Toast>
			)}
			{me !== null && problem === 'bounced' && (
				<section className="part">
					<MailProblem problem={problem} email={me.email} />
				</section>
			)}
			{me === null ? <NobodyHere /> : <Profiles me={me} />}
			<LooksSection />
			{me !== null && (
				<>
					<StatementsSection statements={me.statements} />
					<SignOut email={me.email} />
				</>
			)}
		</>
	);
}

function Profiles({ me }: { me: Me }) {
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formData?.has('name') === true;
	return (
		<>
			<section className="part">
				<h2>Your name</h2>
				<Form method="post" action="/settings?index" className="one-line" noValidate={answer !== undefined}>
					{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
					<Field
						label="Name"
						hint="The people you work with see it."
						name="name"
						autoComplete="name"
						required
						maxLength={NAME_LENGTH_MAX}
						defaultValue={answer?.name ?? me.name}
						error={answer?.errors.name}
					/>
					<Button look="main" isPending={isPending} pendingLabel="Saving…">
						Save name
					</Button>
				</Form>
			</section>
			<section className="part">
				<h2>E-mail</h2>
				<div className="fact">
					<div>
						<b className="address">{me.email}</b>
						<span className="small muted">Codes, and word of what happens to your account, go there.</span>
					</div>
					<ButtonLink to="/settings/email" look="line">
						Change address
					</ButtonLink>
				</div>
			</section>
		</>
	);
}

function SignOut({ email }: { email: string }) {
	return (
		<section className="part">
			<h2>Sign out</h2>
			<p className="soft">
				Ends the session of <span className="address">{email}</span> on this device. Other devices are under Security.
			</p>
			<Form method="post" action="/sign-out">
				<Button look="line">
					<LogOut size={18} strokeWidth={1.75} aria-hidden="true" />
					Sign out here
				</Button>
			</Form>
		</section>
	);
}

function NobodyHere() {
	return (
		<section className="part">
			<EmptyState
				title="Nobody is signed in"
				hasGhosts={false}
				action={
					<ButtonLink to="/sign-in?next=/settings" look="main">
						Sign in
					</ButtonLink>
				}
			>
				Name, address and ways to sign in appear here after you sign in.
			</EmptyState>
		</section>
	);
}
