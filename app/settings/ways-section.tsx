import { Mail, RectangleEllipsis } from 'lucide-react';
import type { ReactNode } from 'react';

import type { SignInWay } from '../../studios/studio';
import { isProvider, ProviderMark, PROVIDERS } from '../auth/provider-mark';
import { ButtonLink } from '../components/button';
import { ConfirmForm } from '../components/confirm-form';
import { Time } from '../components/time';
import type { Me } from './read-me';
import { isLastWayIn } from './last-way';

interface WaysSectionProps {
	readonly me: Me;
	readonly offered: readonly SignInWay[];
}

/** How the person signs in, besides passkeys: what is set up, and what could be. */
export function WaysSection({ me, offered }: WaysSectionProps) {
	const linked = me.ways.filter(({ way }) => isProvider(way));
	const open = offered.filter(isProvider).filter((provider) => !linked.some(({ way }) => way === provider));
	const password = me.ways.find(({ way }) => way === 'password');
	return (
		<section className="part">
			<h2>Ways to sign in</h2>
			<ul className="rows">
				<Way
					icon={<RectangleEllipsis size={18} strokeWidth={1.75} aria-hidden="true" />}
					name="Password"
					note={
						password === undefined ? (
							'None is set'
						) : (
							<>
								Set <Time at={password.linkedAt} as="on-day" />
							</>
						)
					}
				>
					<ButtonLink to="/settings/password" look="line">
						{me.hasPassword ? 'Change password' : 'Set a password'}
					</ButtonLink>
				</Way>
				{offered.includes('code') && (
					<Way
						icon={<Mail size={18} strokeWidth={1.75} aria-hidden="true" />}
						name="Code by mail"
						note={<span className="address">{me.email}</span>}
					>
						<span className="soft">Always there</span>
					</Way>
				)}
				{linked.map((way) => (
					<LinkedWay key={way.id} way={way} isLast={isLastWayIn(me, offered)} />
				))}
				{open.map((provider) => (
					<Way
						key={provider}
						icon={<ProviderMark provider={provider} />}
						name={PROVIDERS[provider].name}
						note="Not linked"
					>
						<form method="post" action="/settings/link">
							<button type="submit" name="provider" value={provider} className="btn line">
								Link<span className="vh"> {PROVIDERS[provider].name}</span>
							</button>
						</form>
					</Way>
				))}
			</ul>
		</section>
	);
}

function LinkedWay({ way: { id, way, linkedAt }, isLast }: { way: Me['ways'][number]; isLast: boolean }) {
	if (!isProvider(way)) return null;
	const { name } = PROVIDERS[way];
	return (
		<Way
			icon={<ProviderMark provider={way} />}
			name={name}
			note={
				<>
					Linked <Time at={linkedAt} as="on-day" />
				</>
			}
		>
			{isLast ? (
				<span className="small muted">Your only way in. Add another before you unlink it.</span>
			) : (
				<ConfirmForm
					fields={{ intent: 'unlink', id }}
					label={`Unlink ${name}`}
					pendingLabel="Unlinking…"
					look="quiet"
					question={`Unlink ${name}?`}
					consequence={`You cannot sign in with ${name} any more. Your other ways stay, and you can link it again.`}
				/>
			)}
		</Way>
	);
}

interface WayProps {
	readonly icon: ReactNode;
	readonly name: string;
	readonly note: ReactNode;
	readonly children: ReactNode;
}

function Way({ icon, name, note, children }: WayProps) {
	return (
		<li>
			<div>
				<b className="with-icon">
					{icon}
					{name}
				</b>
				<span className="small muted">{note}</span>
			</div>
			{children}
		</li>
	);
}
