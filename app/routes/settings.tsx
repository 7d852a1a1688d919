import { Form, useLocation } from '@remix-run/react';
import { LogOut } from 'lucide-react';

import { Button, ButtonLink } from '../components/button';
import { EmptyState } from '../components/empty-state';
import { Page } from '../components/page';
import { Segment } from '../components/segment';
import { useShell } from '../shell';
import { titled } from '../title';

export const meta = titled('Settings');

export default function Settings() {
	const { session, mode } = useShell();
	const { pathname } = useLocation();
	return (
		<Page width="narrow">
			<h1>Settings</h1>
			<section className="part">
				<h2>Colours</h2>
				<Form method="post" action="/mode" className="row" preventScrollReset>
					<input type="hidden" name="next" value={pathname} />
					<Segment
						name="mode"
						legend="Colours"
						defaultValue={mode}
						options={[
							{ value: 'system', label: 'Like the system' },
							{ value: 'light', label: 'Light' },
							{ value: 'dark', label: 'Dark' },
						]}
					/>
					<Button look="line">Use these colours</Button>
				</Form>
			</section>
			{session.signedIn ? (
				<>
					<section className="part">
						<h2>Account</h2>
						<dl className="pairs">
							<div>
								<dt>Name</dt>
								<dd>{session.user.name}</dd>
							</div>
							<div>
								<dt>E-mail</dt>
								<dd>{session.user.email}</dd>
							</div>
						</dl>
					</section>
					<section className="part">
						<h2>Sessions</h2>
						<p className="soft">
							Signing out everywhere ends every session of {session.user.email}, this one too. It works at once.
						</p>
						<div className="row">
							<Form method="post" action="/sign-out">
								<Button look="line">
									<LogOut size={18} strokeWidth={1.75} aria-hidden="true" />
									Sign out here
								</Button>
							</Form>
							<Form method="post" action="/sign-out">
								<input type="hidden" name="everywhere" value="yes" />
								<Button look="end-it">Sign out everywhere</Button>
							</Form>
						</div>
					</section>
				</>
			) : (
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
						Account and sessions appear here after you sign in.
					</EmptyState>
				</section>
			)}
		</Page>
	);
}
