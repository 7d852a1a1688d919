import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { DoorOpen } from 'lucide-react';

import { STUDIOS } from '../../studios/all';
import { isAllowed } from '../../studios/roles';
import { apiFor, refusalOrAway, turnedAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button, ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { textOf } from '../form';
import type { LoadContext } from '../load-context';
import { LeavingFacts } from '../practice/leaving-facts';
import { requireTeam } from '../practice/require-team';
import { practiceStyles } from '../practice/styles';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Leave');
export const links = practiceStyles;

interface Failed {
	readonly refused: string;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireTeam(context);
	const api = apiFor(context, request);
	const [account, members] = await Promise.all([api.v1.account.$get(), api.v1.members.$get()]);
	if (!account.ok) throw await turnedAway(account, request);
	if (!members.ok) throw await turnedAway(members, request);
	const you = (await members.json()).items.find(({ isYou }) => isYou);
	if (you === undefined || you.role === 'owner') throw redirect('/practice/team');
	const { id, name } = await account.json();
	const mayReadKeys = isAllowed(you.role, 'keys:read') && STUDIOS[context.studio].tenancy.hasApiKeys;
	return { id, name, keys: mayReadKeys ? await ownLiveKeys(context, request, you.id) : null };
}

async function ownLiveKeys(context: LoadContext, request: Request, id: string): Promise<number> {
	const answer = await apiFor(context, request).v1.keys.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	return (await answer.json()).items.filter(({ maker, state }) => maker.id === id && state === 'live').length;
}

export async function action({ request, context }: ActionFunctionArgs) {
	const id = textOf(await request.formData(), 'id');
	const answer = await apiFor(context, request).v1.accounts[':id'].leave.$post({ param: { id } });
	if (answer.ok) return redirect('/accounts');
	return data<Failed>({ refused: (await refusalOrAway(answer, request)).message }, answer.status);
}

export default function LeavePage() {
	const { id, name, keys } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	const { tenancy } = useStudio();
	return (
		<WayPage title={`Leave ${name}?`} aside={<LeavingFacts who={null} keys={keys} hasMail={false} />}>
			<Form method="post">
				<input type="hidden" name="id" value={id} />
				{answer !== undefined && <Notice kind="stop" title={answer.refused} isAlert />}
				<Button look="end-it" big wide isPending={isPending} pendingLabel="Leaving…">
					<DoorOpen size={18} strokeWidth={1.75} aria-hidden="true" />
					Leave the {tenancy.word}
				</Button>
				<ButtonLink to="/practice/team" look="quiet" wide>
					Stay
				</ButtonLink>
			</Form>
		</WayPage>
	);
}
