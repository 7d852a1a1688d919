import { data, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/cloudflare';
import { useActionData, useLoaderData } from '@remix-run/react';

import { STUDIOS } from '../../studios/all';
import { JURISDICTIONS } from '../../studios/publish-rules';
import { isAllowed } from '../../studios/roles';
import { apiFor, refusalOrAway, turnedAway } from '../api';
import { Toast } from '../components/toast';
import { errorsOfRefusal, textOf, type Errors } from '../form';
import type { LoadContext } from '../load-context';
import { LogoSection } from '../practice/logo-section';
import { PartFailure } from '../practice/part-failure';
import {
	PROFILE_FIELDS,
	profileErrors,
	profileIn,
	profileOrder,
	type Profile,
	type ProfileField,
} from '../practice/profile-form';
import { ProfileFacts, ProfileForm } from '../practice/profile-section';
import { PlaceSection } from '../share/place-section';
import { useShell } from '../shell';
import { titled } from '../title';

export const meta: MetaFunction = titled('Profile');
export const ErrorBoundary = PartFailure;

interface Answered {
	readonly done?: string;
	readonly errors?: Errors<ProfileField | 'logo' | 'jurisdiction'>;
	readonly typed?: Profile;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	const api = apiFor(context, request);
	const [account, members] = await Promise.all([api.v1.account.$get(), api.v1.members.$get()]);
	if (!account.ok) throw await turnedAway(account, request);
	if (!members.ok) throw await turnedAway(members, request);
	const { name, phone, website, address, logoUrl, jurisdiction, isJurisdictionChosen } = await account.json();
	const { items } = await members.json();
	const profile: Profile = { name, phone: phone ?? '', website: website ?? '', address: address ?? '' };
	const place = { jurisdiction, isChosen: isJurisdictionChosen };
	return { profile, logoUrl, place, ownerName: items.find(({ role }) => role === 'owner')?.name ?? null };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	switch (textOf(form, 'intent')) {
		case 'jurisdiction':
			return changePlace(context, request, textOf(form, 'jurisdiction'));
		case 'logo':
			return changeLogo(context, request, textOf(form, 'uploadId'));
		case 'remove-logo':
			return changeLogo(context, request, null);
		default:
			return saveProfile(context, request, form);
	}
}

async function saveProfile(context: LoadContext, request: Request, form: FormData) {
	const typed = profileIn(form);
	const wrong = profileErrors(typed, STUDIOS[context.studio].tenancy.word);
	if (wrong !== null) return data<Answered>({ errors: wrong, typed }, 400);
	const answer = await apiFor(context, request).v1.account.$patch({ json: profileOrder(typed) });
	if (answer.ok) return data<Answered>({ done: 'Profile saved.' });
	const refusal = await refusalOrAway(answer, request);
	return data<Answered>({ errors: errorsOfRefusal(refusal, PROFILE_FIELDS), typed }, answer.status);
}

async function changeLogo(context: LoadContext, request: Request, uploadId: string | null) {
	const { logo } = apiFor(context, request).v1.account;
	const answer = uploadId === null ? await logo.$delete() : await logo.$put({ json: { uploadId } });
	if (answer.ok) return data<Answered>({ done: uploadId === null ? 'Logo removed.' : 'Logo saved.' });
	return data<Answered>({ errors: { logo: (await refusalOrAway(answer, request)).message } }, answer.status);
}

async function changePlace(context: LoadContext, request: Request, chosen: string) {
	const jurisdiction = JURISDICTIONS.find((known) => known === chosen);
	if (jurisdiction === undefined) {
		return data<Answered>({ errors: { jurisdiction: 'Choose where you advertise.' } }, 400);
	}
	const answer = await apiFor(context, request).v1.account.jurisdiction.$put({ json: { jurisdiction } });
	if (answer.ok) return data<Answered>({ done: 'Place saved.' });
	return data<Answered>({ errors: { jurisdiction: (await refusalOrAway(answer, request)).message } }, answer.status);
}

export default function ProfilePage() {
	const { profile, logoUrl, place, ownerName } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { session } = useShell();
	const role = session.signedIn ? session.account?.role : undefined;
	const mayChange = role !== undefined && isAllowed(role, 'account:write');
	return (
		<>
			<LogoSection name={profile.name} logoUrl={logoUrl} mayChange={mayChange} refusal={answer?.errors?.logo} />
			{mayChange ? (
				<ProfileForm
					// What is stored now, when it was saved with a change of its own such as a website's beginning.
					key={JSON.stringify(profile)}
					profile={answer?.typed ?? profile}
					errors={answer?.errors}
				/>
			) : (
				<ProfileFacts profile={profile} ownerName={ownerName} />
			)}
			<PlaceSection {...place} mayChange={mayChange} error={answer?.errors?.jurisdiction} />
			{answer?.done !== undefined && <Toast key={answer.done}>{answer.done}</Toast>}
		</>
	);
}
