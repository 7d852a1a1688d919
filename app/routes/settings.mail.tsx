import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';

import { MAIL_CHOICES } from '../../studios/mail-choices';
import { apiFor, refusalOrAway } from '../api';
import { Button } from '../components/button';
import { Choice } from '../components/choice';
import { Notice } from '../components/notice';
import { Toast } from '../components/toast';
import { isTicked } from '../form';
import { MailProblem } from '../settings/mail-problem';
import { readMail } from '../settings/read-mail';
import { titled } from '../title';

export const meta = titled('Mail');

interface Answered {
	readonly done?: string;
	readonly refused?: string;
}

export function loader({ request, context }: LoaderFunctionArgs) {
	return readMail(context, request);
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const json = {
		product_updates: isTicked(form, 'product_updates'),
		announcements: isTicked(form, 'announcements'),
	};
	const answer = await apiFor(context, request).v1.me.mail.$put({ json });
	if (!answer.ok) return data<Answered>({ refused: (await refusalOrAway(answer, request)).message }, answer.status);
	const { wants } = await answer.json();
	return data<Answered>({ done: `${wordsOf(wants)} This counts from the next mail on.` });
}

function wordsOf(wants: { product_updates: boolean; announcements: boolean }): string {
	const { product_updates: updates, announcements } = MAIL_CHOICES.classes;
	if (wants.product_updates && wants.announcements)
		return `${updates.title} and ${announcements.title.toLowerCase()} are on.`;
	if (wants.product_updates) return `${updates.title} are on, ${announcements.title.toLowerCase()} are off.`;
	if (wants.announcements) return `${announcements.title} are on, ${updates.title.toLowerCase()} are off.`;
	return `${updates.title} and ${announcements.title.toLowerCase()} are off.`;
}

export default function MailSettings() {
	const mail = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const [search] = useSearchParams();
	return (
		<>
			{answer === undefined && search.get('done') === 'arrives' && <Toast>Mail goes to {mail.email} again.</Toast>}
			{answer?.done !== undefined && <Toast key={answer.done}>{answer.done}</Toast>}
			{mail.problem !== null && (
				<section className="part">
					<MailProblem problem={mail.problem} email={mail.email} />
				</section>
			)}
			<Wanted wants={mail.wants} refused={answer?.refused} />
			<Always />
		</>
	);
}

const CLASSES = ['product_updates', 'announcements'] as const;

function Wanted({
	wants,
	refused,
}: {
	wants: Readonly<Record<(typeof CLASSES)[number], boolean>>;
	refused: string | undefined;
}) {
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<section className="part">
			<h2>Mail you can do without</h2>
			<p className="soft">Off until you switch it on. Each such mail has a link that stops it, too.</p>
			<Form method="post" action="/settings/mail" className="stack">
				{refused !== undefined && <Notice kind="stop" title={refused} isAlert />}
				{CLASSES.map((name) => (
					<Choice key={name} type="checkbox" name={name} value="yes" defaultChecked={wants[name]}>
						<b>{MAIL_CHOICES.classes[name].title}</b>
						<br />
						<span className="soft">{MAIL_CHOICES.classes[name].what}</span>
					</Choice>
				))}
				<Button look="main" isPending={isPending} pendingLabel="Saving…">
					Save mail settings
				</Button>
			</Form>
		</section>
	);
}

function Always() {
	return (
		<section className="part">
			<h2>What always comes, and why</h2>
			<ul className="rows">
				{MAIL_CHOICES.always.map(({ title, why }) => (
					<li key={title}>
						<div>
							<b>{title}</b>
							<span className="small muted">{why}</span>
						</div>
					</li>
				))}
			</ul>
		</section>
	);
}
