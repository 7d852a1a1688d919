import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { UserMinus } from 'lucide-react';

import { apiFor, refusalOrAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button, ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import { readMember } from '../practice/read-member';
import { ReasonField } from '../practice/reason-field';
import { RoleChoice } from '../practice/role-choice';
import { practiceStyles } from '../practice/styles';
import { RoleForm } from '../practice/team-form';
import { roleWords } from '../roles';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Role of a member');
export const links = practiceStyles;

interface Failed {
	readonly errors: Errors<'role' | 'reason'>;
	readonly typed: { readonly role: string; readonly reason: string };
}

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	return { member: await readMember(context, request, params['id']) };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
	const form = await request.formData();
	const typed = { role: textOf(form, 'role'), reason: textOf(form, 'reason') };
	const order = RoleForm.safeParse(typed);
	if (!order.success) return data<Failed>({ errors: errorsOfParse(order.error), typed }, 400);
	const answer = await apiFor(context, request).v1.members[':id'].$patch({
		param: { id: params['id'] ?? '' },
		json: order.data,
	});
	if (answer.ok) return redirect('/practice/team?done=role');
	const errors = errorsOfRefusal(await refusalOrAway(answer, request), ['role', 'reason']);
	return data<Failed>({ errors, typed }, answer.status);
}

export default function MemberPage() {
	const { member } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	const { tenancy } = useStudio();
	return (
		<WayPage
			title={member.name}
			lead={
				<span className="address">
					{member.email}, {roleWords(member.role).toLowerCase()}
				</span>
			}
			aside={<OtherSteps id={member.id} name={member.name} word={tenancy.word} />}
		>
			<Form method="post" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<RoleChoice chosen={answer?.typed.role ?? member.role} error={answer?.errors.role} />
				<ReasonField reason={answer?.typed.reason} error={answer?.errors.reason} />
				<Button look="main" big wide isPending={isPending} pendingLabel="Changing…">
					Change role
				</Button>
			</Form>
			<p className="soft after">
				It counts from their next click, and we mail them. <Link to="/practice/team">Back to the team</Link>
			</p>
		</WayPage>
	);
}

function OtherSteps({ id, name, word }: { id: string; name: string; word: string }) {
	return (
		<div className="stack-5 other-steps">
			<div className="stack-2">
				<h2 className="h3">Hand the {word} over</h2>
				<p className="soft">{name} becomes the owner, and you a clinician.</p>
				<ButtonLink to={`/practice/owner?to=${id}`} look="line">
					Make {name} the owner
				</ButtonLink>
			</div>
			<div className="stack-2">
				<h2 className="h3">Remove from the {word}</h2>
				<p className="soft">The next page says what goes with it and what stays.</p>
				<ButtonLink to={`/practice/team/${id}/remove`} look="end-it">
					<UserMinus size={18} strokeWidth={1.75} aria-hidden="true" />
					Remove {name}
				</ButtonLink>
			</div>
		</div>
	);
}
