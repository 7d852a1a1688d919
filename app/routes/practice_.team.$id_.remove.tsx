import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { UserMinus } from 'lucide-react';

import { STUDIOS } from '../../studios/all';
import { apiFor, refusalOrAway, turnedAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button, ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import type { LoadContext } from '../load-context';
import { LeavingFacts } from '../practice/leaving-facts';
import { readMember } from '../practice/read-member';
import { ReasonField } from '../practice/reason-field';
import { practiceStyles } from '../practice/styles';
import { ReasonForm } from '../practice/team-form';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Remove a member');
export const links = practiceStyles;

interface Failed {
	readonly errors: Errors<'reason'>;
	readonly reason: string;
}

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const member = await readMember(context, request, params['id']);
	return { member, keys: await liveKeysOf(context, request, member.id) };
}

/** How many API keys stop with them; the owner may see every key. */
async function liveKeysOf(context: LoadContext, request: Request, makerId: string): Promise<number> {
	if (!STUDIOS[context.studio].tenancy.hasApiKeys) return 0;
	const answer = await apiFor(context, request).v1.keys.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	const { items } = await answer.json();
	return items.filter(({ maker, state }) => maker.id === makerId && state === 'live').length;
}

export async function action({ request, context, params }: ActionFunctionArgs) {
	const reason = textOf(await request.formData(), 'reason');
	const order = ReasonForm.safeParse({ reason });
	if (!order.success) return data<Failed>({ errors: errorsOfParse(order.error), reason }, 400);
	const answer = await apiFor(context, request).v1.members[':id'].$delete({
		param: { id: params['id'] ?? '' },
		json: order.data,
	});
	if (answer.ok) return redirect('/practice/team?done=removed');
	const errors = errorsOfRefusal(await refusalOrAway(answer, request), ['reason']);
	return data<Failed>({ errors, reason }, answer.status);
}

export default function RemovePage() {
	const { member, keys } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	const { tenancy } = useStudio();
	return (
		<WayPage
			title={`Remove ${member.name}?`}
			lead={<span className="address">{member.email}</span>}
			aside={<LeavingFacts who={member.name} keys={keys} hasMail />}
		>
			<Form method="post" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<ReasonField reason={answer?.reason} error={answer?.errors.reason} />
				<Button look="end-it" big wide isPending={isPending} pendingLabel="Removing…">
					<UserMinus size={18} strokeWidth={1.75} aria-hidden="true" />
					Remove from the {tenancy.word}
				</Button>
				<ButtonLink to={`/practice/team/${member.id}`} look="quiet" wide>
					Keep {member.name}
				</ButtonLink>
			</Form>
		</WayPage>
	);
}
