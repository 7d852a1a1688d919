import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import { Send } from 'lucide-react';

import { isAllowed } from '../../studios/roles';
import { apiFor, refusalOrAway, turnedAway } from '../api';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { Toast } from '../components/toast';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import type { LoadContext } from '../load-context';
import { InvitationRows } from '../practice/invitations-section';
import { MemberRows, OwnPlace } from '../practice/member-rows';
import { PartFailure } from '../practice/part-failure';
import { requireTeam } from '../practice/require-team';
import { RoleChoice } from '../practice/role-choice';
import { InviteForm } from '../practice/team-form';
import { INVITATION_DAYS } from '../practice/team-limits';
import { teamToast } from '../practice/team-toast';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Team');
export const ErrorBoundary = PartFailure;

interface Answered {
	readonly done?: string | undefined;
	/** About the list of invitations. */
	readonly refused?: string | undefined;
	readonly errors?: Errors<'email' | 'role'> | undefined;
	readonly typed?: { readonly email: string; readonly role: string } | undefined;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireTeam(context);
	const api = apiFor(context, request);
	const [members, invitations] = await Promise.all([api.v1.members.$get(), api.v1.invitations.$get()]);
	if (!members.ok) throw await turnedAway(members, request);
	if (!invitations.ok) throw await turnedAway(invitations, request);
	const { items, membersMax } = await members.json();
	const you = items.find(({ isYou }) => isYou);
	return {
		members: items,
		membersMax,
		invitations: (await invitations.json()).items,
		mayChange: you !== undefined && isAllowed(you.role, 'members:write'),
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	return form.get('intent') === 'revoke' ? revoke(context, request, form) : invite(context, request, form);
}

async function invite(context: LoadContext, request: Request, form: FormData) {
	const typed = { email: textOf(form, 'email'), role: textOf(form, 'role') };
	const order = InviteForm.safeParse(typed);
	if (!order.success) return data<Answered>({ errors: errorsOfParse(order.error), typed }, 400);
	const answer = await apiFor(context, request).v1.invitations.$post({ json: order.data });
	if (answer.ok) return data<Answered>({ done: `Invitation mailed to ${order.data.email}.` });
	const refusal = await refusalOrAway(answer, request);
	// What the api refuses here is about who is invited, whatever it names.
	const errors = refusal.code === 'conflict' ? { email: refusal.message } : errorsOfRefusal(refusal, ['email', 'role']);
	return data<Answered>({ errors, typed }, answer.status);
}

async function revoke(context: LoadContext, request: Request, form: FormData) {
	const param = { id: textOf(form, 'id') };
	const answer = await apiFor(context, request).v1.invitations[':id'].$delete({ param });
	if (answer.ok) return data<Answered>({ done: 'Invitation revoked. Its link is dead.' });
	return data<Answered>({ refused: (await refusalOrAway(answer, request)).message }, answer.status);
}

export default function Team() {
	const { members, membersMax, invitations, mayChange } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const [search] = useSearchParams();
	const { tenancy } = useStudio();
	const done = answer?.done ?? (answer === undefined ? teamToast(search.get('done'), tenancy.word) : undefined);
	return (
		<>
			<section className="part">
				<h2>{members.length === 1 ? 'You alone, so far' : `${members.length} people`}</h2>
				{!mayChange && (
					<p className="soft">
						Only the owner invites people, changes roles and removes people.{' '}
						<Link to="/practice/roles">What each role may do</Link>
					</p>
				)}
				<MemberRows members={members} mayChange={mayChange} />
				<OwnPlace members={members} word={tenancy.word} />
			</section>
			<section className="part">
				<h2>Invited</h2>
				{answer?.refused !== undefined && <Notice kind="stop" title={answer.refused} isAlert />}
				<InvitationRows invitations={invitations} mayChange={mayChange} />
			</section>
			{mayChange && (
				<section className="part">
					<h2>Invite somebody</h2>
					<InvitationForm key={`${answer?.done ?? ''}${invitations.length}`} answer={answer} />
					<p className="small muted">
						{members.length} of {membersMax} places are taken. <Link to="/practice/roles">What each role may do</Link>
					</p>
				</section>
			)}
			{done !== undefined && <Toast key={`${done}${invitations.length}`}>{done}</Toast>}
		</>
	);
}

function InvitationForm({ answer }: { answer: Answered | undefined }) {
	const { tenancy } = useStudio();
	const isPending = useNavigation().formData?.get('intent') === 'invite';
	const errors = answer?.errors;
	return (
		<Form method="post" className="form" noValidate={errors !== undefined}>
			<input type="hidden" name="intent" value="invite" />
			{errors?.form !== undefined && <Notice kind="stop" title={errors.form} isAlert />}
			<Field
				label="E-mail"
				hint={`We mail a link that lets whoever has this address join the ${tenancy.word}. It works for ${INVITATION_DAYS} days, once.`}
				name="email"
				type="email"
				autoComplete="off"
				required
				defaultValue={answer?.typed?.email}
				error={errors?.email}
			/>
			<RoleChoice chosen={answer?.typed?.role ?? 'staff'} error={errors?.role} />
			<div className="row">
				<Button look="main" fill isPending={isPending} pendingLabel="Mailing…">
					<Send size={18} strokeWidth={1.75} aria-hidden="true" />
					Mail the invitation
				</Button>
			</div>
		</Form>
	);
}
