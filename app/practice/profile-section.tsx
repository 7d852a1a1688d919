import { Form, useNavigation } from '@remix-run/react';
import type { ReactNode } from 'react';

import { ACCOUNT_NAME_LENGTH_MAX } from '../auth/new-account';
import { Button } from '../components/button';
import { Field, TextField } from '../components/field';
import { Notice } from '../components/notice';
import type { Errors } from '../form';
import { useStudio } from '../shell';
import type { Profile, ProfileField } from './profile-form';

export function ProfileForm({ profile, errors }: { profile: Profile; errors: Errors<ProfileField> | undefined }) {
	const { tenancy } = useStudio();
	const isPending = useNavigation().formData?.get('intent') === 'profile';
	const isAlone = tenancy.kind === 'personal';
	return (
		<section className="part">
			<h2>Profile</h2>
			<p className="soft">
				Everything but the name may stay empty.{' '}
				{isAlone ? 'Nobody else sees it.' : `Everybody in the ${tenancy.word} sees it.`}
			</p>
			<Form method="post" action="/practice?index" className="form" noValidate={errors !== undefined}>
				<input type="hidden" name="intent" value="profile" />
				{errors?.form !== undefined && <Notice kind="stop" title={errors.form} isAlert />}
				<Field
					label="Name"
					name="name"
					autoComplete="organization"
					required
					maxLength={ACCOUNT_NAME_LENGTH_MAX}
					defaultValue={profile.name}
					error={errors?.name}
				/>
				<div className="pair">
					<Field
						label="Phone"
						name="phone"
						type="tel"
						autoComplete="tel"
						maxLength={40}
						defaultValue={profile.phone}
						error={errors?.phone}
					/>
					<Field
						label="Website"
						name="website"
						inputMode="url"
						autoComplete="url"
						autoCapitalize="none"
						spellCheck={false}
						maxLength={200}
						defaultValue={profile.website}
						error={errors?.website}
					/>
				</div>
				<TextField
					label="Address"
					name="address"
					rows={3}
					autoComplete="street-address"
					maxLength={300}
					defaultValue={profile.address}
					error={errors?.address}
				/>
				<div className="row">
					<Button look="main" fill isPending={isPending} pendingLabel="Saving…">
						Save profile
					</Button>
				</div>
			</Form>
		</section>
	);
}

/** The same to read, for who may not change it, with the reason. */
export function ProfileFacts({ profile, ownerName }: { profile: Profile; ownerName: string | null }) {
	return (
		<section className="part">
			<h2>Profile</h2>
			<p className="soft">
				Only the owner changes name, profile and logo{ownerName === null ? '' : `: ask ${ownerName}`}.
			</p>
			<dl className="pairs">
				<Fact term="Name">{profile.name}</Fact>
				<Fact term="Phone">{profile.phone}</Fact>
				<Fact term="Website">
					{profile.website !== '' && (
						<a href={profile.website} rel="noreferrer nofollow">
							{profile.website}
						</a>
					)}
				</Fact>
				<Fact term="Address">{profile.address}</Fact>
			</dl>
		</section>
	);
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
	return (
		<div>
			<dt>{term}</dt>
			<dd className="lines">
				{children === '' || children === false ? <span className="muted">Not given</span> : children}
			</dd>
		</div>
	);
}
